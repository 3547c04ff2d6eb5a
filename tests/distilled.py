"""Strategies, tables and views of the tests of the distillation loop."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from radsim.distillation import Strategy, compare, gaussian_mixture
from radsim.distillation.students import Student
from radsim.selectors import Selection, select


def own(choose, **rest):
    return Strategy(choose, "of this test", "none", **rest)


def _by(name, mistakes=None):
    def choose(view, rng):
        rest = {} if mistakes is None else {"mistakes": getattr(view, mistakes)}
        return select(name, view.gains, view.budget, rng=rng, **rest)

    return own(choose)


def _by_probabilities(name):
    return own(lambda view, rng: select(name, view.probabilities, view.budget, rng=rng))


def _skip(view, rng):
    order = np.argsort(-view.gains, kind="stable")
    start = min(int(view.mistakes), len(order) - view.budget)
    q = np.zeros(len(order))
    q[order[start : start + view.budget]] = 1
    return Selection(np.flatnonzero(q), q)


ROWS = {
    "uniform": _by("uniform"),
    "margin": _by("margin"),
    "softmax": _by("softmax"),
    "power": _by("power"),
    "rad": _by("rad", "mistakes"),
    "rad_true": _by("rad", "true_mistakes"),
    "skip_m": own(_skip),
}
UNKNOWN = {"unixkd": _by_probabilities("unixkd"), "cdal": _by_probabilities("cdal")}


def mixture():
    return gaussian_mixture(600, 5, 8, rng=np.random.default_rng(17))


def saved(path, data, labels=None, features=None):
    """A table small enough for many runs: of 600 points 50 labelled, 300 in the pool."""
    np.savez(
        path,
        features=data.features if features is None else features,
        labels=data.labels if labels is None else labels,
    )
    return str(path)


def same(first, second):
    """Whether two outcomes agree in all but the strategy's name and the time."""
    a, b = first.row(), second.row()
    for name in ("strategy", "cpu_seconds"):
        del a[name], b[name]
    return all(a[k] == b[k] or (a[k] != a[k] and b[k] != b[k]) for k in a)


def views(setting, seed=0, **rest):
    """The views of a strategy that asks at random, as it chooses."""
    seen = []

    def choose(view, rng):
        seen.append(view)
        return ROWS["uniform"].choose(view, rng)

    compare(setting, {"own": own(choose, **rest)}, seed)
    return seen


def contents(view):
    """Everything that a strategy can see in a view, as arrays."""
    found = {}
    for field in fields(view):
        value = getattr(view, field.name)
        if field.name == "told":
            found |= {f"told.{f.name}": getattr(value, f.name) for f in fields(value)}
        elif field.name == "student":
            found["student"] = value.probabilities(view.features)
        elif field.name in ("cross_fit", "first_cross_fit"):
            found[field.name] = value()
        elif field.name != "fit":
            found[field.name] = value
    return found


def differing(first, second):
    a, b = contents(first), contents(second)
    return [name for name in a if not np.array_equal(a[name], b[name], equal_nan=_real(a[name]))]


def _real(value):
    return np.asarray(value).dtype.kind == "f"


def by_heart(features, targets, weights=None, *, rng):
    """Student that knows each point it was fitted on, and of others nothing."""

    def probabilities(x):
        same = (x[:, None] == features).all(axis=2)
        known = np.asarray(targets)[same.argmax(axis=1)]
        return np.where(same.any(axis=1)[:, None], known, 1 / targets.shape[1])

    return Student(probabilities, lambda x: x)
