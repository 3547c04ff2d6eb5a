r"""Property tests of claims: one claim, or one statement about the game, on one game."""

from __future__ import annotations

import hashlib
import math
import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import numpy as np

from radsim.claims import CLAIMS, ERROR, Claim, Verdict, check
from radsim.conjecture import conjecture, judge
from radsim.conjecture.judging import sides
from radsim.conjecture.kept import MOST_POINTS, save_refutation
from radsim.conjecture.readable import in_fractions, trial_of
from radsim.data.instances import Instance
from radsim.data.saved import save
from radsim.door import one_of, steady, typed
from radsim.game import Game
from radsim.testing.replays import FOLDER
from radsim.testing.run import RUN

__all__ = ["check_claim"]


def check_claim(
    claim: str | Claim,
    game: Game | Instance,
    *,
    where: str = "",
    method: str = "linprog",
    rtol: float = 1e-9,
    rng: np.random.Generator | int | None = None,
    error: float = ERROR,
) -> Verdict:
    r"""Check a claim or a statement on one game, and fail a test that calls it if it is false.

    A statement is judged in exact fractions: those of fewest digits that the game's floats stand
    for.

    Parameters
    ----------
    claim : str or Claim
        An id of `CLAIMS`, a claim of your own, or a statement in the theory's letters, as in
        `radsim.falsify`: ``"V <= b*max(g)"``.
    game : Game or Instance
    where : str
        Conditions of a statement.
    method, rtol, error
        Of a claim, as in `radsim.check`.
    rng : numpy.random.Generator or int, optional
        Of a claim; default pytest's --radsim-seed, or 0.

    Returns
    -------
    Verdict
        HOLDS, or UNDECIDED if the game does not meet the hypotheses, or too little is known.

    Raises
    ------
    AssertionError
        If the claim is violated or the statement false on the game: with the game in fractions, as
        Python, and a line that replays it.
    ValueError
        If there is no such claim, or the statement cannot be read.

    Examples
    --------
    >>> from radsim import Game
    >>> check_claim("V2", Game([1, 0.5, 0.25], mistakes=1)).status
    'HOLDS'
    >>> check_claim("V <= b*max(g)", Game([1, 0.5, 0.25], mistakes=1)).status
    'HOLDS'
    """
    __tracebackhide__ = True
    found, words = _checked(claim, game, where, method, rtol, rng, error)
    if run := RUN.get():
        slack = found.slack if math.isfinite(found.slack) else None
        run.notes.append((found.claim, "claim", found.status, slack))
    if found.status == "VIOLATED":
        raise AssertionError(words)
    return found


@steady
def _checked(
    claim: str | Claim,
    game: Game | Instance,
    where: str,
    method: str,
    rtol: float,
    rng: np.random.Generator | int | None,
    error: float,
) -> tuple[Verdict, str]:
    """The verdict, and what a failed test says."""
    typed(claim, (str, Claim), "claim")
    instance = game if isinstance(game, Instance) else Instance("mine", game)
    shown = f"  game: {in_fractions(instance.game)}\n  {instance.game!r}\n  replay: "
    if isinstance(claim, str) and not claim.isidentifier():
        found, words, line = _stated(claim, where, instance.game)
        return found, f"{words}\n{shown}{line}"
    if where:
        raise ValueError(f"where = {where!r}: only a statement has conditions of its own")
    row = CLAIMS[one_of(claim, CLAIMS, "claim")] if isinstance(claim, str) else claim
    run = RUN.get()
    drawn = rng if rng is not None else run.seed if run else 0
    found = check(row, instance, method=method, rtol=rtol, rng=drawn, error=error)
    if found.status != "VIOLATED":
        return found, ""
    words = (
        f"claim {row.id} is VIOLATED: {found.label}, bound {found.bound:.10g}, "
        f"measured {found.measured}"
    )
    return found, f"{words}\n{shown}{_replay_claim(row, instance)}"


def _stated(statement: str, where: str, game: Game) -> tuple[Verdict, str, str]:
    """Verdict on a statement, what is false about it, and the line that replays it."""
    asked, trial = conjecture(statement, where), trial_of(game)
    ruling = judge(asked, trial)
    status: Any = {"refutes": "VIOLATED", "agrees": "HOLDS"}.get(ruling, "UNDECIDED")
    nan = math.nan
    words = {"outside": "outside the hypotheses", "undefined": "not defined there"}
    label = words.get(ruling, statement)
    found = Verdict(statement, status, label, nan, (nan, nan), nan, 1)
    if status != "VIOLATED":
        return found, "", ""
    wrong = [x for x in sides(asked, trial) if x.holds is False]
    told = "; ".join(
        f"{x.left[0]} = {_said(x.left)}, {x.right[0]} = {_said(x.right)}" for x in wrong
    )
    line = f"check_claim({statement!r}, {game!r}, where={where!r})"
    if trial.n <= MOST_POINTS:
        path = _path("conjecture", statement)
        save_refutation(asked, trial, path)
        line = f"radsim conjecture --replay {shlex.quote(str(path))}"
    return found, f"{statement} is false: {told}", line


def _said(side: tuple[str, Any]) -> str:
    value = side[1]
    return f"({', '.join(map(str, value))})" if isinstance(value, tuple) else str(value)


def _path(kind: str, name: str) -> Path:
    """Where a failure is kept: one file a test and claim, whichever process of pytest runs it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    label = re.sub(r"\W+", "_", name).strip("_")[:40]
    mark = hashlib.sha256(f"{test}\n{name}".encode()).hexdigest()[:8]
    return FOLDER / f"{kind}-{label}-{mark}.json"


def _replay_claim(claim: Claim, instance: Instance) -> str:
    """Save the game, and the command that checks this claim on it again."""
    address = _address(claim)
    if address is None:
        return f"none: give claim {claim.id} a name in a module, so that it has an address"
    path = _path("claim", claim.id)
    save(Instance(f"claim {claim.id}", instance.game), path)
    words = ("radsim", "verify", "--claims", address, "--replay", str(path))
    return shlex.join(words)


def _address(claim: Claim) -> str | None:
    """The id of a row, or the file or module and the name under which a claim is found again."""
    if CLAIMS.get(claim.id) is claim:
        return claim.id
    home = getattr(claim.compare, "__module__", "")
    modules = sorted(sys.modules.items(), key=lambda item: item[0] != home)
    for name, module in modules:
        for key, value in list(getattr(module, "__dict__", {}).items()):
            if value is not claim:
                continue
            file = getattr(module, "__file__", None)
            if getattr(module, "__package__", None) or file is None:
                return f"{name}:{key}"
            path = Path(file)
            near = path.is_relative_to(Path.cwd())
            return f"{path.relative_to(Path.cwd()) if near else path}:{key}"
    return None
