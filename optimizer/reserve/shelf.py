"""Goods on a shelf, month by month: lots that run out, purchases, use; the first to expire goes first."""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from optimizer.problem import Int64s


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Units in hand at the start that expire together.

    Parameters
    ----------
    quantity
        Units, >= 0.
    months
        Whole months from the start in which they can be used; 0 or less = expired already, ``None`` = never
        expire.
    """

    quantity: int
    months: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShelfItem:
    """One item to keep for some months.

    Parameters
    ----------
    life_months
        Months in which a fresh unit can be used, the month of purchase included, >= 1; ``None`` = for ever.
    hand_over_months
        A unit is given away when so many of its months are left, >= 0 and below ``life_months``; with 0 it is
        kept to the last and then written off.
    cost
        Of one unit, >= 0.
    target
        Units that must be in hand at the end of each month, >= 0, shape (t,).
    use
        Units used in each month, >= 0, shape (t,).
    lots
        In hand at the start; none may outlive a fresh unit.
    """

    id: str
    life_months: int | None
    cost: float
    target: Int64s
    use: Int64s
    lots: tuple[Lot, ...] = ()
    hand_over_months: int = 0

    def __post_init__(self) -> None:
        if self.target.ndim != 1 or self.use.shape != self.target.shape:
            raise ValueError(f"{self.id}: want target and use of one shape (t,)")
        if min(self.target.min(initial=0), self.use.min(initial=0), self.cost) < 0:
            raise ValueError(f"{self.id}: want target, use and cost >= 0")
        if not np.isfinite(self.cost):
            raise ValueError(f"{self.id}: want a cost, got {self.cost}")
        if any(lot.quantity < 0 for lot in self.lots):
            raise ValueError(f"{self.id}: want lots of 0 units or more")
        if self.hand_over_months < 0 or (self.stays is not None and self.stays < 1):
            raise ValueError(f"{self.id}: want hand_over_months >= 0 and below life_months")
        if any(self.outlives(lot) for lot in self.lots):
            raise ValueError(f"{self.id}: want lots that last {self.life_months} months at most")

    @property
    def stays(self) -> int | None:
        """Months that a fresh unit stays on the shelf; ``None`` = for ever."""
        return None if self.life_months is None else self.life_months - self.hand_over_months

    def outlives(self, lot: Lot) -> bool:
        """Whether a lot lasts longer than a fresh unit, which nothing on a shelf does."""
        return self.life_months is not None and (lot.months is None or lot.months > self.life_months)

    def lot_stays(self, lot: Lot) -> int | None:
        """Months, >= 0, that a lot stays on the shelf; ``None`` = for ever."""
        return None if lot.months is None else max(0, lot.months - self.hand_over_months)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShelfYears:
    """What happens to one item, units by month, each of shape (t,).

    Within a month goods leave first, then purchases arrive, then goods are used; ``held`` is what is left.

    Parameters
    ----------
    unmet
        Use that found nothing on the shelf.
    donated, written_off
        What left unused: handed over in time, or expired.
    """

    bought: Int64s
    used: Int64s
    unmet: Int64s
    donated: Int64s
    written_off: Int64s
    held: Int64s


def first_expiring_first_out(item: ShelfItem, bought: Int64s) -> ShelfYears:
    """Follow an item through the months with given purchases, units of shape (t,)."""
    return _followed(item, lambda month, _: int(bought[month]))


def just_in_time(item: ShelfItem) -> ShelfYears:
    """Follow an item through the months, buying what lacks in the month in which it lacks.

    No other purchases take up less of the units' lives: a unit bought earlier leaves earlier.
    """
    return kept_whole(item, np.zeros(len(item.target), np.int64))


def kept_whole(item: ShelfItem, bought: Int64s) -> ShelfYears:
    """Follow an item through the months with given purchases, and more wherever these leave it short."""
    asked = item.target + item.use
    return _followed(item, lambda month, held: int(max(bought[month], asked[month] - held)))


def _followed(item: ShelfItem, buy: Callable[[int, int], int]) -> ShelfYears:
    """``buy`` gives the purchase of a month from what is on the shelf after its goods have left."""
    months = len(item.target)
    bought, used, unmet, donated, written_off, held = np.zeros((6, months), np.int64)
    shelf: list[tuple[float, int, int]] = []
    for lot in item.lots:
        stays = item.lot_stays(lot)
        gone = lot.months is not None and lot.months <= 0
        if gone and months:
            written_off[0] += lot.quantity
        elif not gone:
            heappush(shelf, (np.inf if stays is None else stays, -1, lot.quantity))
    for month in range(months):
        left = _leaving(shelf, month)
        (donated if item.hand_over_months else written_off)[month] += left
        bought[month] = buy(month, sum(quantity for _, _, quantity in shelf))
        if bought[month]:
            heappush(shelf, (np.inf if item.stays is None else month + item.stays, month, int(bought[month])))
        used[month] = _taken(shelf, int(item.use[month]))
        unmet[month] = item.use[month] - used[month]
        held[month] = sum(quantity for _, _, quantity in shelf)
    return ShelfYears(
        bought=bought, used=used, unmet=unmet, donated=donated, written_off=written_off, held=held
    )


def _leaving(shelf: list[tuple[float, int, int]], month: int) -> int:
    """Take off the shelf what does not stay in this month; returns its units."""
    left = 0
    while shelf and shelf[0][0] <= month:
        left += heappop(shelf)[2]
    return left


def _taken(shelf: list[tuple[float, int, int]], wanted: int) -> int:
    """Take units off the shelf, the first to leave first; returns how many there were."""
    missing = wanted
    while shelf and missing:
        leaves, since, quantity = heappop(shelf)
        taken = min(quantity, missing)
        missing -= taken
        if quantity > taken:
            heappush(shelf, (leaves, since, quantity - taken))
    return wanted - missing
