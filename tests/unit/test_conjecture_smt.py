"""What z3 is asked: the letters it is given are those of the game, and it proves nothing false."""

from fractions import Fraction as Q

import pytest
from conjectures import FALSE, RARE, TRUE

from radsim.conjecture import Trial, conjecture, falsify, judge
from radsim.conjecture.exact import evaluate
from radsim.conjecture.language import parse
from radsim.conjecture.smt import Terms, decide, prove
from radsim.conjecture.solved import exact_letters
from radsim.conjecture.trials import proportional

z3 = pytest.importorskip("z3")

GAMES = [
    proportional(Trial((Q(3), Q(1)), (), Q(1, 2), Q(1)), Q(1)),
    Trial((Q(2), Q(1)), (Q(0), Q(3)), Q(1), Q(3, 2)),
    Trial((Q(1), Q(1)), (Q(0), Q(0)), Q(1), Q(2), capped=False),
    Trial((Q(1), Q(0)), (Q(2), Q(1)), Q(2), Q(1), abstain=False),
    Trial((Q(2),), (Q(1),), Q(1, 3), Q(1, 2)),
    Trial((Q(0), Q(0)), (Q(1), Q(0)), Q(1), Q(1)),
]
TERMS = [
    "V",
    "lam",
    "W(uniform)",
    "top(g, 3/2)",
    "top(g - s, 1)",
    "max(sorted(h) - h)",
    "max(cumsum(s))",
    "floor(m)",
    "max(g, h/2, 1) + 0*sum(g)",
    "sqrt(m + 1)**2",
    "b**-2",
]
# The last but one is a vector, and the root is an interval: both say a number of their own.
TEXTS = {"max(g, h/2, 1) + 0*sum(g)": "max(max(g, h/2, 1))", "sqrt(m + 1)**2": "m + 1"}


def _terms(trial):
    made = Terms(z3, trial.n, trial.capped, trial.abstain, multiple=False)
    pins = [*zip(made.g, trial.gains, strict=True), *zip(made.h, trial.harms, strict=True)]
    pins += [(made.m, trial.mistakes), (made.b, trial.budget)]
    return made, [x == z3.Q(v.numerator, v.denominator) for x, v in pins]


@pytest.mark.parametrize("text", TERMS)
@pytest.mark.parametrize("trial", GAMES, ids=range(len(GAMES)))
def test_a_term_is_what_it_is_in_fractions(trial, text):
    text = TEXTS.get(text, text)
    node = parse(f"{text} >= 0").args[0]
    expected = evaluate(node, exact_letters(trial, ["V", "lam", "W(uniform)"]))
    made, pins = _terms(trial)
    term = made.said(node)
    solver = z3.Solver()
    solver.set("timeout", 20_000)
    solver.add(*made.known, *pins)
    assert solver.check() == z3.sat
    solver.add(term != z3.Q(expected.numerator, expected.denominator))
    assert solver.check() == z3.unsat


@pytest.mark.parametrize("row", [*FALSE, *RARE], ids=lambda row: row.name)
def test_nothing_false_is_proved(row):
    asked = conjecture(row.statement, row.where)
    if decide(asked, 1, seconds=0.01).status == "not asked":
        pytest.skip("z3 is not asked about it")
    trial = falsify(row.statement, row.where, rng=0).trial
    if trial.n > 3:
        pytest.skip("too many points for z3")
    rules = {"capped": trial.capped, "abstain": trial.abstain}
    answer = decide(asked, trial.n, **rules, seconds=3)
    assert answer.status in ("refuted", "undecided")
    if answer.trial is not None:
        assert judge(asked, answer.trial) == "refutes"


def test_what_is_true_is_proved_for_two_points():
    names = {"largest", "alike", "half", "hopeless", "lowest", "harmonic", "all_wrong"}
    for row in (x for x in TRUE if x.name in names):
        asked = conjecture(row.statement, row.where)
        assert [decide(asked, n, seconds=20).status for n in (1, 2)] == ["proved"] * 2, row.name


def test_a_proof_of_what_survived():
    found, answers = prove(falsify("V <= b*max(g)", rng=0, games=100), 2)
    assert not found.refuted
    assert [(x.n, x.status) for x in answers] == [(1, "proved"), (2, "proved")]
    assert [x.status for x in prove(falsify("V >= 0", "n > 2", rng=0, games=60), 2)[1]] == [
        "no game",
        "no game",
    ]
    with pytest.raises(ValueError, match="most = 5 must be"):
        prove(found, 5)


def test_what_the_search_missed_is_found_and_shrunk():
    # The search draws no gain of 101/10.
    calm = falsify("V <= 3*b or m > 0 or g != 101/10", "n == 1", rng=0, games=50)
    assert not calm.refuted
    found, answers = prove(calm, 1)
    assert found.refuted
    assert answers[-1].status == "refuted"
    assert found.trial.gains == (Q(101, 10),)


BROKEN = {
    "mistakes above one": lambda made: [x for x in made.known if " <= 1" not in str(x)],
    "no bound on the budget": lambda made: [x for x in made.known if "<= b" not in str(x)],
    "no bound on the mistakes": lambda made: [x for x in made.known if "<= m" not in str(x)],
    "no duality": lambda made: [x for x in made.known if not str(x).startswith("V.")],
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_value_that_is_not_pinned_down_is_seen(name):
    loose = 0
    for trial in GAMES:
        made, pins = _terms(trial)
        value, right = made.value(), exact_letters(trial, ["V"])["V"]
        solver = z3.Solver()
        solver.set("timeout", 20_000)
        solver.add(*BROKEN[name](made), *pins, value != z3.Q(right.numerator, right.denominator))
        loose += solver.check() == z3.sat
    assert loose
