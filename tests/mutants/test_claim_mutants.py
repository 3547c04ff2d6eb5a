"""Every claim refutes what is planted, and every kind of comparison that it makes refutes some."""

from dataclasses import replace

import numpy as np
import pytest
from claims import MUTANTS
from planted import changed, comparisons, judge, stem

from radsim import CLAIMS, Comparison, draw_instance

ROWS = [
    pytest.param(claim, mutant, id=f"{claim}, {mutant.says}, {k}")
    for claim, mutants in MUTANTS.items()
    for k, mutant in enumerate(mutants)
]


def _verdicts(claim, mutant):
    return [judge(claim, mutant.game, method="rational", rng=seed) for seed in range(mutant.seeds)]


@pytest.mark.parametrize(("claim", "mutant"), ROWS)
def test_a_falsity_is_violated_where_the_claim_holds(claim, mutant, monkeypatch):
    assert {verdict.status for verdict in _verdicts(CLAIMS[claim], mutant)} == {"HOLDS"}
    mutant.plant(monkeypatch)
    found = _verdicts(changed(CLAIMS[claim], mutant.change), mutant)
    assert "VIOLATED" in {verdict.status for verdict in found}


def test_every_claim_has_a_mutant():
    assert {claim for claim in CLAIMS if not MUTANTS.get(claim)} == set()
    assert set(MUTANTS) <= set(CLAIMS)


def _asked(claim):
    """The kinds of comparison that a claim makes, on drawn games and on those of its mutants."""
    games = [
        draw_instance(rng=np.random.default_rng([3, k]), largest_n=5 if k % 2 else 9).game
        for k in range(60)
    ]
    games += [mutant.game for mutant in MUTANTS.get(claim.id, ())]
    return {
        stem(item)
        for k, game in enumerate(games)
        if claim.applies(game)
        for item in claim.compare(game, "linprog", np.random.default_rng(k))
    }


def _refuted(claim, mutant):
    """The kinds of comparison that refute a mutant."""
    with pytest.MonkeyPatch.context() as patch:
        mutant.plant(patch)
        return {
            stem(item)
            for seed in range(mutant.seeds)
            for item, verdict in comparisons(
                changed(claim, mutant.change), mutant.game, method="rational", rng=seed
            )
            if verdict.status == "VIOLATED"
        }


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.id)
def test_every_comparison_can_fail(claim):
    refuted = set().union(*(_refuted(claim, mutant) for mutant in MUTANTS.get(claim.id, ())))
    asked = _asked(claim)
    print(f"{claim.id}: {len(MUTANTS.get(claim.id, ()))} mutants; comparisons {sorted(asked)}")
    assert asked - refuted == set()


def test_a_comparison_that_cannot_fail_is_found():
    def compare(game, method, rng):
        yield from CLAIMS["V5"].compare(game, method, rng)
        yield Comparison("nothing is negative", "lower", 0.0, (1.0, 1.0), 1.0)

    claim = replace(CLAIMS["V5"], compare=compare)
    refuted = set().union(*(_refuted(claim, mutant) for mutant in MUTANTS["V5"]))
    assert _asked(claim) - refuted == {"nothing is negative (lower)"}
