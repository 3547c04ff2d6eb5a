"""Every figure that `radsim solve` prints, worked out again by brute force."""

from itertools import combinations

import numpy as np
import pytest
from typer.testing import CliRunner

from radsim import Game, solve
from radsim.cli import app


def mistakes(n, m):
    """Vertices of the mistakes with l in [0, 1] and sum at most m: sets, and one point in part."""
    whole, part = int(m), m - int(m)
    for size in range(whole + 1):
        for wrong in combinations(range(n), size):
            l = np.zeros(n)
            l[list(wrong)] = 1
            yield l
            for i in range(n) if size == whole and part else ():
                if not l[i]:
                    yield np.where(np.arange(n) == i, part, l)


def printed(text):
    """From the name of a figure to its value and its words."""
    cells = [[cell.strip() for cell in row.split("│")[1:-1]] for row in text.splitlines()]
    return {row[0]: row[1:] for row in cells if len(row) == 3}


REGIMES = {
    "README": ([0.92, 0.85, 0.85, 0.61, 0.4, 0.33, 0.12, 0.05], "25%", 3, []),
    "a fraction": ([5, 3, 2, 2, 1], "1.5", 1, []),
    "a rate": ([5, 3, 2, 2, 1, 1, 1], "12%", 2, []),
    "less than one mistake": ([5, 3, 2], "15%", 1, []),
    "no mistake": ([5, 3, 2, 2], "0", 2, []),
    "nothing is safe": ([5, 3, 2, 2], "3", 2, []),
    "forced": ([5, 3, 2, 2], "3", 2, ["--forced"]),
    "caps bind": ([10, 3, 2], "1", 2, ["--harm", "0"]),
    "with replacement": ([5, 3, 2, 2, 1], "1.2", 4, ["--uncapped"]),
    "half a query": ([5, 3, 2, 2, 1], "1", 0.5, []),
    "constant harm": ([5, 3, 2, 2, 1], "1", 2, ["--harm", "constant:2", "--seed", "3"]),
    "regret": ([5, 3, 2, 2, 1], "1", 1, ["--objective", "regret"]),
    "ratio": ([5, 3, 2, 2, 1], "1", 1, ["--objective", "ratio", "--method", "rational"]),
    "huge": ([5e200, 3e200, 2e200], "1", 1, []),
}


@pytest.mark.parametrize("regime", REGIMES)
def test_each_figure_is_what_it_says(regime):
    gains, feared, budget, rest = REGIMES[regime]
    text = "gain\n" + "\n".join(map(str, gains)) + "\n"
    spent = str(budget) if budget >= 1 else f"{budget / len(gains):.0%}"
    given = ["solve", "-", "--mistakes", feared, "--budget", spent, *rest]
    run = CliRunner().invoke(app, given, input=text)
    assert run.exit_code == 0, run.output
    assert max(map(len, run.output.splitlines())) <= 80
    found, g = printed(run.stdout), np.array(gains, dtype=float)
    n = len(g)
    m = float(feared[:-1]) / 100 * n if feared.endswith("%") else float(feared)
    harm = np.full(n, 2.0) if "constant:2" in rest else (0.0 if "0" in rest else 1.0) * g
    stakes, capped = g + harm, "--uncapped" not in rest
    game = Game(g, rate=m / n, budget=budget, harms=harm, capped=capped)
    game = game.replace(abstain="--forced" not in rest)
    objective = rest[1] if "--objective" in rest else "value"
    q = np.asarray(solve(game, objective).inclusion)
    vertices = list(mistakes(n, m))

    def worst(q):
        return min(float(q @ (g - stakes * l)) for l in vertices)

    def share(q):
        return f"{max(float(q @ l) for l in vertices) / q.sum():.1%}" if q.sum() else "-"

    def near(name, value):
        assert float(found[name][0]) == pytest.approx(value, rel=1e-7, abs=1e-9 * g.max())

    rows = run.stdout.split("picked rows, from 0: ")[1].strip()
    picks = [] if rows == "none" else [int(row) for row in rows.split(", ")]
    margin = np.zeros(n)
    order = np.argsort(-g, kind="stable")
    if capped:
        margin[order] = np.clip(budget - np.arange(n), 0, 1)
    else:
        margin[order[0]] = budget
    near("mistakes feared, m", m)
    near("guaranteed value", worst(q))
    near("worst case of this draw", worst(np.bincount(picks, minlength=n).astype(float)))
    near("margin's guarantee", worst(margin))
    assert found["largest share wrong"][0] == share(q)
    assert found["uniform's"][0] == share(np.full(n, budget / n))
    assert found["margin's"][0] == share(margin)
    assert all(len(words.split()) <= 6 and words for _, words in found.values())


@pytest.mark.parametrize(
    ("text", "words"),
    [("12%", "12% of 80 points, mean"), ("9", "a count, of 80 points"), ("9.5", "points, mean")],
)
def test_how_m_was_read_is_said(text, words):
    pool = "gain\n" + "\n".join(["1"] * 80) + "\n"
    run = CliRunner().invoke(app, ["solve", "-", "--mistakes", text], input=pool)
    assert words in run.stdout
    assert not run.stderr


def test_a_bare_fraction_is_refused_with_both_readings():
    run = CliRunner().invoke(app, ["solve", "-", "--mistakes", "0.12"], input="gain\n1\n1\n1\n")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.splitlines() == [
        "radsim: --mistakes 0.12: 12% of the 3 points, or 0.12 of one mistake? The first is --rate "
        "12%, the second --rate 4%"
    ]
