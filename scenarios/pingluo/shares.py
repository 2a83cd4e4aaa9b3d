"""Whole people out of shares: sums come out exact."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def largest_remainder(total: int, weights: ArrayLike) -> NDArray[np.int64]:
    """Share out ``total`` in proportion to ``weights`` >= 0, shape (n,), in whole numbers that sum to it.

    Each part is its quota rounded down; the parts with the largest remainders get one more, on a tie the
    earlier (Hamilton's method).
    """
    weight = np.asarray(weights, np.float64)
    quota: NDArray[np.float64] = total * weight / weight.sum()
    parts: NDArray[np.int64] = np.floor(quota).astype(np.int64)
    short = total - int(parts.sum())
    most_short_first = np.argsort(-(quota - parts), kind="stable")
    parts[most_short_first[:short]] += 1
    return parts


def people_of_townships(
    people_2000: dict[str, int],
    *,
    townships: Sequence[str],
    east_bank: Sequence[str],
    county_people: int,
    east_bank_people: int,
    countryside_keeps: float,
    grows: str,
) -> dict[str, int]:
    """People by township, summing to the county's: the method of ``facts/townships.yaml``.

    Parameters
    ----------
    people_2000
        People of the census of 2000 by today's township, those of the east bank excepted.
    east_bank_people
        Taken for each township of the east bank.
    countryside_keeps
        Share of their people of 2000 that the other townships keep.
    grows
        The township that takes the rest.
    """
    people = dict.fromkeys(east_bank, east_bank_people)
    rural = [t for t in townships if t not in people and t != grows]
    in_2000 = [people_2000[t] for t in rural]
    kept = largest_remainder(round(countryside_keeps * sum(in_2000)), in_2000)
    people |= dict(zip(rural, kept.tolist(), strict=True))
    people[grows] = county_people - sum(people.values())
    return {township: people[township] for township in townships}
