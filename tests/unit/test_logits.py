"""Gains from logits and from log-probabilities of the likeliest answers, by hand and by files."""

import json
import math

import numpy as np
import pytest

from radsim.data.files import InputError, read, read_probabilities
from radsim.data.gains import gains_from_logits, gains_from_logprobs, gains_from_probabilities

LOGITS = np.log([[4, 2, 1, 1], [1, 1, 1, 1], [6, 1, 1, 0.5]])


def test_logits_are_probabilities_but_for_a_constant():
    """The worked numbers: probabilities 1/2 and 1/4, four equal ones, 12/17 and 2/17."""
    np.testing.assert_allclose(gains_from_logits(LOGITS), [3 / 4, 1, 7 / 17])
    np.testing.assert_allclose(gains_from_logits(LOGITS + 700), [3 / 4, 1, 7 / 17])
    entropies = gains_from_logits(LOGITS, "entropy")
    assert entropies[0] == pytest.approx(1.75 * math.log(2))
    assert entropies[1] == pytest.approx(math.log(4))
    np.testing.assert_allclose(
        gains_from_logits(LOGITS, "least_confidence"), [1 / 2, 3 / 4, 5 / 17]
    )


def test_huge_logits_are_sure():
    found = gains_from_logits([[1e308, -1e308], [1e308, 1e308], [0, -800]])
    assert found.tolist() == [0, 1, 0]


def test_a_single_logit_is_that_of_the_second_class():
    p = 1 / (1 + math.exp(-1.5))
    assert gains_from_logits([[1.5], [0.0]]).tolist() == pytest.approx([2 - 2 * p, 1])


def test_the_two_likeliest_answers_fix_the_margin():
    p = np.random.default_rng(0).dirichlet(np.ones(30), 50)
    top = np.log(np.sort(p, axis=1)[:, -5:])
    for kind in ("margin", "least_confidence"):
        whole = gains_from_probabilities(p, kind)
        np.testing.assert_allclose(gains_from_logprobs(top, kind), whole, atol=1e-12)
        np.testing.assert_allclose(gains_from_logprobs(top[:, ::-1], kind), whole, atol=1e-12)


@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        ([[-1, 0.2]], "margin", r"logprobs\[0, 1\] = 0.2 is above 0, no log-probability"),
        ([[-1, -1], [-0.1, -0.2]], "margin", r"logprobs\[1\]: probabilities that sum to 1.72357"),
        ([[-1]], "margin", "a margin needs two answers a point, has 1"),
        ([[-1, -2]], "entropy", "must be one of margin, least_confidence, for log-probabilities"),
        ([[-1, -np.inf]], "margin", r"logprobs\[0, 1\] = -inf must be finite"),
    ],
)
def test_what_is_no_log_probability_is_named(values, kind, words):
    with pytest.raises(ValueError, match=words):
        gains_from_logprobs(values, kind)


def test_logits_that_are_not_finite_are_named():
    with pytest.raises(ValueError, match=r"logits\[1, 0\] = nan must be finite"):
        gains_from_logits([[0, 1], [np.nan, 1]])


@pytest.mark.parametrize("suffix", ["npy", "csv", "parquet", "jsonl"])
def test_files_of_logits(suffix, tmp_path):
    import pandas as pd

    path = tmp_path / f"z.{suffix}"
    frame = pd.DataFrame(LOGITS, columns=list("abcd"))
    if suffix == "npy":
        np.save(path, LOGITS)
    elif suffix == "csv":
        frame.to_csv(path, index=False)
    elif suffix == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_json(path, orient="records", lines=True, double_precision=15)
    found = read(str(path), "logits")
    np.testing.assert_allclose(found.gains, [3 / 4, 1, 7 / 17], rtol=1e-12)
    assert found.what.startswith("4 logits (") and found.what.endswith("-> softmax -> margin gains")
    p = read_probabilities(str(path), logits=True)[0]
    np.testing.assert_allclose(p.sum(axis=1), 1)
    with pytest.raises(InputError, match="is above 1; logits are read by --logits; "):
        read(str(path), "probabilities")


def test_whole_numbers_beside_logits_are_doubtful(tmp_path):
    path = str(tmp_path / "z.csv")
    text = "a,b,age\n0.5,-1.5,40\n2.25,0.5,33\n0.1,0.2,7\n"
    (tmp_path / "z.csv").write_text(text)
    with pytest.raises(InputError, match="column 'age' holds whole numbers, and others fractions"):
        read(path, "logits")
    expected = gains_from_logits([[0.5, -1.5], [2.25, 0.5], [0.1, 0.2]])
    assert read(path, "logits", ids=["age"]).gains.tolist() == expected.tolist()
    # The way on for a class, a reference class, and logits that are all whole.
    np.savetxt(path, np.array([[0.5, 1], [2.5, 3], [1.25, 2]]) + 0.5, "%g", ",", header="a,b")
    np.testing.assert_allclose(
        read(path, "logits").gains, gains_from_logits([[0.5, 1], [2.5, 3], [1.25, 2]])
    )
    for rows in ([[0.5, 0], [2.5, 0], [1.5, 0]], [[1, 2], [3, 4], [5, 7]]):
        np.savetxt(path, rows, "%g", ",", header="a,b")
        assert len(read(path, "logits").gains) == 3


def test_logits_that_are_nowhere_below_0_have_their_hint(tmp_path):
    np.save(tmp_path / "z.npy", [[0.5, 3.25], [4.5, 2.0]])
    with pytest.raises(
        InputError, match=r"3\.25 is above 1; logits are read by --logits; --normal"
    ):
        read(str(tmp_path / "z.npy"))
    np.save(tmp_path / "percent.npy", [[75, 25], [60.5, 39.5]])
    with pytest.raises(InputError, match="75 is above 1; --normalise divides"):
        read(str(tmp_path / "percent.npy"))
    (tmp_path / "p.csv").write_text("a,b,age\n0.5,0.5,40\n0.25,0.75,33\n")
    with pytest.raises(InputError, match="40 is above 1; without column 'age' they sum to 1"):
        read(str(tmp_path / "p.csv"))


FORGED = {
    "infinite": ([[0, np.inf]], "logits", r"row 0, column '1': inf is not a finite number"),
    "missing": ([[0, np.nan]], "logits", r"row 0, column '1': nan is not a finite number"),
    "probabilities": ([[0.5, 0.5], [1, 0]], "logits", "class probabilities, and no logits"),
    "above 0": ([[-1, -2], [-1, 0.5]], "logprobs", "row 1, column '1': 0.5 is above 0, no log-"),
    "too likely": ([[-1, -2], [0, 0]], "logprobs", "row 1: probabilities that sum to 2, more tha"),
    "one": ([[-1.0]], "logprobs", "a margin needs two answers a point"),
    "not said": ([[-1, -2]], "auto", "log-probabilities are read by --logprobs, logits by --lo"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_file_of_something_else_is_refused_in_one_line(name, tmp_path):
    rows, kind, words = FORGED[name]
    np.save(tmp_path / "z.npy", np.array(rows, dtype=float))
    with pytest.raises(InputError) as caught:
        read(str(tmp_path / "z.npy"), kind)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value) and "np.float" not in str(caught.value)


def _chat(*tokens):
    """A row of a batch of chat completions: for each token of an answer its likeliest ones."""
    content = [
        {"token": "A", "top_logprobs": [{"token": t, "logprob": x} for t, x in top.items()]}
        for top in tokens
    ]
    return {"response": {"body": {"created": 1, "choices": [{"logprobs": {"content": content}}]}}}


ANSWERS = {
    "chat": [_chat({"A": -0.5, "B": -1.5}), _chat({"B": -0.1, "A": -2.5})],
    "completions": [
        {"choices": [{"logprobs": {"top_logprobs": [{" A": -0.5, " B": -1.5}]}}]},
        {"choices": [{"logprobs": {"top_logprobs": [{" B": -0.1, " A": -2.5}]}}]},
    ],
    "an object": [
        {"top_logprobs": {"A": -0.5, "B": -1.5}},
        {"top_logprobs": {"A": -2.5, "B": -0.1}},
    ],
    "a list": [{"top_logprobs": [-0.5, -1.5]}, {"top_logprobs": [-0.1, -2.5]}],
    "any name": [{"answers": [-0.5, -1.5]}, {"answers": [-0.1, -2.5]}],
}


def _log(path, rows):
    lines = [json.dumps({"custom_id": f"req-{k}"} | row) for k, row in enumerate(rows)]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


@pytest.mark.parametrize("name", ANSWERS)
def test_logs_of_answers_are_read(name, tmp_path):
    found = read(_log(tmp_path / "log.jsonl", ANSWERS[name]), "logprobs")
    right = [1 - math.exp(-0.5) + math.exp(-1.5), 1 - math.exp(-0.1) + math.exp(-2.5)]
    assert found.gains.tolist() == pytest.approx(right)
    assert found.ids == {"custom_id": ["req-0", "req-1"]}
    assert "log-probabilities of the 2 likeliest answers" in found.what
    assert found.notes == ()


def test_rows_may_have_fewer_answers_and_several_tokens(tmp_path):
    rows = [
        _chat({"A": -0.5, "B": -1.5, "C": -4}),
        _chat({"A": -0.1, "B": -2.5}, {"x": -9, "y": -9}),
    ]
    found = read(_log(tmp_path / "log.jsonl", rows), "logprobs")
    assert found.gains[1] == pytest.approx(1 - math.exp(-0.1) + math.exp(-2.5))
    assert found.notes == (
        "top_logprobs of the first token of each answer, of which there are more",
    )


def test_a_failed_request_is_named(tmp_path):
    rows = [_chat({"A": -0.5, "B": -1.5}), {"error": {"code": 500}}]
    with pytest.raises(InputError, match="row 1: no top_logprobs of an answer"):
        read(_log(tmp_path / "log.jsonl", rows), "logprobs")
