"""The leading eigenvectors of a symmetric matrix, to the last bit the same however many threads there are.

Orthogonal iteration (Golub & Van Loan, Matrix Computations, 4th ed., section 8.2.4) with sums in the order of
their numbers. LAPACK divides its sums among threads; where eigenvalues repeat, their rounding alone decides
which vectors come out, and all that follows from them.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LEFT = 1e-12
"""What is left of a vector's length and is no direction but rounding."""


@njit(cache=True, nogil=True)
def _times(matrix: Floats, rows: Floats) -> Floats:
    """The matrix times each of the rows, shape (m, k)."""
    made = np.zeros_like(rows)
    for i in range(len(rows)):
        for a in range(len(matrix)):
            if rows[i, a] != 0.0:
                for b in range(len(matrix)):
                    made[i, b] += rows[i, a] * matrix[a, b]
    return made


@njit(cache=True, nogil=True)
def _dot(a: Floats, b: Floats) -> float:
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total


@njit(cache=True, nogil=True)
def _straightened(rows: Floats) -> None:
    """Make the rows stand upright on each other, of length 1, or 0 where nothing is left (Gram-Schmidt)."""
    for i in range(len(rows)):
        whole = np.sqrt(_dot(rows[i], rows[i]))
        for _ in range(2):  # the second time takes away what rounding left
            for before in range(i):
                rows[i] -= _dot(rows[before], rows[i]) * rows[before]
        length = np.sqrt(_dot(rows[i], rows[i]))
        rows[i] *= 1.0 / length if length > _LEFT * whole else 0.0


@njit(cache=True, nogil=True)
def leading(matrix: Floats, first: Floats, rounds: int) -> tuple[Floats, Floats]:
    """What so many rounds from the rows of ``first`` (m, k) come to, and the matrix as they see it, (m, m).

    The rows span what the eigenvectors of the largest eigenvalues, by size, of ``matrix`` (k, k) span.
    """
    rows = first.copy()
    _straightened(rows)
    for _ in range(rounds):
        rows = _times(matrix, rows)
        _straightened(rows)
    made, seen = _times(matrix, rows), np.zeros((len(rows), len(rows)))
    for i in range(len(rows)):
        for j in range(len(rows)):
            seen[i, j] = _dot(rows[i], made[j])
    return rows, seen
