r"""Runs of checks: a seed, a profile, and the notes of results."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

__all__ = ["PROFILES", "RUN", "Profile", "Run"]


@dataclass(frozen=True)
class Profile:
    """Effort spent on one check: games, draws, tolerance, repetitions.

    Attributes
    ----------
    examples : int
        Games that Hypothesis draws.
    draws : int
        Most samples of an audit.
    tolerance : float
        How far an inclusion probability may be off in an audit that holds.
    repetitions : int
        Teachers and samples of the noise check.
    huge : int
        Points of the huge pool, where no embeddings are taken.
    """

    examples: int
    draws: int
    tolerance: float
    repetitions: int
    huge: int


PROFILES: dict[str, Profile] = {
    "fast": Profile(40, 4_000, 0.06, 400, 100_000),
    "thorough": Profile(400, 60_000, 0.02, 4_000, 1_000_000),
}


@dataclass(frozen=True)
class Run:
    """Seed and profile of a run; `notes` gathers (check, subject, status, slack) for a summary."""

    seed: int = 0
    profile: Profile = PROFILES["fast"]
    notes: list[tuple[str, str, str, float | None]] = field(default_factory=list)


# Set by the pytest plugin around each test; a context variable, so that threads do not mix.
RUN: ContextVar[Run | None] = ContextVar("radsim_run", default=None)
