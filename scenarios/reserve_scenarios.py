"""Emergencies as the arrays of a reserve question: times to the door, needs, what is left, trucks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.errors import Fault, InputError
from geo.region.region import Region
from optimizer.problem import Floats, Int64s
from optimizer.reserve.needs import Relief, needed
from optimizer.reserve.reserve_problem import Scenarios
from scenarios.items import Item
from scenarios.reserve_ground import Grounds
from scenarios.reserve_models import Emergency, ReserveSection
from scenarios.reserve_people import Displaced, displaced
from scenarios.stock_sources import Sources

WORK = "work"
"""Id of the last place of delivery: where work is done, another spot in each scenario."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cases:
    """Emergencies with what they do to people and roads.

    Parameters
    ----------
    places
        Ids of the places of delivery: all shelters, and the place of work.
    people
        At each place, shape (n, j).
    scenarios
        The arrays of the optimizer.
    """

    emergencies: tuple[Emergency, ...]
    displaced: tuple[Displaced, ...]
    places: tuple[str, ...]
    people: Int64s
    scenarios: Scenarios


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseMaker:
    """What makes emergencies into arrays: the same for those a plan is made for and fresh ones."""

    grounds: Grounds
    section: ReserveSection
    items: tuple[Item, ...]
    sources: Sources

    def cases(self, emergencies: Sequence[Emergency]) -> Cases:
        """The arrays; raises ``InputError`` S423 for unknown names, S428 where nobody can take shelter."""
        refuse_unknown(self.grounds.region, emergencies)
        self._refuse_shelterless(emergencies)
        places = (*map(str, self.grounds.region.placed("shelters")["id"]), WORK)
        who = tuple(displaced(self.grounds, one) for one in emergencies)
        people = np.zeros((len(emergencies), len(places)), np.int64)
        for number, (one, gone) in enumerate(zip(emergencies, who, strict=True)):
            people[number, self._columns(one, places)[:-1]] = gone.at_shelter
        door_s, trip_s = self._times(emergencies, places)
        probability = np.array([one.probability for one in emergencies])
        return Cases(
            emergencies=tuple(emergencies),
            displaced=who,
            places=places,
            people=people,
            scenarios=Scenarios(
                ids=tuple(one.id for one in emergencies),
                probability=probability / probability.sum(),
                door_s=door_s,
                trip_s=trip_s,
                usable=np.array([self._usable(one) for one in emergencies]),
                need=self._needs(emergencies, people),
                truck_s=np.tile(self._truck_s(), (len(emergencies), 1)),
            ),
        )

    def _refuse_shelterless(self, emergencies: Sequence[Emergency]) -> None:
        """Refuse emergencies whose people have nowhere to go (S428): their needs would vanish."""
        faults = [
            Fault(
                code="S428",
                where=f"reserve.scenarios {one.id}",
                found="no shelter that is dry, has places" + (", is heated" if self.grounds.cold else "")
                + (" and is named by the scenario" if one.shelters else ""),
                wanted="at least one",
                fix="Add shelters, name others, or correct capacity_people and heated.",
            )
            for one in emergencies
            if not self.grounds.of(one).shelters
        ]  # fmt: skip
        if faults:
            raise InputError(faults)

    def _columns(self, emergency: Emergency, places: tuple[str, ...]) -> list[int]:
        """Where the shelters of an emergency stand among all places, and the place of work."""
        row = {name: number for number, name in enumerate(places)}
        return [*(row[one.id] for one in self.grounds.of(emergency).shelters), len(places) - 1]

    def _times(self, emergencies: Sequence[Emergency], places: tuple[str, ...]) -> tuple[Floats, Floats]:
        """To the door and there and back, s, shape (n, d, j)."""
        shape = (len(emergencies), len(self.sources), len(places))
        drive_s = np.full(shape, np.inf)
        for number, one in enumerate(emergencies):
            drive = self.grounds.drive_s(one)
            drive_s[number][:, self._columns(one, places)] = drive[self.sources.depot]
        handling_s = self.sources.loading_s[:, None] + self.grounds.rules.unloading.value
        trip_s = np.where(np.isfinite(drive_s), 2 * drive_s + handling_s, handling_s)
        return drive_s + handling_s, trip_s

    def _usable(self, emergency: Emergency) -> Floats:
        """Share that is there, shape (d, m)."""
        left = self.grounds.rules.left.after[emergency.hazard]
        delivers = emergency.suppliers or left
        lost = self.grounds.of(emergency).inside | np.isin(self.sources.depot_ids, emergency.lost_depots)
        shelves = np.where(lost[self.sources.depot], 0.0, left.shelves)
        ones = np.ones(len(self.sources))
        return np.column_stack([shelves, ones * delivers.agreement, ones * delivers.capacity])

    def _needs(self, emergencies: Sequence[Emergency], people: Int64s) -> Floats:
        """Whole units up to the end of each window, shape (n, j, k, w)."""
        due = np.array(
            [
                [
                    self.grounds.rules.due[self.grounds.rules.kind_of(item.id)[1]].by(end)
                    for end in self.section.windows
                ]
                for item in self.items
            ]
        )
        there = {int(n): self._at_shelter(int(n)) for n in np.unique(people)}
        total = np.array([[there[int(n)] for n in row] for row in people])
        for number, one in enumerate(emergencies):
            total[number, -1] = self._at_work(one)
        return np.asarray(np.ceil(np.round(total[..., None] * due, 6)), np.float64)

    def _at_shelter(self, people: int) -> list[float]:
        relief = self.relief(people)
        return [
            needed(item.rule, relief) if item.rule and item.rule.per != "incident" and people else 0.0
            for item in self.items
        ]

    def _at_work(self, emergency: Emergency) -> list[float]:
        relief = self.relief(self.section.people, (emergency.hazard,))
        return [
            needed(item.rule, relief) if item.rule and item.rule.per == "incident" else 0.0
            for item in self.items
        ]

    def relief(self, people: int, incidents: tuple[str, ...] = ()) -> Relief:
        """So many people under the days, households and season of the question."""
        said = self.section
        return Relief(
            people=people,
            days=said.days,
            household_size=said.household_size,
            winter=said.season == "winter",
            incidents=incidents,
        )

    def _truck_s(self) -> Floats:
        """Seconds of all trucks within each window; they stand ready when the order comes."""
        ends, number = np.array(self.section.windows), self.section.trucks.number
        if number is None:
            return np.full(len(ends), np.inf)
        begins = np.concatenate([[self.grounds.rules.order.value], ends[:-1]])
        return np.asarray(number * np.maximum(0.0, ends - begins), np.float64)


def refuse_unknown(region: Region, emergencies: Sequence[Emergency]) -> None:
    """Refuse townships, depots, roads and shelters that the region does not know, all at once (S423)."""
    layers = ("townships", "depots", "roads", "shelters")
    known = {layer: set(map(str, region.table(layer)["id"])) for layer in layers}
    faults = [
        Fault(
            code="S423",
            where=f"reserve.scenarios {one.id} {key}",
            found=f"{name!r}, which is no record of {layer}",
            wanted=f"ids of {layer}",
            fix="Correct the id.",
        )
        for one in emergencies
        for key, layer, names in (
            ("displaced", "townships", one.displaced),
            ("lost_depots", "depots", one.lost_depots),
            ("close_roads", "roads", one.close_roads),
            ("shelters", "shelters", one.shelters),
        )
        for name in names
        if name not in known[layer]
    ]
    if faults:
        raise InputError(faults)
