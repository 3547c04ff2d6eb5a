"""What starting radsim costs beside `import numpy`, as ratios of medians; the programs take turns.

`python -m benchmarks.imports` prints a Markdown table.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = "import sys; from radsim.cli import main; sys.argv[0] = 'radsim'; main()"
# What is started -> arguments of the interpreter, and the most that it may cost.
PROGRAMS: dict[str, tuple[list[str], float]] = {
    "import numpy": (["-c", "import numpy"], 1.0),
    "import radsim": (["-c", "import radsim"], 1.3),
    "solve(Game(...))": (
        ["-c", "from radsim import Game, solve; solve(Game([1, .5, .25], mistakes=1))"],
        1.6,
    ),
    "radsim --help": (["-c", COMMAND, "--help"], 3.0),
    "radsim --version": (["-c", COMMAND, "--version"], 3.0),
    "radsim solve": (["-c", COMMAND, "solve", "gains.csv", "--mistakes=25%", "--budget=3"], 5.0),
}
GAINS = "gain\n0.92\n0.85\n0.85\n0.61\n0.40\n0.33\n0.12\n0.05\n"


def took(arguments: list[str], folder: Path) -> float:
    """Seconds from the start of an interpreter to its end."""
    root = str(Path(__file__).parents[1])
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=9)
    repeats = parser.parse_args().repeats
    seconds: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "gains.csv").write_text(GAINS)
        for turn in range(repeats + 1):
            for name, (arguments, _) in PROGRAMS.items():
                found = took(arguments, folder)
                if turn:  # the first one fills the caches of files and of bytecode
                    seconds[name].append(found)
    unit = statistics.median(seconds["import numpy"])
    print(f"medians of {repeats} turns\n\n| program | ms | / import numpy | at most |")
    print("|---|---|---|---|")
    for name, (_, most) in PROGRAMS.items():
        median = statistics.median(seconds[name])
        print(f"| `{name}` | {1e3 * median:.0f} | {median / unit:.2f} | {most:g} |")


if __name__ == "__main__":
    main()
