"""A command that is told to end, or loses a worker or the disk, says a line and leaves nothing."""

import os
import resource
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

psutil = pytest.importorskip("psutil")

CELLS = ["--instances", "uniform,mixture", "--teachers", "uniform,equilibrium,follows the gain"]
RUN = ["simulate", *CELLS, "--draws", "400", "--repetitions", "0"]
pytestmark = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks into /proc")


def start(out, *arguments, code="from radsim.cli import main; main()", **options):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments), "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def until(happens, process):
    while not (found := happens()):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    return found


def workers(process):
    return [
        child
        for child in psutil.Process(process.pid).children(recursive=True)
        if "popen_loky_posix" in " ".join(child.cmdline())
    ]


def at_work(process, out):
    """Every process below this one, once a worker has delivered a part."""
    until(lambda: list((out / "parts").glob("*.parquet")), process)
    return psutil.Process(process.pid).children(recursive=True)


def ended(process, children):
    """What it said; none of its processes is there after five seconds."""
    told = time.monotonic()
    words = process.communicate(timeout=60)[1]
    _, alive = psutil.wait_procs(children, timeout=max(0.1, told + 5 - time.monotonic()))
    assert not alive
    return words


def again(words):
    """The command that a line says to go on with."""
    return shlex.split(words.split("go on with: ")[1])


def test_terminated_at_work_and_the_line_says_how_it_goes_on(tmp_path):
    out = tmp_path / "run"
    process = start(out, *RUN, "--jobs", 2)
    children = at_work(process, out)
    process.terminate()
    words = ended(process, children)
    assert process.returncode == 143
    assert words == (
        "radsim: interrupted; go on with: "
        + shlex.join(["radsim", *RUN, "--jobs", "2", "--out", str(out), "--resume"])
        + "\n"
    )
    command = [sys.executable, "-m", "radsim.cli", *again(words)[1:]]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert not list(out.rglob(".radsim*"))


def test_killed_at_work(tmp_path):
    out = tmp_path / "run"
    process = start(out, *RUN, "--jobs", 2)
    children = at_work(process, out)
    process.kill()
    assert "Traceback" not in ended(process, children)


def test_control_c_while_workers_start(tmp_path):
    """It reaches all processes of the terminal, those that are importing too."""
    process = start(tmp_path / "run", *RUN, "--jobs", 2)
    children = until(lambda: workers(process), process)
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    words = ended(process, children)
    assert process.returncode == 130
    assert words.startswith("radsim: interrupted")
    assert len(words.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("entry", ["-m", "-c"])
def test_while_modules_are_imported(entry, number, tmp_path):
    given = ["-m", "radsim.cli"] if entry == "-m" else ["-c", "from radsim.cli import main; main()"]
    process = subprocess.Popen(
        [sys.executable, *given, "verify", "--instances", "1", "--jobs", "1"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: "numpy" in Path(f"/proc/{process.pid}/maps").read_text(), process)
    process.send_signal(number)
    assert process.communicate(timeout=20)[1] == "radsim: interrupted\n"
    assert process.returncode == 128 + number


def test_a_worker_that_is_killed(tmp_path):
    out = tmp_path / "run"
    process = start(out, *RUN, "--jobs", 2)
    children = at_work(process, out)
    workers(process)[0].kill()
    words = ended(process, children)
    assert process.returncode == 1
    assert words.startswith("radsim: a worker process was killed, perhaps because memory ran out; ")
    assert again(words)[-1] == "--resume"
    assert len(words.splitlines()) == 1


def test_a_disk_that_is_full(tmp_path):
    """A limit on the size of files stands for it: the manifest fits, a part does not."""
    out = tmp_path / "run"
    small = ["simulate", "--instances", "uniform", "--draws", "20", "--repetitions", "0"]
    process = start(
        out,
        *(*small, "--jobs", 1),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000)),
    )
    words = process.communicate(timeout=100)[1]
    assert process.returncode == 1
    assert words.startswith(f"radsim: --out {out}/parts/000000.parquet: File too large; go on with")
    assert len(words.splitlines()) == 1
    assert not list(out.rglob(".radsim*"))


def test_code_that_does_not_listen_is_ended_all_the_same(tmp_path):
    """C code that runs on, and an exception where Python can only drop it."""
    code = (
        "import hashlib, sys\n"
        "from radsim.cli.signals import ended_in_order, raise_from_here\n"
        "with ended_in_order():\n"
        "    raise_from_here()\n"
        "    print('ready', flush=True)\n"
        "    hashlib.pbkdf2_hmac('sha256', b'', b'', 10**9)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=-1, stderr=-1, text=True)
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.communicate(timeout=20)[1] == "radsim: interrupted\n"
    assert process.returncode == 143
    dropped = code.replace(
        "    hashlib.pbkdf2_hmac('sha256', b'', b'', 10**9)\n",
        "    import time\n"
        "    class Slow:\n"
        "        def __del__(self): time.sleep(60)\n"
        "    Slow()\n"
        "    time.sleep(60)\n",
    )
    process = subprocess.Popen([sys.executable, "-c", dropped], stdout=-1, stderr=-1, text=True)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    process.terminate()
    assert process.communicate(timeout=20)[1] == "radsim: interrupted\n"
    assert process.returncode == 143


def test_what_it_was_started_to_ignore_is_ignored():
    code = (
        "import signal, time\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from radsim.cli.signals import ended_in_order\n"
        "with ended_in_order():\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "    print('still here')\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (found.returncode, found.stdout, found.stderr) == (0, "still here\n", "")
