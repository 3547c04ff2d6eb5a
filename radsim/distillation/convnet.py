r"""ConvNets as students and teachers, in PyTorch: images in, class probabilities out."""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np

from radsim.distillation.student import Student, checked_points
from radsim.door import Array, count, generator, number
from radsim.extras import needed

__all__ = ["convnet", "on_device"]

N_STEPS = 200  # of Adam; half as many again move test accuracy by less than a point
BATCH = 64
RATE = 3e-3
DECAY = 1e-3


def on_device() -> str:
    """Where a ConvNet is fitted: "cuda" if there is a GPU that PyTorch can use, "cpu" otherwise."""
    torch = needed("torch")
    return "cuda" if torch.cuda.is_available() else "cpu"


def _net(torch: Any, side: int, width: int, n_classes: int) -> tuple[Any, Any]:
    """Two convolutions, each halved by pooling, and a linear layer on what they see."""
    nn = torch.nn
    body = nn.Sequential(
        nn.Conv2d(1, width, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(width, 2 * width, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
    )
    return body, nn.Linear(2 * width * (side // 4) ** 2, n_classes)


def convnet(
    features: Array,
    targets: Array,
    weights: Array | None = None,
    *,
    rng: np.random.Generator | int,
    width: int = 8,
    temperature: float = 1.0,
) -> Student:
    r"""Fit a small ConvNet to soft labels by the distillation loss.

    .. math:: \min \; T^2 \sum_i w_i \sum_k -t^{(T)}_{ik} \log \mathrm{softmax}(z_i/T)_k,
        \qquad t^{(T)} \propto t^{1/T}

    with logits z; T = 1 is the cross entropy to hard or soft labels as they are.

    Parameters
    ----------
    features : ndarray, shape (n, side * side)
        Square images of one channel, at least 4 pixels a side, row by row.
    targets : ndarray, shape (n, K)
        Soft labels; rows sum to one.
    weights : ndarray, shape (n,), optional
    rng : numpy.random.Generator or int
        Of the start and of the order of the batches.
    width : int
        Channels of the first convolution; the second has twice as many.
    temperature : float
        T.

    Returns
    -------
    Student
        Embeddings are the input of the last layer.

    Raises
    ------
    ValueError
        If the features are no square images.
    ModuleNotFoundError
        Without PyTorch, with the extra that brings it.

    Notes
    -----
    One thread, and the same numbers from the same `rng` on the same machine. A GPU is used where
    there is one.

    References
    ----------
    Hinton, Vinyals, Dean, "Distilling the knowledge in a neural network", arXiv 1503.02531.
    """
    x, t, w = checked_points(features, targets, weights)
    n, side = len(x), isqrt(x.shape[1])
    if side * side != x.shape[1] or side < 4:
        raise ValueError(
            f"features: a ConvNet needs square images of 4 pixels a side or more, not rows of "
            f"{x.shape[1]} numbers"
        )
    temperature = number(temperature, "temperature", open_low=True)
    width, chance = count(width, "width", low=1), generator(rng)
    torch, place = needed("torch"), on_device()
    raised = t ** (1 / temperature)
    raised /= raised.sum(axis=1, keepdims=True)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(chance.integers(2**31)))
            body, last = _net(torch, side, width, t.shape[1])
        body.to(place)
        last.to(place)

        def put(a: Array) -> Any:
            return torch.tensor(np.ascontiguousarray(a), dtype=torch.float32, device=place)

        images, goal, weight = put(x).reshape(n, 1, side, side), put(raised), put(w)
        moved = [*body.parameters(), *last.parameters()]
        steps = torch.optim.AdamW(moved, lr=RATE, weight_decay=DECAY)
        order = np.concatenate([chance.permutation(n) for _ in range(-(-N_STEPS * BATCH // n))])
        for k in range(N_STEPS):
            batch = torch.as_tensor(order[k * BATCH : (k + 1) * BATCH], device=place)
            log_p = torch.log_softmax(last(body(images[batch])) / temperature, dim=1)
            lost = -(goal[batch] * log_p).sum(dim=1) * weight[batch]
            loss = temperature**2 * lost.sum() / weight[batch].sum().clamp_min(1e-12)
            steps.zero_grad()
            loss.backward()
            steps.step()
    finally:
        torch.set_num_threads(threads)

    def embeddings(z: Array) -> Array:
        with torch.no_grad():
            seen = body(put(z).reshape(len(z), 1, side, side))
        return np.asarray(seen.cpu().numpy(), dtype=np.float64)

    def probabilities(z: Array) -> Array:
        with torch.no_grad():
            logits = last(put(embeddings(z)))
            p = torch.softmax(logits.double(), dim=1).cpu().numpy()
        return np.asarray(p / p.sum(axis=1, keepdims=True))

    return Student(probabilities, embeddings)
