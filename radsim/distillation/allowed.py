"""What a strategy may do: picks, checks and lessons that cannot be are refused by its name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from radsim.distillation.lessons import Lesson
from radsim.distillation.strategies import Strategy
from radsim.distillation.view import View
from radsim.door import Array, class_probabilities, vector, whole
from radsim.selectors import Selection

__all__ = ["checked_by", "chosen_by", "taught_by"]


def chosen_by(name: str, strategy: Strategy, view: View, rng: np.random.Generator) -> Selection:
    """The strategy's selection, sorted, so that equal sets of points make equal students."""
    selection = strategy.choose(view, rng)
    indices = np.sort(whole(selection.indices, f"{name}: indices", low=-np.inf))
    if len(indices) > view.budget:
        raise ValueError(f"{name} asks about {len(indices)} points, the budget is {view.budget}")
    if len(indices) and (indices[0] < 0 or indices[-1] >= len(view.gains)):
        raise ValueError(f"{name} picks {indices[-1]}, not an index in [0, {len(view.gains)})")
    if np.any(np.diff(indices) == 0):
        raise ValueError(f"{name} picks a point twice")
    for what, most in (("profile", 1.0), ("stakes", np.inf)):
        if what in selection.info:
            vector(selection.info[what], f"{name}: {what}", len(view.gains), high=most)
    return replace(selection, indices=indices)


def checked_by(name: str, strategy: Strategy, view: View, rng: np.random.Generator) -> Array:
    """Places in what was told that the strategy has checked."""
    places = whole(strategy.check(view, rng), f"{name}: checks")
    if len(places) > view.n_checks:
        raise ValueError(f"{name} checks {len(places)} answers, it may check {view.n_checks}")
    if len(np.unique(places)) < len(places):
        raise ValueError(f"{name} checks an answer twice")
    here = np.flatnonzero(view.told.batches == view.batch)
    odd = places[~np.isin(places, here)]
    if len(odd):
        raise ValueError(f"{name} checks answer {odd[0]}, which is none of this batch's")
    return places


def taught_by(name: str, strategy: Strategy, view: View, rng: np.random.Generator) -> Lesson:
    """The strategy's lesson, of a shape and of numbers that can be."""
    lesson = strategy.learn(view, rng)
    k, n_classes = view.told.answers.shape
    targets, weights = np.asarray(lesson.targets), np.asarray(lesson.weights)
    if targets.shape != (k, n_classes) or weights.shape != (k,):
        raise ValueError(
            f"{name} learns targets of shape {targets.shape} and weights of shape {weights.shape}, "
            f"not {(k, n_classes)} and {(k,)}"
        )
    class_probabilities(targets, f"{name}: targets", k, of="answers")
    vector(weights, f"{name}: weights", k, of="answers")
    return lesson
