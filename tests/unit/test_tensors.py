"""Tensors of PyTorch wherever arrays are taken: on any device, with gradients, in bfloat16."""

import numpy as np
import pytest
from scipy import sparse

from radsim import (
    Game,
    check_answer,
    constrain,
    mistakes_upper_bound,
    sample,
    scorecard,
    select,
    solve,
    solve_many,
    worst_case,
)
from radsim.adapters import select_from_logits, select_from_model, select_from_probabilities
from radsim.data.gains import gains_from_probabilities
from radsim.data.instances import Instance
from radsim.door import count, floats, number


def _rounded(values):
    """To bfloat16, as float32: the upper half of its bits."""
    bits = np.asarray(values, dtype=np.float32).view(np.uint32)
    return (bits & np.uint32(0xFFFF0000)).view(np.float32)


class Tensor:
    """What PyTorch's tensors do, and what they refuse."""

    def __init__(self, values, *, grad=False, kind=None, cuda=False):
        self.values = np.asarray(values, dtype=np.float32 if kind is None else kind)
        self.grad, self.half, self.cuda = grad, False, cuda

    def bfloat16(self):
        found = Tensor(_rounded(self.values), grad=self.grad, cuda=self.cuda)
        found.half = True
        return found

    def detach(self):
        found = Tensor(self.values, kind=self.values.dtype, cuda=self.cuda)
        found.half = self.half
        return found

    def cpu(self):
        found = Tensor(self.values, grad=self.grad, kind=self.values.dtype)
        found.half = self.half
        return found

    def float(self):
        return Tensor(self.values, grad=self.grad, cuda=self.cuda)

    def numpy(self):
        if self.grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        if self.cuda:
            raise TypeError("can't convert cuda:0 device type tensor to numpy.")
        if self.half:
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self.values

    def __array__(self, dtype=None, copy=None):
        return self.numpy().astype(dtype or self.values.dtype)

    def __float__(self):
        return float(self.values)

    def __int__(self):
        return int(self.values)

    def __eq__(self, other):
        return bool(self.values == other)

    def __len__(self):
        return len(self.values)

    def __getitem__(self, k):
        found = Tensor(self.values[k], grad=self.grad, cuda=self.cuda)
        found.half = self.half
        return found

    @property
    def ndim(self):
        return self.values.ndim

    @property
    def shape(self):
        return self.values.shape


def _real(values):
    return pytest.importorskip("torch").as_tensor(np.asarray(values, dtype=np.float32))


KINDS = {
    "plain": Tensor,
    "with gradients": lambda values: Tensor(values, grad=True),
    "bfloat16": lambda values: Tensor(values).bfloat16(),
    "bfloat16 with gradients": lambda values: Tensor(values, grad=True).bfloat16(),
    "elsewhere": lambda values: Tensor(values, cuda=True),
    "real": _real,
    "real with gradients": lambda values: _real(values).requires_grad_(),
    "real bfloat16": lambda values: _real(values).bfloat16().requires_grad_(),
}
# Of few bits, so that bfloat16 holds them.
ONE = np.random.default_rng(0).integers(1, 64, 40) / 64
TWO = np.column_stack((1 - ONE, ONE))
PLACES = np.random.default_rng(1).integers(-8, 8, (40, 3)) / 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_tensor_is_its_numbers(kind):
    make = KINDS[kind]
    assert np.array_equal(floats(make(TWO), "x"), TWO)
    assert np.array_equal(floats([make(row) for row in TWO], "x"), TWO)
    assert np.array_equal(floats(list(map(make, ONE)), "x"), ONE)
    assert number(make(0.5), "x") == 0.5
    assert count(make(3), "x") == 3
    game = Game(make(ONE), make(2), harms=make(ONE / 2))
    assert repr(game) == repr(Game(ONE, 2, harms=ONE / 2))
    many = solve_many(make(ONE[None]), make([2]), harms=make(ONE[None] / 2))
    q = solve(game).inclusion
    assert np.abs(many.inclusion[0] - q).max() <= 1e-12
    assert np.array_equal(solve(constrain(game, mistakes=make(2))).inclusion, q)
    with pytest.warns(UserWarning, match="mistakes = 0.5 is read as a count"):
        Game(make(ONE), make(0.5))
    assert check_answer(game, make(np.eye(40)[3])).lower <= solve(game).value
    assert worst_case(game, make(np.eye(40)[3]))[0] == worst_case(game, np.eye(40)[3])[0]
    assert len(q) == 40
    assert sample(make(np.eye(40)[5]), rng=0).tolist() == [5]
    assert np.array_equal(gains_from_probabilities(make(TWO)), gains_from_probabilities(TWO))
    assert np.array_equal(gains_from_probabilities(make(ONE)), gains_from_probabilities(TWO))
    one, two = (Instance("x", game, probabilities=p, features=PLACES) for p in (make(TWO), TWO))
    assert scorecard(one) == scorecard(two)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["rad", "entropy", "badge", "k_center", "cdal", "cluster_margin"])
def test_every_argument_of_a_selector_may_be_a_tensor(kind, name):
    make = KINDS[kind]
    truth = select_from_probabilities(TWO, 5, rng=0, selector=name, embeddings=PLACES).indices
    for p in (make(TWO), make(ONE), make(ONE[:, None])):
        found = select_from_probabilities(p, 5, rng=0, selector=name, embeddings=make(PLACES))
        assert np.array_equal(found.indices, truth)

    class Model:
        def predict_proba(self, pool):
            return make(TWO)

    found = select_from_model(Model(), make(PLACES), 5, rng=0, selector=name)
    assert np.array_equal(found.indices, truth)


@pytest.mark.parametrize("kind", KINDS)
def test_logits(kind):
    logits = np.array([[9.0, 0.0, -np.inf], [-np.inf, 0.125, 0.0], [0.0, -np.inf, -np.inf]])
    found = select_from_logits(KINDS[kind](logits), 1, rng=0, selector="margin")
    assert found.indices.tolist() == [1]
    with pytest.raises(ValueError, match=r"logits\[0\] is -inf for every class"):
        select_from_logits(KINDS[kind]([[-np.inf, -np.inf]]), 1, rng=0)
    with pytest.raises(ValueError, match=r"logits\[0, 1\] = nan"):
        select_from_logits(KINDS[kind]([[0, np.nan]]), 1, rng=0)


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_is_named_in_a_tensor_too(kind):
    with pytest.raises(ValueError, match=r"gains\[1\] = nan must be finite"):
        Game(KINDS[kind]([0.5, np.nan]), 1)
    with pytest.raises(ValueError, match=r"probabilities\[1\] = 1.5 must be in"):
        gains_from_probabilities(KINDS[kind]([0.5, 1.5]))
    with pytest.raises(ValueError, match=r"n_wrong = .* must be a whole number"):
        mistakes_upper_bound(100, 50, KINDS[kind](2.5), 0.05)


def test_a_tensor_that_is_no_array_is_refused():
    class Meta(Tensor):
        def detach(self):
            return self

        def cpu(self):
            raise RuntimeError("Cannot copy out of meta tensor; no data!")

    class Sparse(Meta):
        def cpu(self):
            return self

        def float(self):
            return self

        def numpy(self):
            raise TypeError("can't convert Sparse layout tensor to numpy.")

    for kind in (Meta, Sparse):
        with pytest.raises(ValueError, match=r"gains = .* must be an array of numbers"):
            Game(kind([1.0]), 1)


@pytest.mark.parametrize("form", ["csr_matrix", "csc_array", "coo_matrix", "lil_matrix"])
def test_sparse_tables_are_tables(form):
    table = getattr(sparse, form)(PLACES)
    truth = select("k_center", PLACES, 5, rng=0, start=1).indices
    assert np.array_equal(select("k_center", table, 5, rng=0, start=1).indices, truth)
    found = select_from_probabilities(TWO, 5, rng=0, selector="badge", embeddings=table)
    dense = select_from_probabilities(TWO, 5, rng=0, selector="badge", embeddings=PLACES)
    assert np.array_equal(found.indices, dense.indices)
