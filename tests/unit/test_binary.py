"""Of two classes the probability of class 1 is enough, wherever probabilities are asked for."""

from types import SimpleNamespace

import numpy as np
import pytest

from radsim import Game, Instance, scorecard, select
from radsim.adapters import (
    modal_query,
    select_from_logits,
    select_from_model,
    select_from_probabilities,
)
from radsim.data.gains import GAINS, gains_from_probabilities
from radsim.distillation.students import ON_IMAGES, STUDENTS
from radsim.selectors import SELECTORS, inclusion_on
from radsim.teachers.structured import ClassConditional

ONE = np.random.default_rng(0).random(60)
TWO = np.column_stack((1 - ONE, ONE))
PLACES = np.random.default_rng(1).normal(size=(60, 3))
FORMS = {
    "vector": ONE,
    "column": ONE[:, None],
    "single": ONE.astype(np.float32),
    "list": ONE.tolist(),
    "list of lists": ONE[:, None].tolist(),
}
TAKE = [name for name, row in SELECTORS.items() if "wrong" not in row.takes]


def _two(form):
    one = np.array(FORMS[form], dtype=np.float64).ravel()
    return np.column_stack((1 - one, one))


@pytest.mark.parametrize("name", TAKE)
@pytest.mark.parametrize("form", FORMS)
def test_every_selector_picks_as_from_two_columns(name, form):
    given, truth = (
        select_from_probabilities(p, 7, rng=0, selector=name, embeddings=PLACES)
        for p in (FORMS[form], _two(form))
    )
    assert given.indices.tolist() == truth.indices.tolist()
    if "probabilities" in SELECTORS[name].takes:
        rest = {"embeddings": PLACES} if "embeddings" in SELECTORS[name].takes else {}
        picked = select(name, FORMS[form], 7, rng=0, **rest).indices.tolist()
        assert picked == truth.indices.tolist()


@pytest.mark.parametrize("kind", GAINS)
@pytest.mark.parametrize("form", FORMS)
def test_gains_are_those_of_two_columns(kind, form):
    found = gains_from_probabilities(FORMS[form], kind)
    assert np.allclose(found, gains_from_probabilities(TWO, kind), rtol=0, atol=1e-6)


def test_the_unsurest_is_picked():
    for p in ([0.01, 0.5, 0.99], [[0.01], [0.5], [0.99]], np.array([0.01, 0.5, 0.99])):
        for name in ("margin", "entropy", "least_confidence"):
            found = select_from_probabilities(p, 1, rng=0, selector=name)
            assert found.indices.tolist() == [1]
    for z in ([-5.0, 0.1, 5.0], [[-5.0], [0.1], [5.0]], [-np.inf, 0.1, 5.0]):
        assert select_from_logits(z, 1, rng=0, selector="margin").indices.tolist() == [1]


@pytest.mark.parametrize("p", [ONE, ONE[:, None]])
def test_models_instances_and_students(p):
    model = SimpleNamespace(predict_proba=lambda pool: p[: len(pool)])
    truth = select_from_probabilities(TWO, 5, rng=0).indices.tolist()
    assert select_from_model(model, PLACES, 5, rng=0).indices.tolist() == truth
    assert modal_query("rad", rng=0)(model, PLACES, n_instances=5)[0].tolist() == truth
    game = Game(np.ones(60), 3, 5)
    one, two = (Instance("x", game, probabilities=x, features=PLACES) for x in (p, TWO))
    assert scorecard(one) == scorecard(two)
    for name in ("entropy", "least_confidence"):
        found, expected = (inclusion_on(SELECTORS[name], x) for x in (one, two))
        assert np.array_equal(found, expected)
    for fit in (fit for name, fit in STUDENTS.items() if name not in ON_IMAGES):
        found, expected = (fit(PLACES, t, rng=0).probabilities(PLACES) for t in (p, TWO))
        assert np.array_equal(found, expected)


def test_a_confusion_matrix_is_no_probability_of_class_1():
    pool = Instance("x", Game([1, 2], 1), labels=np.array([0, 1]))
    with pytest.raises(ValueError, match="confusion must be two-dimensional"):
        ClassConditional(np.array([0.9, 0.8]))(pool, rng=0)


def test_classes_that_are_out():
    logits = [[9.0, 0.0, -np.inf], [-np.inf, 0.1, 0.0], [0.0, -np.inf, -np.inf]]
    for name in ("margin", "entropy", "least_confidence"):
        assert select_from_logits(logits, 1, rng=0, selector=name).indices.tolist() == [1]
    huge = np.finfo(np.float64).max
    found = select_from_logits([[huge, -huge], [0.1, 0]], 1, rng=0, selector="margin")
    assert found.indices.tolist() == [1]
