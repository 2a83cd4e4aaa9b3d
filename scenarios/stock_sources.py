"""Where relief comes from: depots, and beside each the suppliers by how soon they deliver.

A depot's shelves and its quickest suppliers are one source; slower suppliers of the same depot are sources of
their own, with the same roads and no floor, so that each item starts when its own contract says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import refuse
from geo.region.region import Region
from optimizer.problem import Floats, Int64s
from scenarios.reserve_rules import ReserveRules


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sources:
    """Sources in the order of the depots, for each its lead classes in order.

    Parameters
    ----------
    depot_ids
        Depots with a place, shape (number of depots,).
    lonlat
        Of the depots.
    depot
        Number of the depot of each source, shape (d,).
    lead
        Lead class of the suppliers of each source, shape (d,); class 0 also has the shelves.
    loading_s
        Of one truck, by source.
    """

    depot_ids: tuple[str, ...]
    lonlat: Floats
    depot: Int64s
    lead: Int64s
    loading_s: Floats

    def __len__(self) -> int:
        return len(self.depot)

    def at(self, depot_id: str, lead: int = 0) -> int | None:
        """Number of a source; ``None`` for a depot that is not known or has no place."""
        if depot_id not in self.depot_ids:
            return None
        wanted = (self.depot == self.depot_ids.index(depot_id)) & (self.lead == lead)
        return int(np.argmax(wanted))


def sources(region: Region, rules: ReserveRules, *, slower: Sequence[tuple[str, int]] = ()) -> Sources:
    """The sources of a region; ``slower`` names the depots with suppliers of lead classes above 0.

    Raises
    ------
    InputError
        S427 when no depot has a place.
    """
    table = region.placed("depots")
    if not len(table):
        raise refuse(
            "S427",
            where=f"region {region.name}, layer depots",
            found="no depot with a place on the map",
            wanted="at least one",
            fix="Add depots, or place those that have no coordinates.",
        )
    ids = tuple(map(str, table["id"]))
    pairs = sorted(
        {(number, 0) for number in range(len(ids))}
        | {(ids.index(one), lead) for one, lead in slower if one in ids}
    )
    loading = table["loading_s"].fillna(rules.loading.value).to_numpy(np.float64)
    depot = np.array([number for number, _ in pairs], np.int64)
    return Sources(
        depot_ids=ids,
        lonlat=np.column_stack([table.geometry.x, table.geometry.y]),
        depot=depot,
        lead=np.array([lead for _, lead in pairs], np.int64),
        loading_s=loading[depot],
    )


def number_or(cell: Any, other: float) -> float:
    """A number of a table, or another where it says none."""
    return other if pd.isna(cell) else float(cell)
