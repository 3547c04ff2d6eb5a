"""Teachers: an oracle with noise, trained ones, probabilities from a file."""

import numpy as np
import pytest

from radsim.distillation import LABELS, TRAINED, Setting, Strategy, compare, gaussian_mixture
from radsim.distillation.files import read_answers
from radsim.distillation.teachers import oracle_answers, vote
from radsim.selectors import select


def own(choose):
    return Strategy(choose, "of this test", "none")


UNIFORM = {
    "uniform": own(lambda view, rng: select("uniform", view.gains, view.budget, rng=rng)),
}


def test_labels_never_change_the_class_that_is_named():
    p = np.random.default_rng(0).dirichlet(np.full(4, 0.2), size=200)
    for change in LABELS.values():
        answer = change(p)
        np.testing.assert_array_equal(answer.argmax(axis=1), p.argmax(axis=1))
        np.testing.assert_allclose(answer.sum(axis=1), 1)
    sharp, soft, flat = (
        LABELS[name](p).max(axis=1).mean() for name in ("temperature 0.5", "soft", "temperature 2")
    )
    assert sharp > soft > flat
    assert set(np.unique(LABELS["hard"](p))) == {0, 1}
    tiny = np.array([[1.0, 1e-300, 0.0]])
    assert np.isfinite(LABELS["temperature 0.5"](tiny)).all()


def test_two_values_of_confidence_by_the_median():
    p = np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.9, 0.05, 0.05]])
    said = LABELS["two-valued"](p)
    np.testing.assert_allclose(said.max(axis=1), [0.6, 0.9, 0.6, 0.9])
    np.testing.assert_allclose(np.sort(said, axis=1)[:, 0], [0.2, 0.05, 0.2, 0.05])
    # An oracle that knows no doubt is sure of all that it says, whoever else is asked about.
    flat = np.tile([0.9, 0.05, 0.05], (3, 1))
    np.testing.assert_allclose(LABELS["two-valued"](flat), flat)


def test_two_against_one_is_a_vote_and_three_opinions_go_by_the_mean():
    sure, other = np.array([[0.0, 1.0, 0.0]]), np.array([[0.4, 0.3, 0.3]])
    assert vote([other, other, sure]).argmax() == 0
    assert np.mean([other, other, sure], axis=0).argmax() == 1
    third = np.array([[0.2, 0.2, 0.6]])
    assert vote([other, third, sure]).argmax() == 1
    np.testing.assert_allclose(vote([other, third, sure]).sum(axis=1), 1)
    assert vote([other]) is other


def test_the_majority_is_a_teacher_of_three_kinds_of_models():
    (o,) = compare(Setting(teacher="majority"), UNIFORM, 0)
    alone = [compare(Setting(teacher=t), UNIFORM, 0)[0].n_mistakes for t in ("network", "forest")]
    assert 0 < o.n_mistakes <= max(alone)


def test_the_oracle_is_wrong_where_it_should_be():
    rng = np.random.default_rng(0)
    labels, wrong = rng.integers(0, 5, 300), rng.random(300) < 0.4
    named = (labels + rng.integers(1, 5, 300)) % 5
    answers = oracle_answers(labels, 5, wrong, named)
    np.testing.assert_array_equal(answers.argmax(axis=1), np.where(wrong, named, labels))
    np.testing.assert_allclose(answers.sum(axis=1), 1)


def _file(tmp_path, p, labels, features):
    np.savez(tmp_path / "own.npz", features=features, labels=labels)
    np.save(tmp_path / "teacher.npy", p)
    return Setting(data=str(tmp_path / "own.npz"), teacher=str(tmp_path / "teacher.npy"))


def test_probabilities_from_a_file_are_the_teacher(tmp_path):
    data = gaussian_mixture(600, 5, 8, rng=np.random.default_rng(17))
    right = np.eye(5)[data.labels]
    (o,) = compare(_file(tmp_path, right, data.labels, data.features), UNIFORM, 0)
    assert o.n_mistakes == 0 and o.queried_accuracy == 1
    (tmp_path / "b").mkdir()
    wrong = np.eye(5)[(data.labels + 1) % 5]
    (o,) = compare(_file(tmp_path / "b", wrong, data.labels, data.features), UNIFORM, 0)
    assert o.n_mistakes == 300 and o.queried_accuracy == 0


def test_a_bad_file_of_probabilities_is_refused(tmp_path):
    np.save(tmp_path / "p.npy", np.full((6, 2), 0.5))
    assert read_answers(tmp_path / "p.npy", 6, 2).shape == (6, 2)
    with pytest.raises(ValueError, match=r"shape \(6, 2\), the data set needs \(7, 2\)"):
        read_answers(tmp_path / "p.npy", 7, 2)
    (tmp_path / "p.csv").write_text("a,b\n0.5,0.5\n0.7,0.7\n")
    with pytest.raises(ValueError, match=r"p.csv: row 1: the class probabilities sum to 1.4"):
        read_answers(tmp_path / "p.csv", 2, 2)
    with pytest.raises(ValueError, match="teacher = 'nobody' must be one of oracle, network"):
        compare(Setting(teacher="nobody"), UNIFORM, 0)


def test_private_points_make_better_teachers():
    for name in ("network", "forest"):
        counts = np.array(
            [
                [compare(Setting(teacher=t), UNIFORM, seed)[0].n_mistakes for seed in range(4)]
                for t in (name, f"{name} private")
            ]
        )
        assert np.all(counts[1] < counts[0])
    private = {name for name, row in TRAINED.items() if row.private}
    assert private == {"network private", "forest private", "convnet private"}


def test_the_teacher_is_one_for_all_answers():
    seen = {}

    def watching(view, rng):
        seen.setdefault(view.validation_answers.max(axis=1).min() == 1, view)
        return UNIFORM["uniform"].choose(view, rng)

    hard, soft = (
        compare(Setting(teacher="network", labels=labels), {"own": own(watching)}, 0)[0]
        for labels in ("hard", "soft")
    )
    assert hard.n_mistakes == soft.n_mistakes and hard.queried_accuracy == soft.queried_accuracy
    assert set(seen) == {True, False}
    np.testing.assert_array_equal(seen[True].validation_wrong, seen[False].validation_wrong)
