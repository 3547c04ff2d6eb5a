"""Every identity cancels to zero; every planted error leaves a difference at its witness."""

from __future__ import annotations

import pytest

from proofs_checks.symbolic import CHECKS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.claim)
def test_cancels(check, run_once):
    assert "cancel to 0" in run_once(check)


PLANTED = [(check, name) for check in CHECKS for name in check.planted]


@pytest.mark.parametrize("check, name", PLANTED, ids=lambda x: getattr(x, "claim", x))
def test_planted_error_is_off(check, name):
    found = check.planted[name]()
    assert "off by" in found
    print(f"{check.claim}, {name}: {found}")


def test_every_row_has_a_planted_error():
    assert all(check.planted for check in CHECKS)
