"""Start a command in a session of its own, disturb it, and see what it leaves.

Whatever descends from it is found by a mark in its environment, read from /proc, so a process that
left its parent and its group is found too.
"""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from uuid import uuid4

from chaos.outcomes import Outcome

# Seconds: for what is left to go, and for a disturbed process to end.
GRACE, LIMIT = 5.0, 120.0
MARK = "RADSIM_CHAOS_MARK"


def run(command, folder, *, environment=None, disturb=None, limit=LIMIT):
    """Run a command; `disturb` is called with its Popen and its mark, beside it."""
    mark = uuid4().hex
    # A value of None takes a variable away.
    changed = os.environ | {"PYTHONWARNINGS": "ignore", MARK: mark} | (environment or {})
    process = subprocess.Popen(
        list(map(str, command)),
        cwd=folder,
        env={name: value for name, value in changed.items() if value is not None},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    caught = {"out": b"", "err": b""}
    readers = [
        threading.Thread(target=_drain, args=(pipe, caught, name), daemon=True)
        for name, pipe in (("out", process.stdout), ("err", process.stderr))
    ]
    for reader in readers:
        reader.start()
    if disturb is not None:
        disturb(process, mark)
    try:
        code = process.wait(limit)
    except subprocess.TimeoutExpired:
        code = None
        process.kill()
        process.wait()
    until = time.monotonic() + GRACE
    left = marked(mark)
    while left and time.monotonic() < until:
        time.sleep(0.05)
        left = marked(mark)
    for reader in readers:
        reader.join(max(0.1, until - time.monotonic()))
    held = any(reader.is_alive() for reader in readers)
    for pid in left:
        _end(pid)
    words = {name: content.decode(errors="replace") for name, content in caught.items()}
    return Outcome(code, words["out"], words["err"], tuple(left.values()), held)


def _drain(pipe, caught, name):
    while chunk := os.read(pipe.fileno(), 65536):
        caught[name] += chunk
    pipe.close()


def _end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def marked(mark):
    """Living processes with a mark in their environment: pid -> command line."""
    found = {}
    for place in Path("/proc").iterdir():
        if place.name.isdecimal():
            try:
                # That of a zombie is empty.
                if f"{MARK}={mark}".encode() in (place / "environ").read_bytes():
                    line = (place / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(place.name)] = line.decode(errors="replace")[:200]
            except OSError:  # it ended, or is another user's
                continue
    return found


def workers(mark, parent):
    """Pids of the processes that compute for a parent, of joblib's or of Dask's making."""
    return [
        pid
        for pid, line in marked(mark).items()
        if pid != parent
        and ("popen_loky" in line or "spawn_main" in line)
        and "resource_tracker" not in line
    ]


def signalled(how, after):
    """A disturbance: a signal after some seconds, unless the process has ended by then.

    An interrupt goes to the whole group, as a terminal sends it; the others to the process alone,
    as `timeout`, Docker and schedulers send them.  "WORKER" kills a process that computes for it.
    """

    def disturb(process, mark):
        try:
            process.wait(after)
            return
        except subprocess.TimeoutExpired:
            pass
        if how == "INT":
            os.killpg(process.pid, signal.SIGINT)
        elif how != "WORKER":
            process.send_signal(getattr(signal, f"SIG{how}"))
        else:
            until = time.monotonic() + 10
            while process.poll() is None and time.monotonic() < until:
                if found := workers(mark, process.pid):
                    _end(found[0])
                    return
                time.sleep(0.02)

    return disturb
