"""Mistakes, budgets and rates as they are written: each in one way, all others by name."""

from fractions import Fraction

import pytest
from commands import call

from radsim import mistakes_upper_bound
from radsim.cli.amounts import budget_of, fear_of, share_of

POOL = "gain\n" + "1\n0.5\n" * 50
CHECKED = ("--checked", "200", "--wrong", "24")


def bound(delta):
    return str(mistakes_upper_bound(100, 200, 24, delta))


@pytest.mark.parametrize(
    ("options", "m", "words"),
    [
        (["--mistakes", "12"], "12", "a count, of 100 points"),
        (["--mistakes", "1.5"], "1.5", "a count, of 100 points, mean"),
        (["--mistakes", "7%"], "7", "7% of 100 points, mean"),  # 0.07 * 100 is more in floats
        (["--rate", "7%"], "7", "7% of 100 points, mean"),
        (["--rate", ".07"], "7", "7% of 100 points, mean"),
        (["--rate", "0.12"], "12", "12% of 100 points, mean"),
        (["--rate", "0.3%"], "0.3", "0.3% of 100 points, mean"),
        ([*CHECKED], bound(0.05), "24 of 200 wrong, delta 5%"),
        ([*CHECKED, "--delta", "0.5"], bound(0.5), "24 of 200 wrong, delta 50%"),
        ([*CHECKED, "--delta", "1%"], bound(0.01), "24 of 200 wrong, delta 1%"),
    ],
)
def test_how_m_came_is_told(options, m, words):
    found = call("solve", "-", *options, text=POOL)
    assert found.exit_code == 0, found.stderr
    line = next(x for x in found.stdout.splitlines() if "mistakes feared" in x)
    assert [cell.strip() for cell in line.split("│")[2:4]] == [m, words]


REFUSED = {
    "nothing": ([], "how many mistakes are feared? --mistakes 12, --rate 12%, or --checked 200"),
    "a share": (["--mistakes", "0.12"], "first is --rate 12%, the second --rate 0.12%"),
    "a share in another form": (["--mistakes", "1e-3"], "first is --rate 0.1%, the second --rate "),
    "two of them": (["--mistakes", "2", "--rate", "2%"], "--mistakes and --rate say the same"),
    "all three": (
        ["--mistakes", "2", "--rate", "2%", "--checked", "9"],
        "--mistakes and --rate and --checked say the same",
    ),
    "more than all": (["--rate", "120%"], "--rate 120% must be in [0%, 100%]"),
    "percent as a share": (["--rate", "12"], "--rate 12 must be in [0, 1]; in percent 12%"),
    "less than none": (["--rate=-1%"], "--rate -1% must be in"),
    "no rate": (["--rate", "much"], "--rate 'much' must be a rate: 12% or 0.12"),
    "not a number": (["--rate", "nan"], "--rate 'nan' must be a rate"),
    "no percentage": (["--mistakes", "x%"], "--mistakes 'x%' must be a rate"),
    "more wrong than checked": (
        ["--checked", "10", "--wrong", "12"],
        "--wrong 12 must be in [0, 10], of --checked 10",
    ),
    "less wrong than none": (["--checked", "10", "--wrong", "-1"], "--wrong -1 must be in [0, 10]"),
    "none checked": (["--checked", "0", "--wrong", "0"], "--checked 0 must be a whole number of"),
    "checked alone": (["--checked", "10"], "--checked 10 needs --wrong"),
    "wrong alone": (["--wrong", "1"], "--wrong 1 needs --checked"),
    "delta alone": (["--mistakes", "1", "--delta", "5%"], "--delta 5% needs --checked"),
    "no delta": (["--checked", "9", "--wrong", "1", "--delta", "0"], "--delta 0 must be in (0, 1)"),
    "all delta": (["--checked", "9", "--wrong", "1", "--delta", "100%"], "--delta 100% must be"),
    "no budget": (["--mistakes", "1", "--budget", "0%"], "--budget 0% must be above 0%"),
    "nothing to spend": (["--mistakes", "1", "--budget", "0"], "--budget 0 must be finite and pos"),
    "too much": (["--mistakes", "1", "--budget", "200%"], "--budget 200% must be at most 100%"),
    "far too much": (["--mistakes", "1", "--uncapped", "--budget", "1e999%"], "must be finite"),
    "words": (
        ["--mistakes", "1", "--budget", "ten"],
        "--budget 'ten' must be a number, or a share",
    ),
    "two logits": (["--mistakes", "1", "--logits", "--logprobs"], "logits or logprobs: one of"),
    "logits of gains": (["--mistakes", "1", "--logits", "--kind", "gains"], "logits or gains: one"),
    "normalised": (["--mistakes", "1", "--logits", "--normalise"], "--normalise divides class"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_doubtful_or_wrong_is_one_line(name):
    options, words = REFUSED[name]
    found = call("solve", "-", *options, text=POOL)
    assert (found.exit_code, found.stdout) == (2, "")
    assert words in found.stderr
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        ("solve", "pool.csv"),
        ("attack", "margin", "--file", "pool.csv"),
        ("simulate", "--file", "pool.csv"),
        ("bench", "--sizes", "50"),
    ],
)
def test_every_command_asks_which_is_meant(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pool.csv").write_text(POOL)
    found = call(*command, "--mistakes", "0.5")
    assert (found.exit_code, found.stdout) == (2, "")
    assert ("--mistakes 0.5:" in found.stderr and "of one mistake?" in found.stderr) or (
        "less than one mistake?" in found.stderr
    )
    assert found.stderr.count("\n") == 1


def test_a_budget_may_be_a_share():
    found = call("solve", "-", "--mistakes", 1, "--budget", "10%", text=POOL)
    assert "-: 100 points, budget 10 (10%)" in found.stdout
    found = call("solve", "-", "--mistakes", 1, "--budget", "200%", "--uncapped", text=POOL)
    assert "-: 100 points, budget 200 (200%)" in found.stdout


def test_shares_are_rounded_once():
    for percent in range(1, 101):
        for n in (7, 100, 12_345):
            right = float(Fraction(percent * n, 100))
            assert fear_of("", rate=f"{percent}%").among(n)[0] == right
            assert budget_of(f"{percent}%")(n) == right


@pytest.mark.parametrize("text", ["12", "%", "1_0%", "１%", "12%%", "nan%", "inf%", "1e9999%", ""])
def test_what_is_no_percentage_is_none(text):
    assert share_of(text) is None


@pytest.mark.parametrize("command", ["solve", "simulate", "attack"])
def test_a_budget_below_one_query_has_two_meanings(command, tmp_path):
    """0.1 is 10% of the 100 points, or 0.1% of them: a tenth of a query."""
    path = tmp_path / "pool.csv"
    path.write_text(POOL)
    where = {"solve": [path], "simulate": ["--file", path], "attack": ["margin", "--file", path]}
    found = call(command, *where[command], "--mistakes", "3", "--budget", "0.1")
    assert found.exit_code == 2, found.output
    assert (
        "--budget 0.1: 10% of the 100 points, or 0.1 of one query? The first is --budget 10%, "
        "the second --budget 0.1%" in found.stderr
    )
    assert found.stderr.count("\n") == 1
    assert budget_of("0.1%")(100) == 0.1
