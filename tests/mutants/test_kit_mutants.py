"""Broken selectors, solvers and designs: the kit refuses each by the check that names the fault."""

from dataclasses import replace

import numpy as np
import pytest

from radsim import SELECTORS, SOLVERS, Game, Selector, sample, solve, worst_case
from radsim.sampling import DESIGNS, pivotal
from radsim.sampling.audit import successive_sampling
from radsim.sampling.design import Law
from radsim.selectors import Selection
from radsim.testing import (
    CHECKS,
    SELECTOR_CHECKS,
    CheckFailed,
    check_design,
    check_selector,
    check_solver,
    replay,
)

CONTRACT = [check.id for check in SELECTOR_CHECKS.values() if check.part == "contract"]


@pytest.fixture(autouse=True)
def failures_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def _order(gains):
    return np.argsort(-gains, kind="stable")


def mask(gains, budget, *, rng):
    chosen = np.zeros(len(gains), dtype=bool)
    chosen[_order(gains)[: int(budget)]] = True
    return chosen


def counts_from_one(gains, budget, *, rng):
    return _order(gains)[: int(budget)] + 1


def picks_twice(gains, budget, *, rng):
    return rng.choice(len(gains), int(budget))


def one_short(gains, budget, *, rng):
    return _order(gains)[: max(1, int(budget) - 1)]


def own_sum(gains, budget, *, rng):
    """Every point gets its share of the largest gain: the budget is forgotten."""
    q = gains / gains.max()
    return Selection(_order(gains)[: int(budget)], q)


def impossible_pick(gains, budget, *, rng):
    """Draws uniformly and claims the b largest."""
    q = np.zeros(len(gains))
    q[_order(gains)[: int(budget)]] = 1
    return Selection(rng.choice(len(gains), int(budget), replace=False), q)


def above_one(gains, budget, *, rng):
    """In proportion to the gain, without the cap."""
    q = budget * gains / gains.sum()
    return Selection(sample(np.minimum(q, 1), rng=rng), q)


def own_generator(gains, budget, *, rng):
    return np.random.default_rng().choice(len(gains), int(budget), replace=False)


def reseeds_numpy(gains, budget, *, rng):
    np.random.seed(0)  # noqa: NPY002 - the fault itself
    return np.random.permutation(len(gains))[: int(budget)]  # noqa: NPY002 - the fault itself


def sorts_in_place(gains, budget, *, rng):
    order = _order(gains)[: int(budget)]
    gains.sort()
    return order


def the_first_ones(gains, budget, *, rng):
    return np.arange(int(budget))


def absolute_temperature(gains, budget, *, rng):
    """exp(g) with a temperature that has the unit of the gains."""
    key = np.exp(np.minimum(gains, 700))
    q = np.full(len(gains), budget / len(gains)) if key.max() < 1.5 else None
    if q is None:
        q = np.zeros(len(gains))
        q[_order(gains)[: int(budget)]] = 1
    return Selection(sample(q, rng=rng), q)


def threshold(gains, budget, *, rng):
    """All points at least as good as the b-th: more than b where it is tied."""
    return np.flatnonzero(gains >= np.sort(gains)[::-1][int(budget) - 1])


def divides_by_the_sum(gains, budget, *, rng):
    total = gains.sum()
    with np.errstate(invalid="ignore"):
        share = gains / total
    return rng.choice(len(gains), int(budget), replace=False, p=0.5 * share + 0.5 / len(gains))


def partitions_at_the_budget(gains, budget, *, rng):
    """The b-th largest bounds the others, but where b = n there is none."""
    return np.argpartition(-gains, int(budget))[: int(budget)]


def squares(gains, budget, *, rng):
    """Squares that vanish below 1e-162 and overflow above 1e154."""
    with np.errstate(over="ignore", under="ignore"):
        return _order(gains**2)[: int(budget)]


def short_indices(gains, budget, *, rng):
    """Largest gains, their indices kept in sixteen bits."""
    return _order(gains)[: int(budget)].astype(np.int16)


def successive(gains, budget, *, rng):
    """Promises b*p, and draws by numpy's choice without replacement."""
    weight = np.exp(gains / (0.7 * (gains.max() or 1)))
    q = budget * weight / weight.sum()
    if q.max() >= 1:
        q = np.full(len(gains), budget / len(gains))
    return Selection(rng.choice(len(gains), int(budget), replace=False, p=q / budget), q)


BROKEN = {
    "shape": mask,
    "range": counts_from_one,
    "distinct": picks_twice,
    "budget": one_short,
    "inclusion_sum": own_sum,
    "agreement": impossible_pick,
    "seed": own_generator,
    "global_state": reseeds_numpy,
    "input_untouched": sorts_in_place,
    "permutation": the_first_ones,
    "scale": absolute_temperature,
    "ties": threshold,
    "zero_gains": divides_by_the_sum,
    "tiny_pools": partitions_at_the_budget,
    "extreme_units": squares,
    "huge_pool": short_indices,
    "inclusion": successive,
}


@pytest.mark.parametrize("check", BROKEN)
def test_a_broken_selector_fails_the_check_that_names_the_fault(check):
    """It is the first one that fails, and nothing before it does."""
    with pytest.raises(CheckFailed) as found:
        check_selector(BROKEN[check], skip={"guarantee": "many of these are deterministic"})
    result = found.value.result
    assert result.check == check, str(found.value)
    assert "smallest failing case" in str(found.value)
    assert result.replay.startswith("radsim verify --replay radsim-failures/selector-")


def test_inclusion_above_one_is_out_of_range():
    with pytest.raises(CheckFailed) as found:
        check_selector(above_one)
    assert found.value.result.check == "range"
    assert "is not in [0, 1]" in str(found.value)


def test_margin_guarantees_less_than_uniform_sampling():
    with pytest.raises(CheckFailed, match="below uniform sampling") as found:
        check_selector("margin")
    assert found.value.result.check == "guarantee"


def test_a_promise_that_sampling_breaks_shows_under_noise():
    """Claims RAD's inclusion probabilities, picks the points on which the teacher errs."""

    def pretender(gains, budget, *, rng, mistakes):
        game = Game(gains, mistakes, budget)
        q = solve(game).inclusion
        return Selection(_order(worst_case(game, q)[1])[: int(budget)], q)

    selector = Selector(pretender, ("gains", "mistakes"))
    (result,) = check_selector(selector, only=["noise"], on_fail=None)
    assert result.status == "failed"
    assert "is guaranteed" in result.words


@pytest.mark.parametrize("name", ["rad", "uniform", "margin"])
def test_the_contract_accepts(name):
    results = check_selector(name, only=CONTRACT)
    assert {result.status for result in results} == {"passed"}


@pytest.mark.parametrize("name", ["rad", "uniform"])
def test_guarantee_sampling_and_noise_accept(name):
    results = check_selector(name, only=["guarantee", "inclusion", "noise"])
    assert {result.status for result in results} == {"passed"}


@pytest.mark.parametrize("name", [name for name in SELECTORS if name != "oracle"])
def test_no_row_breaks_the_contract(name):
    results = check_selector(name, only=[id for id in CONTRACT if id != "huge_pool"])
    assert {result.status for result in results} <= {"passed", "skipped"}


def test_the_smallest_failing_game_is_small_and_replays():
    (result,) = check_selector(the_first_ones, only=["permutation"], on_fail=None)
    game = result.case.game
    assert (game.gains.tolist(), game.mistakes, game.budget) == ([1, 2], 0, 1)
    path = result.replay.split()[3]
    again = replay(path, the_first_ones)
    assert (again.status, again.words) == ("failed", result.words)
    assert replay(path, "margin").status == "passed"


def test_a_selector_that_cannot_be_found_again_is_asked_for():
    def inner(gains, budget, *, rng):
        return np.arange(int(budget))

    (result,) = check_selector(inner, only=["permutation"], on_fail=None)
    path = result.replay.split()[3]
    with pytest.raises(ValueError, match="inner is no selector of radsim's"):
        replay(path)
    assert replay(path, inner).status == "failed"
    with pytest.raises(ValueError, match=r"nothing\.json: No such file"):
        replay("nothing.json")


# --- solvers ---


def _solver(change):
    def solver(game):
        return change(game, solve(game))

    return solver


SOLVER_MUTANTS = {
    "certificate": _solver(lambda game, x: replace(x, inclusion=np.roll(x.inclusion, 1))),
    "no_guarantee": _solver(
        lambda game, x: replace(x, value=float(game.gains.max()) if x.value == 0 else x.value)
    ),
}


def test_a_value_one_percent_high_fails_its_certificate():
    high = _solver(lambda game, x: replace(x, value=1.01 * x.value))
    (result,) = check_solver(high, only=["certificate"], on_fail=None)
    assert result.status == "failed"
    assert "strategies prove" in result.words


@pytest.mark.parametrize("check", SOLVER_MUTANTS)
def test_a_broken_solver_fails_the_check_that_names_the_fault(check):
    with pytest.raises(CheckFailed) as found:
        check_solver(SOLVER_MUTANTS[check])
    assert found.value.result.check == check


def test_a_solver_that_depends_on_order_unit_or_chance():
    rng = np.random.default_rng(0)
    cases = {
        "permutation": lambda game, x: replace(x, value=x.value + game.gains[0]),
        "scale": lambda game, x: replace(x, value=x.value + 1e-3),
        "repeat": lambda game, x: replace(x, value=x.value + rng.random()),
        "exact_value": lambda game, x: replace(x, value=1.001 * x.value),
    }
    for check, change in cases.items():
        (result,) = check_solver(_solver(change), only=[check], on_fail=None)
        assert result.status == "failed", check


# --- designs ---


def _rows(out):
    return out.astype(np.int16)


def _fixed_generator(q, rng, size):
    return pivotal.draw(q, rng=np.random.default_rng(np.random.SeedSequence().entropy), size=size)


def _writes(q, rng, size):
    out = pivotal.draw(q.copy(), rng=rng, size=size)
    q[0] = 0.5 * q[0]
    return out


DESIGN_MUTANTS = {
    "shape": lambda q, rng, size: pivotal.draw(q, rng=rng, size=size).T,
    "once": lambda q, rng, size: _rows(rng.multinomial(round(q.sum()), q / q.sum(), size)),
    "size": lambda q, rng, size: _rows(rng.random((size, len(q))) < q),
    "seed": _fixed_generator,
    "input_untouched": _writes,
    "inclusion": successive_sampling,
}


@pytest.mark.parametrize("check", DESIGN_MUTANTS)
def test_a_broken_design_fails_the_check_that_names_the_fault(check):
    with pytest.raises(CheckFailed) as found:
        check_design(DESIGN_MUTANTS[check])
    assert found.value.result.check == check, str(found.value)


def test_laws_that_are_wrong():
    def lopsided(q):
        law = pivotal.law(q)
        weight = law.probability.copy()
        weight[0], weight[-1] = weight[0] + 0.1 * weight[-1], 0.9 * weight[-1]
        return Law(law.outcomes, weight)

    row = DESIGNS["pivotal"]
    cases = {
        "law": replace(row, law=lopsided),
        # Right marginals, another law.
        "law_drawn": replace(row, law=DESIGNS["sampford"].law),
        "joint": replace(row, joint=DESIGNS["sampford"].joint),
    }
    for check, design in cases.items():
        with pytest.raises(CheckFailed) as found:
            check_design(design)
        assert found.value.result.check == check, str(found.value)
        path = found.value.result.replay.split()[3]
        assert replay(path, design).status == "failed"


@pytest.mark.parametrize("name", DESIGNS)
def test_designs_pass(name):
    results = check_design(name)
    assert {result.status for result in results} <= {"passed", "skipped"}


@pytest.mark.parametrize("name", SOLVERS["plain", "value"])
def test_solvers_pass(name):
    assert {result.status for result in check_solver(name)} == {"passed"}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: check_selector("magic"), "selector = 'magic' must be one of"),
        (lambda: check_selector(3), "selector = 3 must be a function"),
        (lambda: check_selector("rad", only=["magic"]), r"only\[0\] = 'magic' must be one of"),
        (lambda: check_selector("rad", only="shape"), "only = 'shape' must be a list"),
        (lambda: check_selector("rad", skip={"magic": ""}), r"skip\[0\] = 'magic' must be one of"),
        (lambda: check_selector("rad", skip=("shape", "magic")), r"skip\[1\] = 'magic' must be"),
        (lambda: check_selector("rad", skip="shape"), "skip = 'shape' must be a list"),
        (lambda: check_selector("rad", profile="slow"), "profile = 'slow' must be one of"),
        (lambda: check_selector("rad", on_fail="warn"), "on_fail = 'warn'"),
    ],
)
def test_bad_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_skip_keeps_its_reason():
    results = check_selector("rad", only=["shape"], skip={"shape": "because"})
    assert [(result.status, result.words) for result in results] == [("skipped", "because")]
    (result,) = check_selector("rad", only=["shape"], skip=("shape",))
    assert (result.status, result.words) == ("skipped", "left out")
    assert set(CHECKS) == {"selector", "solver", "design"}
