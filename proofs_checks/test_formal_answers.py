"""Float answers of the closed form become theorems; forged ones are refused.

`RADSIM_ANSWERS=full` runs 100 answers of up to 100,000 points and 1,000 forged ones; a plain run a
share.  `pytest -s` prints one line each.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proofs_checks.formal import checking, coq, forgers
from proofs_checks.formal.answers import (
    Answer,
    answer_of,
    answer_of_proof,
    bounds_of,
    scale_of,
    text_of,
)
from radsim import Game, solve
from radsim.constrained import ConstrainedGame
from radsim.game import Count
from radsim.proof import prove, read_proof

FULL = os.environ.get("RADSIM_ANSWERS") == "full"
SIZES = (1, 2, 3, 5, 8, 13, 30, 100, 300, 1_000) + ((10_000, 100_000) if FULL else ())

needs_coq = pytest.mark.skipif(coq.compiler() is None, reason=f"no coqc: {coq.INSTALL}")
needs_ocaml = pytest.mark.skipif(shutil.which("ocamlopt") is None, reason="no ocamlopt")


@pytest.fixture(scope="module")
def program(built: tuple[Path, float]) -> Path:
    return checking.program(built[0])


def drawn(n_answers: int, sizes: tuple[int, ...], seed: int) -> list[tuple[str, Answer, float]]:
    """Regime, answer, and the value that the closed form claimed; small sizes most often."""
    found: list[tuple[str, Answer, float]] = []
    regimes = [*forgers.REGIMES]
    for k in range(n_answers):
        rng = np.random.default_rng([seed, k])
        n = sizes[k % len(sizes)]
        # Every size in every regime, as far as there are answers.
        regime = regimes[(k // len(sizes)) % len(regimes)] if n > 1 else "capped"
        solution = forgers.solved(regime, n, rng)
        found.append((regime, answer_of(solution), float(solution.value)))
    return found


def within(answer: Answer, bounds: tuple[int, int], claimed: float) -> bool:
    """The interval is narrow, and the claimed value is in it or next to it."""
    low, high = map(answer.real, bounds)
    slack = checking.WIDEST * scale_of(answer)
    return high - low <= slack and low - slack <= claimed <= high + slack


def test_answers_are_enclosed_narrowly():
    for regime, answer, value in drawn(112, (1, 2, 3, 5, 8, 13, 30), 1):
        bounds = bounds_of(answer)
        assert bounds is not None, regime
        assert not forgers.really_wrong(answer, bounds), regime
        assert within(answer, bounds, value), (regime, answer.n, value)


@needs_coq
@needs_ocaml
@pytest.mark.slow
def test_answers_of_the_closed_form_are_accepted(program):
    answers = drawn(100 if FULL else 80, SIZES, 2)
    cpu, largest = 0.0, 0.0
    widths = []
    for regime, answer, value in answers:
        before = _child_seconds()
        ((digest, bounds),) = checking.run_program(program, text_of(answer))
        spent = _child_seconds() - before
        cpu += spent
        if answer.n == max(SIZES):
            largest = max(largest, spent)
        assert bounds is not None, regime
        assert text_of(answer).startswith(f"answer {digest}\n")
        assert bounds == bounds_of(answer), regime
        assert within(answer, bounds, value), (regime, answer.n)
        low, high = map(answer.real, bounds)
        widths.append(float((high - low) / scale_of(answer)))
    print(
        f"{len(answers)} answers, n = 1 to {max(SIZES)}, {len(forgers.REGIMES)} regimes: accepted; "
        f"checker {cpu:.1f} s of CPU, the slowest of n = {max(SIZES)} {largest:.1f} s; "
        f"widest interval {max(widths):.1e} of the scale"
    )


def _child_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@needs_coq
@needs_ocaml
@pytest.mark.slow
def test_forged_answers_are_refused(program):
    honest = [(r, a) for r, a, _ in drawn(64, (2, 3, 5, 8, 13, 30), 3)]
    kinds, wanted = [*forgers.FORGERS], 1_000 if FULL else 200
    forged: list[tuple[str, Answer, tuple[int, int], bool]] = []
    wrong, k = 0, 0
    while wrong < wanted:
        rng = np.random.default_rng([4, k])
        kind, (_, answer) = kinds[k % len(kinds)], honest[k % len(honest)]
        bounds = bounds_of(answer)
        assert bounds is not None
        fake, claim = forgers.draw(kind, answer, bounds, rng)
        really = forgers.really_wrong(fake, claim)
        wrong, k = wrong + really, k + 1
        forged.append((kind, fake, claim, really))
    text = "".join(text_of(fake) for _, fake, _, _ in forged)
    found = checking.run_program(program, text)
    accepted = [
        bounds is not None and claim[0] <= bounds[0] and bounds[1] <= claim[1]
        for (_, _, claim, _), (_, bounds) in zip(forged, found, strict=True)
    ]
    told = zip(forged, accepted, strict=True)
    passed = [(kind, fake) for (kind, fake, _, really), yes in told if really and yes]
    assert passed == []
    by_kind = Counter(kind for kind, _, _, really in forged if really)
    assert set(by_kind) >= {*kinds} - {"price", "level"}
    harmless = [yes for (_, _, _, really), yes in zip(forged, accepted, strict=True) if not really]
    print(
        f"{wrong} forged answers that are really wrong: all refused ({dict(by_kind)}); harmless "
        f"changes: {len(harmless)}, of which {sum(harmless)} accepted"
    )


@needs_coq
@pytest.mark.slow
def test_small_answers_are_theorems_of_the_kernel(built):
    answers = [answer for _, answer, _ in drawn(24, (1, 2, 5, 13), 5)]
    start = time.perf_counter()
    found = checking.enclosed(built[0], answers)
    assert found == [bounds_of(answer) for answer in answers]
    print(f"{len(answers)} theorems: {time.perf_counter() - start:.1f} s")


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["value", "asked", "missed", "most", "gain", "flags"])
def test_the_kernel_refuses_forged_answers(built, kind):
    for k, (_, answer, _) in enumerate(drawn(40, (5,), 6)):
        bounds = bounds_of(answer)
        assert bounds is not None
        fake, claim = forgers.draw(kind, answer, bounds, np.random.default_rng([7, k]))
        if forgers.really_wrong(fake, claim):
            break
    else:
        raise AssertionError("no forged answer was really wrong")
    (built[0] / "Forged.v").write_text(checking.PRELUDE + checking.theorem("forged", fake, claim))
    with pytest.raises(coq.BuildError, match="Unable to unify"):
        coq.compile_file(built[0], "Forged")


def test_the_judge_is_right_about_the_worked_game():
    answer = answer_of(solve(Game([1, 0.5, 0.25], mistakes=1)))
    bounds = bounds_of(answer)
    assert bounds is not None
    assert not forgers.really_wrong(answer, bounds)
    assert forgers.really_wrong(answer, (bounds[0], bounds[0] - 1))
    assert forgers.really_wrong(replace(answer, budget=answer.budget // 2), bounds)


@pytest.mark.parametrize(
    ("solution", "words"),
    [
        (lambda: solve(Game([3, 2, 1], 1), "ratio"), "ratio"),
        (
            lambda: solve(ConstrainedGame([3, 2, 1], [3, 2, 1], 1, costs=[1, 2, 1])),
            "prices per query",
        ),
        (
            lambda: solve(
                ConstrainedGame([3, 2, 1], [3, 2, 1], [1, 1], groups=[[1, 1, 0], [1, 1, 1]])
            ),
            "point 0 is in 2",
        ),
    ],
)
def test_games_that_the_checker_does_not_know_are_refused(solution, words):
    with pytest.raises(ValueError, match=words):
        answer_of(solution())


def test_the_answer_of_a_proof_file_carries_its_digest():
    gains = [0.92, 0.85, 0.85, 0.61, 0.40, 0.33, 0.12, 0.05]
    game = Game(gains, mistakes=2, budget=3)
    _, text = prove(solve(game), ("multiple", 1.0))
    answer = answer_of_proof(text.encode(), gains)
    assert answer.source == hashlib.sha256(text.encode()).hexdigest()
    assert f" {answer.source} *)" in checking.theorem("a", answer, (0, 1))
    assert text_of(answer).splitlines()[1].startswith(f"{answer.source} value ")
    bounds, proof = bounds_of(answer), read_proof(text)
    assert bounds is not None
    assert within(answer, bounds, float.fromhex(proof.value))
    with pytest.raises(ValueError, match="the proof is of game"):
        answer_of_proof(text.encode(), [*gains[:-1], 0.06])


def test_floats_of_all_sizes_are_exact():
    game = Game([1e300, 5e-324, 0.1], mistakes=Count(0.3), budget=0.7, harms=[0, 1e-10, 3e200])
    answer = answer_of(solve(game, certify=False))
    gains = [p.gain for p in answer.groups[0].points]
    assert [float(x / answer.grain) if x < answer.grain else x // answer.grain for x in gains] == [
        int(1e300),
        5e-324,
        0.1,
    ]
    assert bounds_of(answer) is not None
