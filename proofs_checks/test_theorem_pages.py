"""Pages of theorems: each is made of games on which what it says is so, and refuses others."""

import copy
import sys
from pathlib import Path

import pytest

from radsim import CLAIMS

CHECKOUT = Path(__file__).parents[1]
sys.path.insert(0, str(CHECKOUT / "docs"))

import blueprint  # noqa: E402 - found by the path above
import living  # noqa: E402 - found by the path above
import statements  # noqa: E402 - found by the path above
import worked  # noqa: E402 - found by the path above

SECTIONS = living.sections((CHECKOUT / "docs" / "theory.md").read_text())
KNOWN = worked.known()


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(living, "N_INSTANCES", 2)
    monkeypatch.setattr(living, "SLOW", {"A4": 1, "S4": 1})


def page(claim, folder):
    return "\n".join(
        living.page(CLAIMS[claim], *SECTIONS[claim], blueprint.standing(CHECKOUT), folder)
    )


def test_every_claim_has_its_section_its_games_and_its_words():
    assert set(SECTIONS) == set(KNOWN) == set(CLAIMS)
    assert set(statements.HYPOTHESES) == set(statements.MET) == set(CLAIMS)
    assert set(statements.REFERENCES) - {""} <= set(CLAIMS)


def test_what_a_chapter_says_first_stands_on_the_page_of_each_of_its_claims():
    assert all(r"E(t) = t" in SECTIONS[claim][1] for claim in ("R1", "R2", "R3"))
    assert "](../../speed.md)" in SECTIONS["V2"][1]


@pytest.mark.parametrize("claim", CLAIMS)
def test_page_shows_both_numbers_and_the_statement(claim, tmp_path):
    text = page(claim, tmp_path)
    assert (tmp_path / f"{claim}.svg").exists()
    assert "**VIOLATED**" in text and "A planted error" in text
    assert 'class="live"' in text or "None. On none of the" in text
    assert f"Definition {claim}" in text or "_statement : Prop" in text


@pytest.mark.parametrize(
    ("claim", "part", "says"),
    [
        ("V3a", ("tight",), "nothing is met"),  # b lam lies above the value where a cap binds
        ("V1", ("without", statements.SINGLE), "stands without"),
        ("V1", ("planted",), "is not refuted"),
    ],
)
def test_a_game_on_which_it_is_not_so_is_refused(claim, part, says, tmp_path, monkeypatch):
    wrong = copy.deepcopy(KNOWN)
    entry = wrong[claim]
    for key in part:
        entry = entry[key]
    if claim == "V3a":
        entry.update(gains=["3", "1"], harms=["0", "0"], mistakes="0", budget="2")
    else:  # one point, no mistakes: the claim and its neighbours say the same
        entry.update(gains=["1"], harms=["1"], mistakes="0", budget="1", capped=True)
    monkeypatch.setattr(worked, "known", lambda: wrong)
    with pytest.raises(ValueError, match=says):
        page(claim, tmp_path)


def test_hypotheses_that_are_not_those_of_the_claim_are_refused(tmp_path, monkeypatch):
    monkeypatch.setitem(statements.HYPOTHESES, "V1", (statements.SINGLE,))
    with pytest.raises(ValueError, match="V1: its hypotheses are not those of"):
        page("V1", tmp_path)


def test_a_claim_that_does_not_hold_has_no_page(tmp_path, monkeypatch):
    false = worked.changed(CLAIMS["V2"], lambda item: item._replace(bound=1.05 * item.bound + 1))
    monkeypatch.setitem(CLAIMS, "V2", false)
    with pytest.raises(ValueError, match="V2 does not hold"):
        page("V2", tmp_path)


def test_search_finds_the_kept_games():
    for claim, words in (("V1", statements.SINGLE), ("V3", statements.ABSTAIN)):
        assert worked.violated_without(CLAIMS[claim], words) == KNOWN[claim]["without"][words]
