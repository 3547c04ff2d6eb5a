"""`radsim advise` as a person runs it."""

import json
import re
import shlex

import numpy as np
import pytest
from commands import call

from radsim.analysis import advise

N, B = 3000, 300


def write(path, columns):
    names = list(columns)
    rows = zip(*columns.values(), strict=True)
    path.write_text("\n".join([",".join(names), *(",".join(map(str, row)) for row in rows)]) + "\n")


def pool_and_checked(folder, profile, v):
    rng = np.random.default_rng(1)
    gains = rng.random(N).round(6)
    place = rng.choice(N, v, replace=False)
    wrong = (rng.random(v) < profile(gains[place])).astype(int)
    write(folder / "pool.csv", {"gain": gains})
    write(folder / "checked.csv", {"gain": gains[place], "wrong": wrong})
    return gains, gains[place], wrong


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


ADVISE = ("advise", "checked.csv", "--pool", "pool.csv", "--budget")


@pytest.mark.parametrize(
    ("profile", "v", "said", "then"),
    [
        (lambda g: 0.1 + 0 * g, 2500, "margin", "query the 300 largest gains"),
        (lambda g: 0.9 * (g > 0.85), 1500, "RAD", "radsim solve pool.csv --mistakes "),
        (lambda g: 0.1 + 0 * g, 60, "guarded", "or hedge: a contaminated game"),
        (lambda g: 0.7 + 0 * g, 1500, "do not query", "query nothing of this teacher"),
    ],
)
def test_each_advice(profile, v, said, then, folder):
    pool_and_checked(folder, profile, v)
    found = call(*ADVISE, "10%")
    assert (found.exit_code, found.stderr) == (0, "")
    lines = found.stdout.splitlines()
    assert lines[-1].startswith(f"ADVICE: {said}; ")
    assert then in lines[-2]
    assert lines[0] == (
        "read: column gain -> gains; column wrong -> right or wrong; of the pool column gain -> "
        "gains"
    )
    assert any("intervals hold together but for an error of 0.05" in line for line in lines)


def test_the_document_is_the_function_of_the_package(folder):
    gains, seen, wrong = pool_and_checked(folder, lambda g: 0.3 * g, 400)
    found = json.loads(call(*ADVISE, 300, "--json").stdout)
    right = advise(gains, 300, seen, wrong)
    assert found["selector"] == right.selector
    assert found["over_rad"]["low"] == pytest.approx(right.over_rad.low)
    assert (found["lift"], found["needed"]) == (right.lift, right.needed)


def test_probabilities_words_and_harms(folder):
    pool_and_checked(folder, lambda g: 0 * g + 0.2, 300)
    rng = np.random.default_rng(2)
    p = rng.dirichlet(np.ones(3), 400).round(6)
    p[:, 2] = (1 - p[:, 0] - p[:, 1]).round(6)
    classes = {f"p{k}": p[:, k] for k in range(3)}
    write(folder / "pool.csv", classes)
    part = {name: x[:200] for name, x in classes.items()}
    write(folder / "checked.csv", part | {"judged": ["wrong", "right"] * 100})
    found = call(*ADVISE, 40, "--wrong", "judged", "--harm", "constant:0.3")
    assert found.exit_code == 0, found.stderr
    assert "100 of 200 checked answers wrong" in found.stdout


def test_points_that_are_not_like_the_pool_are_told(folder):
    _, seen, wrong = pool_and_checked(folder, lambda g: 0 * g + 0.2, 300)
    write(folder / "checked.csv", {"gain": seen**3, "wrong": wrong})
    found = call(*ADVISE, 300)
    assert found.exit_code == 0
    assert "are not like those of pool.csv (Kolmogorov-Smirnov, p = " in found.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--wrong", "none"), "checked.csv: --wrong: no column 'none'; has gain, wrong"),
        (("--error", 0), "--error 0 must be in (0, 1), such as 5% or 0.05"),
        (("--error", "200%"), "--error 200% must be in (0, 1), such as 5% or 0.05"),
        (("--error", "few"), "--error few must be in (0, 1), such as 5% or 0.05"),
        (("--id", "none"), "--id 'none': neither checked.csv nor pool.csv has such a column"),
        (("--harm", "x"), "--harm 'x' must be"),
        (("--gain-column", "none"), "no column 'none'"),
    ],
)
def test_wrong_use_is_one_line(options, words, folder):
    pool_and_checked(folder, lambda g: 0 * g, 50)
    found = call(*ADVISE, 10, *options)
    assert (found.exit_code, found.stdout) == (2, "")
    assert words in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_cell_that_is_neither_right_nor_wrong_is_named(folder):
    pool_and_checked(folder, lambda g: 0 * g, 50)
    write(folder / "checked.csv", {"gain": [0.5, 0.4], "wrong": ["1", "maybe"]})
    found = call(*ADVISE, 10)
    assert found.stderr == (
        "radsim: checked.csv: row 1, wrong: 'maybe' must be 1 or 0, true or false, wrong or right\n"
    )


def table(found):
    """The table's rows: what it says of each selector."""
    cells = ([c.strip() for c in x.split("│")[1:-1]] for x in found.stdout.splitlines())
    return {row[0]: row[1:] for row in cells if row}


def guarantee_of_next(found):
    """What the command that was printed guarantees per query, and the pool that it solves."""
    line = next(x for x in found.stdout.splitlines() if x.startswith("radsim solve "))
    solved = json.loads(call(*shlex.split(line)[1:], "--json").stdout)
    return solved["guaranteed"] / solved["budget"], line


def said_guarantee(found):
    rows = table(found)
    return float(rows[next(name for name in rows if name.startswith("RAD, "))][1])


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (("--harm", "0.2"), "--harm 0.2"),
        (("--harm", "constant:0.3"), "--harm constant:0.3"),
        (("--harm", "column:my cost"), "--harm 'column:my cost'"),
        (("--harm", "0.2", "--kind", "gains", "--sep", ",", "--header"), "--header"),
        (("--harm", "0.2", "--id", "age"), "--id age"),
    ],
)
def test_the_next_command_solves_the_game_that_was_advised_on(options, shown, folder):
    rng = np.random.default_rng(1)
    gains = rng.random(N).round(6)
    cost, place = rng.random(N).round(3), rng.choice(N, 1500, replace=False)
    columns = {"gain": gains, "my cost": cost, "age": np.arange(N) % 70}
    write(folder / "my pool.csv", columns)
    wrong = {"wrong": (gains[place] > 0.85).astype(int)}
    write(folder / "checked.csv", {name: x[place] for name, x in columns.items()} | wrong)
    found = call("advise", "checked.csv", "--pool", "my pool.csv", "--budget", "10%", *options)
    assert found.exit_code == 0, found.stderr
    guarantee, line = guarantee_of_next(found)
    assert shown in line
    assert "'my pool.csv'" in line
    assert guarantee == pytest.approx(said_guarantee(found), rel=5e-3)
    # Without the harm it would be another game.
    bare = json.loads(call("solve", "my pool.csv", *shlex.split(line)[3:7], "--json").stdout)
    assert bare["guaranteed"] / bare["budget"] != pytest.approx(guarantee, rel=5e-3)


def test_the_next_command_reads_logits_and_the_gain_as_was_asked(folder):
    rng = np.random.default_rng(2)
    z = rng.normal(size=(N, 3)).round(4) * 3
    classes = {f"z{k}": z[:, k] for k in range(3)}
    write(folder / "pool.csv", classes)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    entropy = -np.sum(p * np.log(p), axis=1)
    place = rng.choice(N, 1500, replace=False)
    wrong = {"wrong": (entropy[place] > np.quantile(entropy, 0.85)).astype(int)}
    write(folder / "checked.csv", {name: x[place] for name, x in classes.items()} | wrong)
    found = call(*ADVISE, 300, "--logits", "--gain", "entropy")
    guarantee, line = guarantee_of_next(found)
    assert line.endswith("--gain entropy --logits")
    assert guarantee == pytest.approx(said_guarantee(found), rel=5e-3)


def test_the_rate_that_a_guarantee_needs_is_said_with_what_the_points_allow(folder):
    pool_and_checked(folder, lambda g: 0.9 * (g > 0.85), 600)
    found = call(*ADVISE, 300)
    rate = re.search(r"RAD, (\d+)% feared", found.stdout)[1]
    high = re.search(r"in the pool [\d.]+% \[[\d.]+%, ([\d.]+%)\]", found.stdout)[1]
    assert f"at most {rate}% of the pool are wrong (it may be up to {high})" in found.stdout


@pytest.mark.parametrize("name", ["correct", "Right", "is_correct", "isRight", "teacher correct"])
def test_a_column_of_right_answers_is_refused(name, folder):
    _, seen, wrong = pool_and_checked(folder, lambda g: 0.2 + 0 * g, 60)
    write(folder / "checked.csv", {"gain": seen, name: 1 - wrong})
    found = call(*ADVISE, 10, "--wrong", name)
    assert (found.exit_code, found.stdout) == (2, "")
    assert f"column {name!r} says which answers are right? --wrong names" in found.stderr
    # Words say what they mean, and "incorrect" is what is asked for.
    words = np.where(wrong == 1, "wrong", "right")
    write(folder / "checked.csv", {"gain": seen, name: words, "incorrect": wrong})
    by_words, other = (
        call(*ADVISE, 10, "--wrong", column, "--id", rest).stdout.split("of the pool", 1)[1]
        for column, rest in ((name, "incorrect"), ("incorrect", name))
    )
    assert by_words == other


def test_a_column_of_wrong_answers_is_found_whatever_its_case(folder):
    _, seen, wrong = pool_and_checked(folder, lambda g: 0.2 + 0 * g, 60)
    write(folder / "checked.csv", {"gain": seen, "Wrong": wrong})
    assert "column Wrong -> right or wrong" in call(*ADVISE, 10).stdout


@pytest.mark.parametrize("wrong", [0, 1])
def test_what_three_points_do_not_tell_is_said_in_words(wrong, folder):
    gains, *_ = pool_and_checked(folder, lambda g: 0 * g, 50)
    low = np.sort(gains)[:3]
    write(folder / "checked.csv", {"gain": low, "wrong": [wrong] * 3})
    found = call(*ADVISE, 10)
    assert found.exit_code == 0
    assert "nan" not in found.stdout
    assert "wrong on margin's points not known [0.0%, 100.0%]" in found.stdout
    assert "lift not known" in found.stdout


def test_no_more_points_are_asked_for_than_there_are(folder):
    for v in range(20, 60):
        pool_and_checked(folder, lambda g: 0.25 + 0 * g, v)
        found = call(*ADVISE, 300)
        needed = json.loads(call(*ADVISE, 300, "--json").stdout)["needed"]
        if "ADVICE: guarded" in found.stdout and needed and needed > N:
            break
    assert "no number of points of this pool would tell: take RAD" in found.stdout
    assert f"{needed:,}" not in found.stdout


def test_a_pool_of_zeros_has_its_own_sentence(folder):
    write(folder / "pool.csv", {"gain": [0.0] * 5})
    write(folder / "checked.csv", {"gain": [0.0] * 4, "wrong": [0, 1, 0, 0]})
    found = call(*ADVISE, 2)
    assert found.stdout.splitlines()[-2:] == [
        "query nothing of this pool",
        "ADVICE: do not query; every gain of the pool is 0, so no answer earns anything",
    ]


def test_identifiers_are_said_to_be_left_out(folder):
    gains, seen, wrong = pool_and_checked(folder, lambda g: 0.1 + 0 * g, 60)
    write(folder / "pool.csv", {"id": [f"p{k}" for k in range(N)], "gain": gains})
    ids = [f"c{k}" for k in range(60)]
    write(folder / "checked.csv", {"id": ids, "gain": seen, "wrong": wrong})
    found = call(*ADVISE, 300)
    assert found.stdout.splitlines()[0] == (
        "read: column gain -> gains; column wrong -> right or wrong; not read: id; of the pool "
        "column gain -> gains; not read: id"
    )
    assert "kept as" not in found.stdout


def test_a_column_among_class_probabilities_is_left_out_as_the_refusal_says(folder):
    p = np.random.default_rng(3).random(100).round(4)
    pool = {"cat": p, "dog": (1 - p).round(4), "age": np.arange(100) % 7 + 20}
    write(folder / "pool.csv", pool)
    part = {name: x[:40] for name, x in pool.items()}
    write(folder / "checked.csv", part | {"wrong": [0, 1] * 20})
    assert "--id 'age' carries it" in call(*ADVISE, 10).stderr
    found = call(*ADVISE, 10, "--id", "age")
    assert found.exit_code == 0, found.stderr
    assert "not read: age" in found.stdout


def test_one_checked_point_is_too_few(folder):
    pool_and_checked(folder, lambda g: 0 * g, 50)
    write(folder / "checked.csv", {"gain": [0.5], "wrong": [1]})
    found = call(*ADVISE, 10)
    assert found.stderr == "radsim: checked.csv: has 1 checked point, advice needs at least 2\n"


def test_the_error_is_a_share_or_a_decimal(folder):
    pool_and_checked(folder, lambda g: 0.2 + 0 * g, 50)
    assert call(*ADVISE, 10, "--error", "2%").stdout == call(*ADVISE, 10, "--error", 0.02).stdout


def test_the_price_of_a_label_says_whether_to_ask_at_all(folder):
    pool_and_checked(folder, lambda g: 0.3 + 0 * g, 400)
    said = {}
    for price in (1, 100):
        found = call(*ADVISE, "10%", "--label-price", price)
        assert found.exit_code == 0, found.stderr
        (said[price],) = (x for x in found.stdout.splitlines() if "answers a label" in x)
    assert "buy true labels" in said[1] and "ask the teacher" in said[100]
    assert "at 100 answers a label and 30% wrong" in said[100]
    assert "answers a label" not in call(*ADVISE, "10%").stdout
    document = json.loads(call(*ADVISE, "10%", "--label-price", 3, "--json").stdout)
    assert document["prices"]["price"] == 3
    for bad in ("0", "-2", "nan"):
        refused = call(*ADVISE, "10%", f"--label-price={bad}")
        assert refused.exit_code == 2 and "price" in refused.stderr
