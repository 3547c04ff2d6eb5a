"""What it costs to read a file: seconds beside NumPy and pandas, and the peak of the memory.

`python -m benchmarks.reading` prints a Markdown table of a pool of 1e6 points; `--n 1e7` asks for
more.  Each reading is a process of its own; seconds are those of the call, without imports.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

# Of this process alone: ru_maxrss of a child is at least what its parent held.
PEAK = "int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]) / 1024"
CALL = """
import json, time
{setup}
started = time.perf_counter()
{call}
print(json.dumps([time.perf_counter() - started, {peak}]))
"""
RADSIM = (
    "from radsim.data.files import read\nimport numpy, pandas, pyarrow.csv, pyarrow.parquet",
    "found = read({path!r})",
)
PEERS = {
    "npy": ("import numpy", "numpy.load({path!r})"),
    "parquet": ("import pandas, pyarrow.parquet", "pandas.read_parquet({path!r})"),
    "csv": ("import pandas", "pandas.read_csv({path!r})"),
}


def _measured(setup: str, call: str, path: Path, repeats: int) -> tuple[float, float]:
    """Least seconds, and most resident memory in MiB."""
    code = CALL.format(setup=setup, call=call.format(path=str(path)), peak=PEAK)
    runs = [
        json.loads(
            subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
        )
        for _ in range(repeats)
    ]
    return min(seconds for seconds, _ in runs), max(peak for _, peak in runs)


def _files(folder: Path, n: int, wide: int) -> dict[str, Path]:
    rng = np.random.default_rng(0)
    gains = pd.DataFrame({"gain": rng.random(n)})
    ids = gains.assign(name=[f"train/{k}.jpg" for k in range(n)])
    tables = np.full((1000, wide), 1 / wide)
    found = {name: folder / name for name in ("gains.npy", "gains.parquet", "gains.csv")}
    np.save(found["gains.npy"], gains["gain"])
    gains.to_parquet(found["gains.parquet"])
    gains.to_csv(found["gains.csv"], index=False)
    for name in ("gains.csv.gz", "names.csv", "classes.npy", "classes.csv"):
        found[name] = folder / name
    gains.to_csv(
        found["gains.csv.gz"], index=False, compression={"method": "gzip", "compresslevel": 1}
    )
    ids.to_csv(found["names.csv"], index=False)
    np.save(found["classes.npy"], tables)
    pd.DataFrame(tables).to_csv(found["classes.csv"], index=False)
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=float, default=1e6)
    parser.add_argument("--classes", type=float, default=2e3)
    parser.add_argument("--repeats", type=int, default=2)
    given = parser.parse_args()
    print("| file | size, MB | peer, s | radsim, s | ratio | peer, MiB | radsim, MiB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        for name, path in _files(Path(place), int(given.n), int(given.classes)).items():
            kind = name.removesuffix(".gz").rpartition(".")[2]
            theirs, most = _measured(*PEERS[kind], path, given.repeats)
            ours, peak = _measured(*RADSIM, path, given.repeats)
            print(
                f"| {name} | {path.stat().st_size / 1e6:.0f} | {theirs:.3f} | {ours:.3f} | "
                f"{ours / theirs:.1f} | {most:.0f} | {peak:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
