"""The small game on a theorem's page: its fractions are exact, and it can be broken."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from page_layout import sideways

from radsim import Game, solve
from radsim.game import Count

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def small_game(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    import small_game

    return small_game


@pytest.fixture
def bench(small_game, opened, tmp_path):
    """Open a page with one game of a claim."""

    def opened_with(claim, *, width=1200, **changed):
        kept = {"gains": ["2", "1"], "harms": ["2", "1"], "mistakes": "1/2", "budget": "1"}
        kept |= {"capped": True, "abstain": True} | changed
        path = tmp_path / "page.html"
        path.write_text(
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>game</title>'
            '<meta name="viewport" content="width=device-width">'
            f"<style>{(DOCS / 'static/theorem.css').read_text()}</style></head><body>"
            f"{small_game.form(claim, kept)}"
            f"<script>{(DOCS / 'static/theorem.js').read_text()}</script></body></html>"
        )
        return opened(path, width=width)

    return opened_with


def says(page):
    return page.inner_text(".says")


def drawn(k):
    rng = np.random.default_rng(k)
    n = int(rng.integers(1, 5))
    g, h = rng.integers(0, 5, n), rng.integers(0, 4, n)
    g[0] += not g.any()
    m = Fraction(int(rng.integers(0, 2 * n + 1)), 2)
    b = Fraction(1) if k % 2 else Fraction(int(rng.integers(1, 2 * n + 1)), 2)
    capped, abstain = bool(rng.random() < 0.6), bool(k % 2 or rng.random() < 0.5)
    return g, h, m, b, capped, abstain


def told(page, claim, g, h, m, b, capped, abstain):
    words = {"g": list(map(str, g)), "h": list(map(str, h)), "m": str(m), "b": str(b)}
    words |= {"capped": capped, "abstain": abstain}
    return page.evaluate(
        """([claim, { g, h, m, b, capped, abstain }]) => theorem.told(claim, {
          g: g.map(theorem.read), h: h.map(theorem.read), m: theorem.read(m), b: theorem.read(b),
          capped, abstain })""",
        [claim, words],
    )


def test_fractions_are_those_of_the_exact_solver(bench):
    page = bench("V1")
    compared = {"value": 0, "regret": 0, "ratio": 0}
    for k in range(60):
        g, h, m, b, capped, abstain = drawn(k)
        game = Game(
            g.astype(float),
            Count(float(m)),
            float(b),
            harms=h.astype(float),
            capped=capped,
            abstain=abstain,
        )
        value = solve(game, method="rational").value
        asked = {"value": ("A4",)}
        if b == 1 and m.denominator == 1 and abstain and value > 0:
            asked |= {"regret": ("R2",), "ratio": ("R1", "R3")}
        for objective, claims in asked.items():
            exact = solve(game, objective, method="rational").value
            for claim in claims:
                found = told(page, claim, g, h, m, b, capped, abstain)
                assert (Fraction(found["value"]), found["proved"]) == (exact, True)
                assert claim == "A4" or found["verdict"] == "it holds here"
                compared[objective] += 1
    assert min(compared.values()) >= 5


def test_the_page_shows_the_same_before_and_after_its_script(bench, small_game):
    page = bench("V1")
    assert page.get_attribute(".live", "data-value") == "2/3"
    assert page.locator("output.q").all_inner_texts() == ["1/3", "2/3"]
    assert says(page).startswith("V = 2/3. V1 says b λ = 2/3: it holds here.")


def test_a_hypothesis_that_is_dropped_makes_the_formula_false(bench):
    page = bench("V1")
    page.fill("[name=b]", "2")
    assert "(not so: one query, or draws with replacement) it is false" in says(page)
    page.uncheck("[name=capped]")
    assert "V = 4/3. V1 says b λ = 4/3: it holds here." in says(page)


def test_what_is_no_number_is_named_and_nothing_breaks(bench):
    page = bench("R2", mistakes="1", harms=["1", "0"])
    page.fill("[name=m]", "one")
    assert says(page) == 'Not a game: "one" is no number such as 2, 1/2 or 0.25.'
    page.fill("[name=m]", "1/2")
    assert says(page) == "R2 is not stated here; not so: m is whole."
    page.fill("[name=m]", "1")
    assert "R2 says E(t) − V = " in says(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_game_is_no_wider_than_the_screen(bench, width):
    page = bench("V1", width=width, gains=["12/7", "5/3"], harms=["12/7", "5/3"])
    assert sideways(page) <= 0
