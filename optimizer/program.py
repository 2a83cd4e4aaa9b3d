"""A linear or mixed-integer program as arrays, independent of any solver."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from optimizer.problem import Bools, Floats, Int64s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """Optimize c x, row_lower <= A x <= row_upper, lower <= x <= upper, some x integer.

    Parameters
    ----------
    objective, lower, upper, integer
        By variable, shape (v,).
    row, column, value
        Entries of A, no place twice, shape (k,).
    row_lower, row_upper
        By row, infinite where there is no limit, shape (r,).
    """

    objective: Floats
    lower: Floats
    upper: Floats
    integer: Bools
    row: Int64s
    column: Int64s
    value: Floats
    row_lower: Floats
    row_upper: Floats
    maximize: bool = False


@dataclass(slots=True)
class Rows:
    """Rows of a program, collected one kind after another."""

    row: list[Int64s] = field(default_factory=list)
    column: list[Int64s] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    count: int = 0

    def add(
        self,
        rows: int,
        row: Int64s,
        column: Int64s,
        value: Floats,
        *,
        lower: Floats | float,
        upper: Floats | float,
    ) -> None:
        """Add ``rows`` rows; ``row`` counts from 0 within them; limits for each or for all."""
        self.row.append(row + self.count)
        self.column.append(column)
        self.value.append(value)
        self.lower.append(np.broadcast_to(lower, rows).astype(float))
        self.upper.append(np.broadcast_to(upper, rows).astype(float))
        self.count += rows

    def add_one(self, columns: Int64s, values: Floats, *, lower: float, upper: float) -> None:
        """Add one row."""
        self.add(1, np.zeros(len(columns), np.int64), columns, values, lower=lower, upper=upper)

    def program(
        self,
        objective: Floats,
        *,
        upper: Floats,
        integer: Bools,
        lower: Floats | None = None,
        maximize: bool = False,
    ) -> Program:
        """The program of these rows; variables are at least 0 unless ``lower`` says more."""
        return Program(
            objective=objective,
            lower=np.zeros(len(objective)) if lower is None else lower,
            upper=upper,
            integer=integer,
            row=_joined(self.row, np.int64),
            column=_joined(self.column, np.int64),
            value=_joined(self.value, np.float64),
            row_lower=_joined(self.lower, np.float64),
            row_upper=_joined(self.upper, np.float64),
            maximize=maximize,
        )


def _joined(parts: Sequence[np.ndarray], dtype: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.empty(0, dtype)
