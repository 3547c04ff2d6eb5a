"""What `radsim solve` takes for a file: seconds and peak resident memory, beside plain readers.

`python -m benchmarks.solving_files 1e7` prints a Markdown table; each row is a process of its own.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

FORMATS = ("npy", "parquet", "csv")
READERS = {
    "npy": "import numpy; numpy.load({!r})",
    "parquet": "import pandas; pandas.read_parquet({!r})",
    "csv": "import pandas; pandas.read_csv({!r})",
}
PICTURE = (
    "import sys, time, numpy as np\n"
    "from radsim import Game, solve\n"
    "from radsim.plots import PICTURES, water_level_plot\n"
    "name, n, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]\n"
    "game = Game(np.random.default_rng(0).random(n), n // 10)\n"
    "start = time.perf_counter()\n"
    "water_level_plot(solve(game), path) if name == 'level' else PICTURES[name](game, path)\n"
    "print(time.perf_counter() - start)\n"
)
PICTURES = ("level", "budget", "wrong_mistakes", "wrong_gains", "objectives", "trade_off")


# A child starts with its parent's peak, so a small process starts it.
MEASURE = (
    "import resource, subprocess, sys, time\n"
    "start = time.perf_counter()\n"
    "run = subprocess.run([sys.executable, *sys.argv[1:]], capture_output=True, text=True)\n"
    "took = time.perf_counter() - start\n"
    "sys.stdout.write(run.stdout + run.stderr)\n"
    "print()\n"
    "print(took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)\n"
    "sys.exit(run.returncode)\n"
)


def _child(*command: str) -> tuple[float, float, str]:
    """Seconds, peak resident memory in MiB and output of a process."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, *command], capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise SystemExit(run.stdout + run.stderr)
    text, _, last = run.stdout.rstrip().rpartition("\n")
    took, peak = map(float, last.split())
    return took, peak, text


def _write(path: Path, n: int, dtype: str) -> None:
    """Gains in (0, 1), a million at a time."""
    rng = np.random.default_rng(0)
    blocks = (rng.random(min(1 << 20, n - start)).astype(dtype) for start in range(0, n, 1 << 20))
    if path.suffix == ".npy":
        gains = np.lib.format.open_memmap(path, "w+", dtype, (n,))
        for k, block in enumerate(blocks):
            gains[k << 20 : (k << 20) + len(block)] = block
    elif path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as parquet

        schema = pa.schema([("gain", pa.from_numpy_dtype(np.dtype(dtype)))])
        with parquet.ParquetWriter(path, schema) as writer:
            for block in blocks:
                writer.write_table(pa.table({"gain": block}, schema))
    else:
        with path.open("w") as file:
            file.write("gain\n")
            for block in blocks:
                file.writelines(f"{x!r}\n" for x in block.tolist())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=float)
    parser.add_argument("--budget", type=float, default=1e4)
    parser.add_argument("--dtype", default="float64")
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--pictures", type=float, default=0, help="Points of the pictures.")
    given = parser.parse_args()
    n = int(given.n)
    print("| command | seconds | peak MiB |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for suffix in given.formats.split(","):
            path, out = Path(folder, f"gains.{suffix}"), Path(folder, "picks.csv")
            _write(path, n, given.dtype)
            reader = READERS[suffix].format(str(path))
            rules = ["--mistakes", "10%", "--budget", f"{given.budget:.0f}", "--out", str(out)]
            for name, command in (
                (reader.split("; ")[1].split("(")[0], ["-c", reader]),
                (f"radsim solve, {n:,} points", ["-m", "radsim.cli", "solve", str(path), *rules]),
            ):
                took, peak, _ = _child(*command)
                print(f"| {suffix}: {name} | {took:.2f} | {peak:.0f} |", flush=True)
            path.unlink()
        for name in PICTURES if given.pictures else ():
            picture = str(Path(folder, "picture.png"))
            _, peak, text = _child("-c", PICTURE, name, str(int(given.pictures)), picture)
            size = f"{int(given.pictures):,} points"
            print(f"| picture {name}, {size} | {float(text):.2f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
