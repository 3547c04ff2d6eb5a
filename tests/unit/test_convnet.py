"""ConvNets as students: what they learn, from what, and what is refused."""

import importlib

import numpy as np
import pytest

from radsim.distillation import STUDENTS, Setting, compare
from radsim.distillation.students import ON_IMAGES

try:
    importlib.import_module("torch")
    there = True
except ModuleNotFoundError:
    there = False
needs = pytest.mark.skipif(not there, reason="PyTorch is not installed: pip install radsim[torch]")


def bars(n=120, side=8, seed=0):
    """Images of one bright bar, upright or lying: two classes that no single pixel tells apart."""
    rng = np.random.default_rng(seed)
    x, y = 0.3 * rng.normal(size=(n, side, side)), rng.integers(2, size=n)
    for image, lies in zip(x, y, strict=True):
        k = rng.integers(side)
        image[k] += 2.0 * lies
        image[:, k] += 2.0 * (1 - lies)
    return x.reshape(n, -1), y


@needs
def test_it_learns_what_a_linear_student_cannot():
    (x, y), (z, truth) = bars(), bars(400, seed=1)
    found = STUDENTS["convnet"](x, np.eye(2)[y], rng=0).probabilities(z)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found.argmax(axis=1) == truth).mean() > 0.95
    linear = STUDENTS["softmax"](x, np.eye(2)[y], rng=0).probabilities(z)
    assert (linear.argmax(axis=1) == truth).mean() < 0.8


@needs
@pytest.mark.parametrize("name", ON_IMAGES)
def test_the_same_generator_gives_the_same_student_and_leaves_torch_alone(name):
    import torch

    x, y = bars(40)
    before = torch.random.get_rng_state()
    a, b = (STUDENTS[name](x, np.eye(2)[y], rng=3).probabilities(x) for _ in range(2))
    np.testing.assert_array_equal(a, b)
    assert torch.equal(before, torch.random.get_rng_state())
    other = STUDENTS[name](x, np.eye(2)[y], rng=4).probabilities(x)
    assert not np.array_equal(a, other)


@needs
def test_weights_count_and_soft_labels_are_learnt():
    x, y = bars(80)
    half = np.arange(80) < 40
    wrong = np.where(half, y, 1 - y)
    seen = STUDENTS["convnet"](x, np.eye(2)[wrong], half.astype(float), rng=0).probabilities(x)
    assert (seen.argmax(axis=1) == y)[half].all()
    unsure = STUDENTS["convnet"](x, np.full((80, 2), 0.5), rng=0).probabilities(x)
    assert np.abs(unsure - 0.5).max() < 0.2


@needs
def test_it_runs_in_the_loop_on_images():
    setting = Setting(student="convnet", noise="gain^0", rate=0.3, n_validation=60, n_test=200)
    found = compare(setting, ["nobody", "audited"], 0)
    assert found[0].n_queried == 0 and found[1].n_checked == 10
    assert all(0.5 < x.test_accuracy <= 1 for x in found)


@needs
@pytest.mark.parametrize("width", [63, 9])
def test_rows_that_are_no_square_images_are_refused(width):
    with pytest.raises(ValueError, match="square images of 4 pixels a side"):
        STUDENTS["convnet"](np.zeros((4, width)), np.eye(2)[[0, 1, 0, 1]], rng=0)


@pytest.mark.skipif(there, reason="PyTorch is installed")
def test_without_pytorch_the_extra_is_named():
    with pytest.raises(ModuleNotFoundError, match=r"radsim\[torch\]"):
        STUDENTS["convnet"](np.zeros((4, 64)), np.eye(2)[[0, 1, 0, 1]], rng=0)
