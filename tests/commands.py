"""The command line as tests call it."""

import subprocess
import sys

from typer.testing import CliRunner

from radsim.cli import app


def start(arguments, folder, **options):
    """A command in a process of its own."""
    command = [sys.executable, "-m", "radsim.cli", *map(str, arguments)]
    kept = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.run(command, cwd=folder, text=True, check=False, **kept)


def call(*arguments, text=""):
    """A command in this process: its exit code and what it printed."""
    return CliRunner().invoke(app, list(map(str, arguments)), input=text)
