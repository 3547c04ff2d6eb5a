r"""Linear programs: small ones in exact rational arithmetic, and packing by HiGHS with prices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from radsim.door import Array

__all__ = ["maximise", "pack"]

Q = Fraction


def maximise(
    profit: Sequence[Q], rows: Sequence[Sequence[Q]], bounds: Sequence[Q]
) -> tuple[list[Q], list[Q]]:
    r"""Maximise :math:`c \cdot x` subject to :math:`Ax \le b`, :math:`x \ge 0`, for b >= 0.

    The simplex method on the full tableau from the vertex x = 0, with Bland's rule: it ends on
    every instance.

    Parameters
    ----------
    profit : sequence of Fraction, length n
    rows : sequence of k sequences of Fraction, length n
    bounds : sequence of Fraction, length k
        Non-negative.

    Returns
    -------
    x : list of Fraction
        A maximiser.
    y : list of Fraction
        Dual variables of the rows: :math:`y \ge 0`, :math:`A^T y \ge c`, :math:`b \cdot y = c
        \cdot x`.

    Raises
    ------
    ValueError
        If a bound is negative, or the program is unbounded.

    References
    ----------
    R. G. Bland, "New finite pivoting rules for the simplex method", 1977.

    Examples
    --------
    >>> x, y = maximise([Q(3), Q(2)], [[Q(1), Q(1)], [Q(1), Q(0)]], [Q(4), Q(3)])
    >>> [int(a) for a in x], [int(a) for a in y]
    ([3, 1], [2, 1])
    """
    n, k = len(profit), len(rows)
    for i, bound in enumerate(bounds):
        if bound < 0:
            raise ValueError(f"bounds[{i}] = {bound} must be non-negative")
    # Columns: x, slacks, right-hand side.  The last row holds the reduced costs, negated.
    table = [
        [*map(Q, row), *(Q(int(i == j)) for j in range(k)), Q(bound)]
        for i, (row, bound) in enumerate(zip(rows, bounds, strict=True))
    ]
    table.append([*(-Q(c) for c in profit), *([Q(0)] * (k + 1))])
    basis = list(range(n, n + k))
    while True:
        enter = next((j for j in range(n + k) if table[k][j] < 0), None)
        if enter is None:
            break
        ratios = [
            (table[i][-1] / table[i][enter], basis[i], i) for i in range(k) if table[i][enter] > 0
        ]
        if not ratios:
            raise ValueError("the linear program is unbounded")
        leave = min(ratios)[2]
        pivot = table[leave][enter]
        table[leave] = [a / pivot if a else a for a in table[leave]]
        for i, row in enumerate(table):
            factor = row[enter]
            if i != leave and factor:
                table[i] = [
                    a - factor * c if c else a for a, c in zip(row, table[leave], strict=True)
                ]
        basis[leave] = enter
    x = [Q(0)] * n
    for i, j in enumerate(basis):
        if j < n:
            x[j] = table[i][-1]
    return x, table[k][n : n + k]


def pack(weights: Array, rows: Array, amounts: Array, limits: Array) -> tuple[Array, Array]:
    r"""Maximise :math:`w \cdot x` subject to :math:`Ax \le b`, :math:`0 \le x \le u`, by HiGHS.

    Parameters
    ----------
    weights, limits : ndarray, shape (n,)
    rows : ndarray, shape (k, n)
    amounts : ndarray, shape (k,)

    Returns
    -------
    x : ndarray, shape (n,)
        Within its limits; a maximiser to HiGHS's tolerances.
    prices : ndarray, shape (k,)
        Of the rows: hints for a bound by weak duality.

    Raises
    ------
    RuntimeError
        If HiGHS finds nothing; holds its words.

    Examples
    --------
    >>> x, y = pack(np.array([3.0, 2]), np.ones((1, 2)), np.array([1.5]), np.ones(2))
    >>> x.tolist(), y.tolist()
    ([1.0, 0.5], [2.0])
    """
    unit = float(np.max(np.abs(weights)))
    if not unit > 0:  # nothing to take, or NaN
        return np.zeros(len(weights)), np.zeros(len(amounts))
    # Slow to import, and only overlapping groups need it.
    from scipy import sparse
    from scipy.optimize import linprog

    result = linprog(
        -weights / unit,
        A_ub=sparse.csr_matrix(rows),
        b_ub=amounts,
        bounds=np.column_stack((np.zeros(len(weights)), limits)),
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if result.x is None:
        raise RuntimeError(f"best reply of the teacher: {result.message}")
    return np.clip(result.x, 0, limits), -unit * result.ineqlin.marginals
