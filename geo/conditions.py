"""What the roads cost one vehicle class now: open weights, weights under closures, and closed areas."""

from dataclasses import dataclass

import numpy as np

from geo.adjacency import Adjacency
from geo.metric import IMPASSABLE
from geo.roads import Bools, Int32s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conditions:
    """One metric of a road graph.

    Parameters
    ----------
    open_ds
        Driving time of each arc without closures, deciseconds, shape (2 e,); ``IMPASSABLE`` where the vehicle
        may never drive.
    now_ds
        The same with the closures in force.
    inside
        Junctions within an area closed to the vehicle, shape (n,).
    """

    adjacency: Adjacency
    open_ds: Int32s
    now_ds: Int32s
    inside: Bools

    def __post_init__(self) -> None:
        for array in (self.open_ds, self.now_ds, self.inside):
            array.setflags(write=False)

    def leaving_ds(self) -> Int32s:
        """Weights for a vehicle on the road it stands on: closed roads as if open, slowed ones as slowed."""
        return np.where(self.now_ds < IMPASSABLE, self.now_ds, self.open_ds)
