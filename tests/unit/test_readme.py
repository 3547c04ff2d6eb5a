"""The README has the two commands and answers on its first screen; the evidence is of today."""

import re
import tomllib
from pathlib import Path

from radsim import CLAIMS
from radsim.runs.verify import routes

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
EVIDENCE = (ROOT / "docs" / "evidence.md").read_text()
SCREEN = "\n".join(README.splitlines()[:45])


def test_commands_stand_on_their_own_lines():
    lines = README.splitlines()
    assert "pip install -e . && radsim verify" in lines
    assert 'pip install -e ".[dev]" && pytest -n auto' in lines


def test_the_first_screen_says_what_for_whom_how_what_comes_out_and_how_long():
    for words in (
        "radsim chooses the points to ask about",  # what
        "- **whoever has",  # for whom
        "git clone",
        "pip install -e .",  # how
        "$ radsim solve",
        "guaranteed value",  # what comes out
        "picked rows, from 0:",
        "Half a second",  # how long
        "margin sampling) earns more",  # and when not
    ):
        assert words in SCREEN, words


def test_gain_is_explained_before_what_rests_on_it():
    explained = README.index("The **gain** of a point is")
    for words in ("water level", "shaved", "guaranteed value"):
        assert README.index(words) > explained, words


def test_extras_that_are_named_are_there():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    named = {name for found in re.findall(r"\.\[([a-z,]+)\]", README) for name in found.split(",")}
    assert named and named <= set(extras)
    everything = str(extras["dev"])
    assert all(name in everything for name in ("plots", "files", "report", "testing"))


def test_evidence_table_is_that_of_the_claims_and_routes():
    block = EVIDENCE.split("<!-- evidence:begin -->")[1].split("<!-- evidence:end -->")[0]
    rows = {line.split("|")[1].strip(): line for line in block.splitlines() if line.startswith("|")}
    assert block.startswith("\n150 random instances, seed 0, ")
    for claim in CLAIMS.values():
        cells = [cell.strip() for cell in rows[claim.id].split(" | ")]
        _, statement, kind, violated, holds, inconclusive, other, _ = cells
        assert (statement, kind, violated, inconclusive) == (claim.statement, claim.kind, "0", "0")
        assert int(holds) > 0 and int(holds) + int(other) == 150
    again = "write it anew: radsim verify --readme docs/evidence.md"
    assert set(routes()) <= set(rows), again
    assert f"`{len(CLAIMS)} claims hold, 0 violated; " in README
