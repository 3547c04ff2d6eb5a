"""The blocks of the how-to pages on files are run, in order, and print what stands there.

`...` stands for anything, as in a doctest.
"""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from commands import call

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
    parts = [re.fullmatch(r"(.*?)(?: \| head -(\d+))?", part) for part in command.split(" && ")]
    if all(re.match(r"radsim (?!.*[|>])|head ", part[1]) for part in parts):
        return "".join(_in_this_process(part[1], part[2]) for part in parts)
    radsim = f'radsim() {{ "{sys.executable}" -m radsim.cli "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", radsim + command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def _in_this_process(command, lines):
    """The same of radsim, faster; what it says on standard error comes first."""
    name, *arguments = shlex.split(command)
    if name == "head":
        return "".join(Path(arguments[1]).read_text().splitlines(True)[: -int(arguments[0])])
    done = call(*arguments)
    return done.stderr + "".join(done.stdout.splitlines(True)[: lines and int(lines)])


def differs(printed, expected):
    """Whether a text is another one than was expected, blanks at the ends of lines apart."""
    texts = (
        "\n".join(line.rstrip() for line in x.splitlines()) + "\n" for x in (expected, printed)
    )
    return not doctest.OutputChecker().check_output(*texts, RULES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_prints_what_stands_on_it(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
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
