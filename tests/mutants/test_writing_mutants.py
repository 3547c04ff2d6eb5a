"""Every wrong writer is caught by a check of `tests/writers.py`, and every check catches one."""

import pytest
from writers import CHECKS, MUTANTS, RIGHT


def caught(write, folder):
    """Checks that a writer fails, each in a folder of its own."""
    found = set()
    for name, check in CHECKS.items():
        place = folder / name
        place.mkdir()
        try:
            check(write, place)
        except (AssertionError, OSError):
            found.add(name)
    return found


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_writer_is_caught(name, tmp_path):
    assert caught(MUTANTS[name], tmp_path)


def test_a_right_writer_is_not(tmp_path):
    assert not caught(RIGHT, tmp_path)


def test_every_check_catches_one(tmp_path):
    found = set()
    for name, write in MUTANTS.items():
        (tmp_path / name).mkdir()
        found |= caught(write, tmp_path / name)
    assert found == set(CHECKS)
