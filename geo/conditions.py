"""What the roads cost one vehicle class now: open weights, weights under closures, and closed areas."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from geo.customization import Metric, customize, recustomize
from geo.metric import IMPASSABLE
from geo.network import Network
from geo.roads import Bools, Int32s
from geo.topologies import topology_of


@dataclass(frozen=True, kw_only=True, eq=False)
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
    shut
        Edges closed by name, which nobody drives to get out of an area either, shape (e,); ``None`` = none.
    ignores_turns
        Whether neither forbidden turns nor delays at turns bind the vehicle.
    before
        Conditions on the same roads whose metric is at hand, from which a few changes lead here.
    """

    network: Network
    open_ds: Int32s
    now_ds: Int32s
    inside: Bools
    shut: Bools | None = None
    ignores_turns: bool = False
    before: "Conditions | None" = None

    def __post_init__(self) -> None:
        for array in (self.open_ds, self.now_ds, self.inside):
            array.setflags(write=False)

    def closed(self, now_ds: Int32s, inside: Bools, shut: Bools | None = None) -> "Conditions":
        """The same roads and vehicle under other closures."""
        return replace(self, now_ds=now_ds, inside=inside, shut=shut, before=self.before or self)

    @cached_property
    def open_arc_ds(self) -> Int32s:
        """Time of each arc of the network without closures, turns included, deciseconds, shape (2 e + t,)."""
        return self._with_turns(self.open_ds)

    def leaving_ds(self) -> Int32s:
        """Weights for a vehicle on the road it stands on: closed roads as if open, slowed ones as slowed."""
        return np.where(self.now_ds < IMPASSABLE, self.now_ds, self.open_ds)

    @cached_property
    def metric(self) -> Metric:
        """The metric in force; a few changes are made to that of ``before``, which stays as it is."""
        arc_ds = self._with_turns(self.now_ds)
        if self.before is None:
            return customize(topology_of(self.network), arc_ds)
        other = self.before.metric
        changed = np.flatnonzero(arc_ds != other.arc_ds).astype(np.int64)
        return recustomize(other, changed, arc_ds[changed])

    @cached_property
    def out_metric(self) -> Metric:
        """The metric inside closed areas to the first junction outside: all but roads closed by name open."""
        barred = ~self.inside[self.network.junction[self.network.tail[: self.network.arcs]]]
        if self.shut is not None:
            barred = barred | self.shut.repeat(2)
        arc_ds = np.where(barred, np.int32(IMPASSABLE), self.leaving_ds())
        return customize(topology_of(self.network), self._with_turns(arc_ds), perfect=False)

    def _with_turns(self, arc_ds: Int32s) -> Int32s:
        turn_ds = np.where(self.network.forbidden, IMPASSABLE, self.network.delay_ds)
        return np.concatenate((arc_ds, turn_ds * (not self.ignores_turns))).astype(np.int32)
