"""Every row has gap 0 on all of its instances, and every planted error gives another number."""

from __future__ import annotations

import pytest

from proofs_checks.exact import CHECKS, constrained, formulas, large_pools, linear_program, values

NAMES = [f"{k} {check.claim}, {check.file}" for k, check in enumerate(CHECKS)]
ROWS = [
    pytest.param(check, marks=[pytest.mark.slow] * check.slow, id=name)
    for check, name in zip(CHECKS, NAMES, strict=True)
]
PLANTED = [
    pytest.param(check, wrong, marks=[pytest.mark.slow] * check.slow, id=f"{name}, {wrong}")
    for check, name in zip(CHECKS, NAMES, strict=True)
    for wrong in check.planted
]


@pytest.mark.parametrize("check", ROWS)
def test_exact(check, run_once):
    found = run_once(check)
    assert "gap exactly 0" in found or "enclosures" in found
    print(f"{check.claim}: {found}")


@pytest.mark.parametrize("check, wrong", PLANTED)
def test_planted_error_is_another_number(check, wrong):
    found = check.planted[wrong]()
    assert found
    print(f"{check.claim}, {wrong}: {found}")


def test_every_row_has_a_planted_error():
    assert all(check.planted for check in CHECKS)


def test_fifteen_hundred_small_instances():
    drawn = (
        values.uncapped,
        values.more_uncapped,
        values.capped,
        values.forced,
        values.ratio_games,
        values.regret_games,
        constrained.grouped,
        constrained.limited,
        constrained.contaminated,
    )
    assert sum(len(instances()) for instances in drawn) == 1500
    assert sum(len(instances()) for _, _, instances in linear_program.POOLS) == 100


@pytest.mark.parametrize("kind", ["ties", "m = 0", "fractional m", "fractional b", "b > b0"])
def test_capped_instances_hold_the_edge_cases(kind):
    named = [kind for game in values.capped() for kind in values.check_v3(game)]
    assert named.count(kind) >= 20


def test_spoiled_and_clamped_instances_are_among_them():
    forced = [kind for game in values.forced() for kind in values.check_v3b(game)]
    assert forced.count("M >= n, b = 1, proportional") >= 50
    regrets = [
        kind for game in values.regret_games() for kind in values.check_hindsight(game, "regret")
    ]
    assert regrets.count("clamped") >= 50


# A formula broken as named must be rejected by the rows of these claims.
BROKEN = {
    "water_level": (lambda lam: lam * 1001 / 1000, {"V1", "A1", "A2"}),
    "prefix_ratios": (lambda ratios: ratios[:1], {"V2"}),
    "saddle_point": (lambda pair: (pair[0][::-1], pair[1]), {"V1", "A1", "A2"}),
    "brackets": (lambda found: found._replace(q=found.q[::-1]), {"V3"}),
    "full_budget": (lambda b0: b0 / 2, {"V3"}),
    "least_price": (lambda value: value + 1, {"V3", "V3b", "A1", "A2", "A5"}),
    "in_hindsight": (lambda found: found._replace(t=found.t * 2, ratio=found.ratio / 2), {"R1"}),
    "insured": (lambda p: p[::-1], {"R1", "R2"}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_rows_reject_a_broken_formula(name, monkeypatch):
    proper, (breaks, claims) = getattr(formulas, name), BROKEN[name]
    monkeypatch.setattr(formulas, name, lambda *args, **kwargs: breaks(proper(*args, **kwargs)))
    for check in (*values.CHECKS[:-1], *constrained.CHECKS):
        if check.claim in claims:
            with pytest.raises(AssertionError):
                check.run()


def test_large_certificates_reject_a_wrong_pair(monkeypatch):
    proper = large_pools.pair
    monkeypatch.setattr(large_pools, "pair", lambda g, s, m: proper(g, s, m, short=1))
    with pytest.raises(AssertionError):
        large_pools.certified(200, 8)()
