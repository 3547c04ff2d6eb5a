"""A view of a small pool, whose teacher errs where a test says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from radsim.data.gains import gains_from_probabilities
from radsim.distillation.students import softmax
from radsim.distillation.view import Told, View
from radsim.game import Array


def nobody_asked(d: int, n_classes: int) -> Told:
    none, whole, empty = np.zeros(0), np.zeros(0, dtype=int), np.zeros((0, n_classes))
    return Told(np.zeros((0, d)), empty, none, none, empty, whole, whole)


def view_of(x: Array, labels: Array, n: int, v: int, budget: int) -> View:
    """The first round: n points of the pool, v validation points, the rest labelled.

    The teacher makes no mistake on V.  The students are fitted on the labelled points alone, so the
    predictions on V are by students that were not fitted on it.
    """
    k = int(labels.max()) + 1
    hot = np.eye(k)[labels]
    student = softmax(x[n + v :], hot[n + v :], rng=np.random.default_rng(0))
    p = student.probabilities(x)
    checks = slice(n, n + v)
    return View(
        gains=gains_from_probabilities(p[:n], "margin"),
        budget=budget,
        round=0,
        batch=0,
        n_batches=1,
        n_checks=0,
        true_mistakes=0.0,
        probabilities=p[:n],
        features=x[:n],
        first_probabilities=p[:n],
        validation_features=x[checks],
        validation_labels=labels[checks],
        validation_answers=hot[checks],
        labelled_features=x[n + v :],
        labelled_targets=hot[n + v :],
        labelled_weights=np.ones(len(x) - n - v),
        n_labelled=len(x) - n - v,
        told=nobody_asked(x.shape[1], k),
        student=student,
        fit=softmax,
        gain="margin",
        cross_fit=lambda: p[checks],
        first_cross_fit=lambda: p[checks],
    )


def erring(view: View, wrong: Array) -> View:
    """The view where the teacher names the next class on the validation points that are wrong."""
    k = view.probabilities.shape[1]
    named = (view.validation_labels + wrong) % k
    return replace(view, validation_answers=np.eye(k)[named])


def having_told(
    view: View, picks: Array, answers: Array, *, profile: float | Array, truth: Array | None = None
) -> View:
    """The view after its picks were answered, all in its batch; -1 where no truth was bought."""
    k = len(picks)
    told = Told(
        view.features[picks],
        view.probabilities[picks],
        view.gains[picks],
        np.full(k, profile),
        answers,
        np.full(k, -1) if truth is None else truth,
        np.full(k, view.batch),
    )
    return replace(view, told=told)
