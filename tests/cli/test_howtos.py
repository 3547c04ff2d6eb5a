"""The blocks of the how-to pages on files are run, in order, and print what stands there.

`...` stands for anything, as in a doctest.
"""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PLACE = Path(__file__).parents[2] / "docs" / "howto"
PAGES = ["solve-a-file", "your-file", "prove-a-pick", "harm-and-mistakes"]
BLOCK = re.compile(r"^```(python|pycon|console)\n(.*?)^```$", re.M | re.S)
RULES = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def commands(block):
    """Commands of a block of the console, each with what it prints."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


def run(command, folder):
    """What a shell prints of a command, on both streams."""
    place = Path(sys.executable).parent
    radsim = f'radsim() {{ "{sys.executable}" -m radsim.cli "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", radsim + command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=os.environ | {"PATH": f"{place}:{os.environ['PATH']}", "COLUMNS": "120"},
    )
    return done.stdout


def differs(printed, expected):
    """Whether a text is another one than was expected, blanks at the ends of lines apart."""
    texts = (
        "\n".join(line.rstrip() for line in x.splitlines()) + "\n" for x in (expected, printed)
    )
    return not doctest.OutputChecker().check_output(*texts, RULES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_prints_what_stands_on_it(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names, wrong, count = {}, [], 0
    for kind, block in BLOCK.findall((PLACE / f"{page}.md").read_text()):
        count += 1
        if kind == "python":
            exec(block, names)
        elif kind == "pycon":
            test = doctest.DocTestParser().get_doctest(block, names, page, None, None)
            runner = doctest.DocTestRunner(optionflags=RULES)
            runner.run(test, out=lambda text: wrong.append(text), clear_globs=False)
            names |= test.globs
        else:
            for command, expected in commands(block):
                printed = run(command, tmp_path)
                if differs(printed, expected):
                    wrong.append(f"$ {command}\n{printed}\n--- not ---\n{expected}")
    assert count > 5
    assert not wrong, "\n".join(wrong)


def test_another_output_is_seen():
    assert differs("picked rows, from 0: 1, 4\n", "picked rows, from 0: 0, 3\n")
    assert not differs("a  b \nc 7\n", "a b\nc ...\n")
