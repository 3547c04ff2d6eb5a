"""Objects of somebody's own by their address: what is found, and what is refused."""

import os

import pytest

from radsim.addresses import loaded

OWN = """
from beside import factor
def twice(x):
    from beside import late
    return factor * late(x)
"""


@pytest.mark.parametrize("folder", ["plain", "my [final] run", "a:b", "café"])
def test_a_file_finds_its_neighbours_when_it_is_run_and_when_it_is_called(folder, tmp_path):
    place = tmp_path / folder
    place.mkdir()
    (place / "own.py").write_text(OWN.replace("beside", f"beside_{len(folder)}"))
    (place / f"beside_{len(folder)}.py").write_text("factor = 2\nlate = abs\n")
    assert loaded(f"{place}/own.py:twice", "--solver")(-3) == 6


def test_what_is_no_file_is_refused_and_nobody_waits(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "latin.py").write_bytes(b"x = '\xe9'\n")
    for name, words in (
        ("pipe", "no regular file"),
        ("folder", "no regular file"),
        ("latin", "SyntaxError"),
    ):
        with pytest.raises(ValueError, match=rf"--solver \S*{name}\.py: .*{words}") as found:
            loaded(f"{tmp_path}/{name}.py:x", "--solver")
        assert "\n" not in str(found.value)
