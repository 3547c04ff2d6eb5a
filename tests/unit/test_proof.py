"""A proof: its numbers, its strategies that are feasible to the last bit, and what is refused."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from radsim import Game, mistakes_upper_bound, solve
from radsim.proof import MOST_BYTES, Refused, check_proof, prove, read_proof, text_of, written
from radsim.proof.checked import covers

GAME = Game([0.92, 0.85, 0.85, 0.61, 0.40, 0.33], mistakes=2, budget=3)
TEXT = prove(solve(GAME), ("multiple", 1.0))[1]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0x0p0"),
        (-0.0, "0x0p0"),
        (1.0, "0x1p0"),
        (-0.75, "-0x3p-2"),
        (5e-324, "0x1p-1074"),
        (1.7976931348623157e308, "0x1fffffffffffffp971"),
        (Fraction(5, 2**3000), "0x5p-3000"),
    ],
)
def test_a_number_has_one_text(number, text):
    assert written(number) == text


def test_every_double_comes_back():
    rng = np.random.default_rng(0)
    values = np.concatenate((rng.random(200), np.exp2(rng.uniform(-1074, 1023, 200))))
    for x in values.tolist():
        assert float.fromhex(written(x)) == x


GAMES = {
    "thirds": Game([1, 1, 1], 1, abstain=False),
    "sure points": Game(np.linspace(1, 2, 50), 3, 49.5, abstain=False),
    "all": Game([1, 2, 3], 1, 3, abstain=False),
    "with replacement": Game(np.linspace(0, 1, 50), 7.3, 3.3, capped=False, abstain=False),
    "hundreds of decades": Game([1e300, 1, 1e-300, 0], 1, 2, abstain=False),
    "many": Game(1 + np.random.default_rng(0).pareto(1.1, 3000), 300.7, 100),
    "no gains": Game([0, 0], 1),
}


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("error", [0, 1e-16, 1e-12, -1e-12])
def test_strategies_become_feasible_to_the_last_bit(name, error):
    game = GAMES[name]
    solution = solve(game)
    wrong = replace(
        solution,
        inclusion=np.asarray(solution.inclusion) * (1 + error),
        mistake_probabilities=np.asarray(solution.mistake_probabilities) * (1 + error),
    )
    proved, text = prove(wrong, ("multiple", 1.0), "pivotal" if game.capped else "iid")
    q, l = proved.inclusion, proved.mistake_probabilities
    spent, made = (sum(map(Fraction, x.tolist())) for x in (q, l))
    assert made <= game.mistakes
    assert spent <= game.budget if game.abstain else spent == game.budget
    assert np.abs(q - wrong.inclusion).max() <= 1e-9 * game.budget
    sure = np.asarray(solution.inclusion) == 1
    if error == 0 and not sure.all():
        assert (q[sure] == 1).all()  # the draw is what it was
    proof = read_proof(text)
    assert check_proof(proof, proof.game(game.gains)).accepts(1e-9)


def _changed(**changes):
    return text_of(json.loads(TEXT) | changes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not readable as JSON"),
        ("[]", "no JSON object"),
        ("{}", "field 'format' is missing"),
        ("[" * 100_000, "not readable as JSON"),
        (TEXT.replace("{", '{"note": 1,', 1), "field 'note' is not known"),
        (TEXT.replace("{", '{"capped": true,', 1), "a key stands twice"),
        (TEXT.replace('"version": 2', '"version": 2.0'), "version is 2.0, not 2"),
        (TEXT.replace('"version": 2', '"version": true'), "version is True, not 2"),
        (_changed(version=1), "version is 1, not 2"),
        (_changed(budget=3), "budget is 3, not a double"),
        (_changed(budget="0x6p-1"), "budget is '0x6p-1', not a double"),
        (_changed(budget="nan"), "budget is 'nan', not a double"),
        (_changed(budget="0x1p99999"), "budget is '0x1p99999', not a double"),
        (_changed(capped=1), "capped is 1, not true or false"),
        (_changed(harm=["much", "0x1p0"]), "harm is ['much', '0x1p0'], not"),
        (_changed(harm=["constant", 1]), "harm[1] is 1, not a double"),
        (_changed(harm=[{}, 1]), "harm is [{}, 1], not"),
        (_changed(inclusion={}), "inclusion is {}, not a list"),
        (_changed(inclusion=["0x1p0", None]), "inclusion[1] is None, not a double"),
        (_changed(design="lottery"), "design = 'lottery' must be one of"),
        (_changed(design=[]), "design = [] must be one of"),
        (_changed(seed=0), "seed is 0, not a whole number"),
        (_changed(seed="1" * 39), "not a whole number of at most 38 digits"),
        (_changed(picks=[-1]), "picks[0] is -1, not the number of a row, from 0"),
        (_changed(validation=[]), "validation is [], not null, or points checked"),
        (_changed(validation=[10, 12, "0x1p-5"]), "validation is [10, 12, '0x1p-5'], not null"),
        (_changed(validation=[10, True, "0x1p-5"]), "not null, or points checked"),
        (_changed(validation=[10, 1, "0x0p0"]), "not null, or points checked"),
        (_changed(validation=[10, 1, 0.05]), "validation[2] is 0.05, not a double"),
        (_changed(validation=[10**6, 1, "0x1p-5"]), "points checked (at most 100000)"),
        (_changed(ids=None), "ids is None, not a list"),
        (_changed(ids=[[]]), "ids[0] is [], not a name and one text a pick"),
        (_changed(ids=[["id", 7]]), "ids[0][1] is 7, not a text"),
        (_changed(picks=[True]), "picks[0] is True, not the number of a row"),
        (_changed(digest="F" * 64), "not 64 hexadecimal digits"),
        (_changed(lower="x"), "lower is 'x', not an exact number"),
    ],
)
def test_what_is_no_proof_is_refused_in_one_line(text, words):
    with pytest.raises(ValueError, match=r"^[^\n]*$") as caught:
        read_proof(text)
    assert words in str(caught.value)
    assert not isinstance(caught.value, Refused)
    assert len(str(caught.value)) < 400


def test_bytes_that_are_no_text_or_too_many_are_refused():
    with pytest.raises(ValueError, match="not readable as JSON"):
        read_proof(b"\xff")
    with pytest.raises(ValueError, match="more than"):
        read_proof(b" " * (MOST_BYTES + 1))


def test_a_column_of_harms_must_be_given():
    _, text = prove(solve(Game([1, 2], 1, harms=[1, 0])), ("column", "cost"))
    with pytest.raises(ValueError, match="column 'cost'"):
        read_proof(text).game([1, 2])


def test_a_proof_of_another_kind_of_answer_is_refused():
    with pytest.raises(ValueError, match="objective 'regret'"):
        prove(solve(Game([1, 0.5], 1), "regret"), ("multiple", 1.0))


def test_more_draws_than_picks_are_not_drawn():
    """A forger's budget of 1e300 draws with replacement ends at once."""
    gains, budget = [1.0, 0.5], 1e300
    game = Game(gains, 0, budget, capped=False)
    _, text = prove(solve(game.replace(budget=2)), ("multiple", 1.0), "iid")
    fields = json.loads(text) | {"budget": written(budget), "digest": game.digest()}
    fields["inclusion"] = [written(budget), written(0.0)]
    fields["lower"] = fields["upper"] = fields["value"] = written(budget)
    proof = read_proof(text_of(fields))
    with pytest.raises(Refused, match=r"picks: expected 1e\+300 of them, found 2"):
        check_proof(proof, proof.game(gains))


def test_a_number_of_mistakes_from_checked_points_is_counted_out():
    game = Game(GAME.gains, mistakes_upper_bound(6, 40, 2, delta=0.05), 3)
    assert game.mistakes == 2
    _, text = prove(solve(game), ("multiple", 1.0), validation=(40, 2, 0.05))
    proof = read_proof(text)
    assert proof.validation == (40, 2, 0.05)
    check_proof(proof, proof.game(GAME.gains))
    with pytest.raises(ValueError, match=r"validation: 20 wrong of 40 .* more than 2.0 mistakes"):
        prove(solve(game), ("multiple", 1.0), validation=(40, 20, 0.05))
    for wrong in ((10, 12, 0.05), (10, 1, 0), (10, 1), (10**6, 1, 0.05)):
        with pytest.raises(ValueError, match=r"validation"):
            prove(solve(game), ("multiple", 1.0), validation=wrong)


@pytest.mark.parametrize("n", [3, 17, 60])
@pytest.mark.parametrize("delta", [0.05, 0.5])
def test_the_least_number_that_covers_the_checked_points_is_the_bound(n, delta):
    for checked in (1, 5, 40):
        for wrong in {0, 1, checked // 3, checked}:
            bound = mistakes_upper_bound(n, checked, wrong, delta)
            assert covers(bound, n, checked, wrong, delta)
            assert bound == 0 or not covers(bound - 1, n, checked, wrong, delta)


def test_the_picks_carry_their_identifiers():
    names = [f"img{k}" for k in range(6)]
    _, text = prove(
        solve(GAME), ("multiple", 1.0), ids_at=lambda rows: {"id": [names[k] for k in rows]}
    )
    proof = read_proof(text)
    assert proof.ids == (("id", *(names[k] for k in proof.picks)),)
    for ids, words in (
        ([["id", "img1"]], "expected 3 in column 'id', found 1"),
        ([["id", "a", "b", "c"]] * 2, "two columns of one name"),
    ):
        forged = read_proof(text_of(json.loads(text) | {"ids": ids}))
        with pytest.raises(Refused, match=words):
            check_proof(forged, forged.game(GAME.gains))
