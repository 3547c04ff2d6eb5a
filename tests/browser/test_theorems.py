"""The small game on a theorem's page: its fractions are exact, and it can be broken."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from page_layout import sideways

from radsim import Game, constrain, solve
from radsim.game import Count

DOCS = Path(__file__).parents[2] / "docs"
PLAIN = {
    "gains": ["2", "1"],
    "harms": ["2", "1"],
    "mistakes": "1/2",
    "budget": "1",
    "capped": True,
    "abstain": True,
}


@pytest.fixture
def small_game(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    import small_game

    return small_game


@pytest.fixture
def bench(small_game, opened, tmp_path):
    """Open a page with one game of a claim."""

    def opened_with(claim, *, width=1200, **changed):
        kept = PLAIN | changed
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


def told(page, claim, g, h, m, b, capped, abstain, **more):
    words = {"g": list(map(str, g)), "h": list(map(str, h)), "m": str(m), "b": str(b)}
    words |= {"capped": capped, "abstain": abstain} | more
    return page.evaluate(
        """([claim, { g, h, m, b, r, ms, ...rest }]) => theorem.told(claim, {
          g: g.map(theorem.read), h: h.map(theorem.read), m: theorem.read(m), b: theorem.read(b),
          r: r?.map(theorem.read), ms: ms?.map(theorem.read), ...rest })""",
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


def test_groups_and_limits_are_those_of_the_exact_solver(bench):
    page = bench("V1")
    for k in range(30):
        rng = np.random.default_rng(k)
        n = int(rng.integers(2, 5))
        g, h = rng.integers(1, 5, n), rng.integers(0, 4, n)
        r, group = rng.integers(0, 5, n), rng.integers(0, 2, n)
        ms = [Fraction(int(rng.integers(0, 2 * (group == j).sum() + 1)), 4) for j in (0, 1)]
        capped, b = bool(k % 2), int(rng.integers(1, 3))
        game = Game(
            g.astype(float), Count(1), b, harms=h.astype(float), capped=capped, abstain=True
        )
        rules = (g, h, 1, b, capped, True)
        for claim, more, other in (
            (
                "A1",
                {"group": group.tolist(), "ms": list(map(str, ms))},
                constrain(game, groups=group, mistakes=[float(m) for m in ms]),
            ),
            ("A2", {"r": [str(Fraction(int(x), 4)) for x in r]}, constrain(game, limits=r / 4)),
        ):
            if claim == "A1" and len(set(group.tolist())) < 2:
                continue
            found = told(page, claim, *rules, **more)
            assert Fraction(found["value"]) == solve(other, method="rational").value
            assert found["proved"]
            assert capped or found["verdict"] == "it holds here"


def test_regret_of_several_queries_is_that_of_the_program(bench):
    page = bench("V1")
    for k in range(12):
        rng = np.random.default_rng(k)
        n, b = int(rng.integers(3, 6)), 2
        g, h, m = rng.integers(1, 6, n), rng.integers(0, 3, n), int(rng.integers(0, n - 1))
        found = told(page, "N3", g, h, m, b, True, True)
        game = Game(g.astype(float), m, b, harms=h.astype(float))
        assert np.isclose(float(Fraction(found["value"])), solve(game, "regret").value, rtol=1e-9)
        assert found["proved"] and found["verdict"] == "it holds here"


@pytest.mark.parametrize("claim", ["A1", "A2", "V3b", "R1", "N3"])
def test_the_script_leaves_what_the_exact_solver_wrote(bench, small_game, claim):
    rules = {"budget": "2", "mistakes": "1", "gains": ["2", "1", "1"], "harms": ["2", "1", "1"]}
    kept = rules if claim == "N3" else {"abstain": claim != "V3b"}
    kept |= {"mistakes": "1", "harms": ["0", "0"]} if claim == "R1" else {}
    page = bench(claim, **kept)
    written = small_game.form(claim, PLAIN | kept)
    assert f'data-value="{page.get_attribute(".live", "data-value")}"' in written
    assert "it holds here" in says(page) or claim == "V3b"


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
