r"""The question that every answer is asked before it leaves: is it proved?"""

from __future__ import annotations

from typing import Any

from radsim.solution import UncertifiedError

__all__ = ["asked", "refusal"]


def asked(
    answer: Any,
    game: Any,
    objective: str,
    method: str,
    rtol: float,
    methods: tuple[str, ...] = (),
    *,
    restricted: bool = False,
) -> None:
    """Refuse an answer whose certificate does not accept, or that is one to another question.

    Parameters
    ----------
    answer : Solution or StoredSolution
    game, objective, method
        What was asked, and whom.
    rtol : float
        Of the certificate.
    methods : tuple of str
        Who else could be asked.
    restricted : bool
        Whether the teacher's mistakes were constrained further.

    Raises
    ------
    UncertifiedError
        If the certificate does not accept, or the answer cannot be evaluated.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> asked(solve(game, certify=False), game, "value", "closed_form", 1e-12)
    """
    others = ", ".join(repr(name) for name in methods if name != method)
    try:
        restriction = getattr(answer, "restriction", None)
        if (
            answer.game is not game
            or answer.objective != objective
            or (restriction is not None and not restricted)
        ):
            raise UncertifiedError(refusal(method, "it answers another question", rtol, others))
        proof = answer.certificate
        if proof.accepts(rtol):
            return
        unit = float(proof.scale) or 1.0
        outside = max(proof.lower - proof.value, proof.value - proof.upper, 0)
        found = (
            f"gap {float(proof.gap) / unit:.1e}, value outside by {float(outside) / unit:.1e}, "
            f"infeasibility {float(proof.infeasibility):.1e}, relative to the scale {unit:.4g}"
        )
    except (UncertifiedError, OSError, MemoryError):
        raise
    except Exception as error:  # strategies that cannot be evaluated prove nothing
        found = f"it cannot be evaluated: {error}"
    raise UncertifiedError(refusal(method, found, rtol, others))


def refusal(method: str, found: str, rtol: float, others: str = "") -> str:
    """What is said of an answer that is not proved, in one line, and what can be done."""
    instead = f"another method ({others}), or " if others else ""
    return (
        f"{method}: the answer is not certified at rtol {rtol:g}: {found}; "
        f"try {instead}certify=False to have it as it is"
    ).replace("\n", " ")
