"""The sites of a siting question: stations, depots, shelters that stand, and places for new ones."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from geo.errors import refuse
from geo.region.region import Region
from optimizer.problem import Bools, Floats, Int64s
from scenarios.forces import Force
from scenarios.plan import PlanWarning, Site
from scenarios.scenario_models import SitingSection
from scenarios.site_records import (
    STATIONS,
    candidate_records,
    drawn_sites,
    kinds_in,
    named,
    sites_in,
    standing_records,
    stated_in,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sites:
    """Existing stations first, then candidates; ``m`` sites.

    Parameters
    ----------
    places
        What the plan says of each.
    kind
        Kind of station; empty for records of other layers.
    existing, kept, closable
        Which stand, which stay, which may give up their place, shape (m,). An existing site that is neither
        kept nor closable is closed by the plan.
    drawn
        Places that the planner drew, which only the plan drawn by hand has open, shape (m,).
    room
        Teams that each place can house, -1 = its record does not say, shape (m,).
    capacity
        People that each place can serve as its record says in ``rules.capacity_column``, -1 = it does not
        say, shape (m,).
    closing, opening
        Cost of closing an existing site and of opening a new one, 0 where no record says, CNY, shape (m,).
    warnings
        Records left out.
    """

    places: tuple[Site, ...]
    kind: tuple[str, ...]
    existing: Bools
    kept: Bools
    closable: Bools
    drawn: Bools
    room: Int64s
    capacity: Int64s
    closing: Floats
    opening: Floats
    warnings: tuple[PlanWarning, ...]

    def houses(self, force: Force) -> Bools:
        """Which sites may house a force, shape (m,).

        What stands houses the forces of its layer; a candidate that is no station may become anything.
        """
        return np.array(
            [
                (not stands or place.layer == force.layer)
                and (place.layer != STATIONS or kind in force.station_kinds)
                for place, kind, stands in zip(self.places, self.kind, self.existing.tolist(), strict=True)
            ],
            np.bool_,
        )


def sites_of(region: Region, section: SitingSection, forces: Iterable[Force]) -> Sites:
    """What stands and houses one of the forces, and the candidates of the scenario.

    Records without a place are left out with a warning; what stands is never a candidate.

    Raises
    ------
    InputError
        S120 no candidate, S121 more to open than there are places, S127 candidates without cost where the
        cheapest are asked for, S148 two things that stand in different layers under one id.
    """
    known = tuple(forces)
    kinds = {kind for force in known for kind in force.station_kinds}
    standing = standing_records(region, known, kinds)
    offered, warnings = candidate_records(region, section, kinds, frozenset(standing))
    old = [
        site
        for layer, table in standing.items()
        for site in sites_in(named(table, region), layer, "closing_cost")
    ]
    _refuse_one_id_twice(old)
    tables = (*standing.items(), (section.candidates.layer, offered))
    places = (
        *old,
        *sites_in(named(offered, region), section.candidates.layer, "opening_cost"),
        *drawn_sites(section),
    )
    extra = len(places) - len(old) - len(offered)
    drawn = np.arange(len(places)) >= len(old) + len(offered)
    existing = np.arange(len(places)) < len(old)
    movable = section.rules.movable
    closable = np.array([p.id in section.closable or p.id in movable for p in places], np.bool_) & existing
    listed = np.array([section.keep == "existing" or place.id in section.keep for place in places], np.bool_)
    price = np.array(
        [
            section.closable.get(p.id, p.cost or 0.0) if c else p.cost or 0.0
            for p, c in zip(places, closable.tolist(), strict=True)
        ]
    )
    sites = Sites(
        places=tuple(
            place.model_copy(update={"cost": section.closable.get(place.id, place.cost)}) if closes else place
            for place, closes in zip(places, closable.tolist(), strict=True)
        ),
        kind=(*(kind for layer, table in tables for kind in kinds_in(layer, table)), *[""] * extra),
        existing=existing,
        kept=existing & listed & ~closable,
        closable=closable,
        drawn=drawn,
        room=stated_in(tables, "team_places", extra),
        capacity=stated_in(tables, section.rules.capacity_column, extra),
        closing=np.where(existing, price, 0.0),
        opening=np.where(existing, 0.0, price),
        warnings=warnings,
    )
    _refuse_impossible(section, sites)
    return sites


def _refuse_one_id_twice(standing: Iterable[Site]) -> None:
    layers: dict[str, str] = {}
    for site in standing:
        if (other := layers.setdefault(site.id, site.layer)) != site.layer:
            raise refuse(
                "S148",
                where="siting.standards",
                found=f"{site.id!r} in the layers {other} and {site.layer}",
                wanted="an id of its own for each place that stands",
                fix="Rename one of the two records, or ask of one layer only.",
            )


def _refuse_impossible(section: SitingSection, sites: Sites) -> None:
    offered = int((~sites.existing & ~sites.drawn).sum())
    if offered == 0:
        raise refuse(
            "S120",
            where="siting.candidates",
            found=f"no placed record of {section.candidates.layer} that meets {section.candidates.where!r}",
            wanted="at least one candidate that does not stand; all depots and shelters of the region stand",
            fix="Correct the condition, or add candidates to the region.",
        )
    if section.open is not None and section.open > offered:
        raise refuse(
            "S121",
            where="siting.open",
            found=str(section.open),
            wanted=f"at most the {offered} candidates",
            fix="Open fewer, or offer more candidates.",
        )
    unpriced = [
        p.id
        for p, other in zip(sites.places, sites.existing | sites.drawn, strict=True)
        if p.cost is None and not other
    ]
    asking = (
        ("siting.cheapest", section.cheapest),
        ("siting.rules.budget", section.rules.budget is not None),
        ("siting.front.aims", section.front is not None and "cost" in section.front.aims),
    )
    where = next((key for key, asked in asking if asked), None)
    if where is not None and unpriced:
        raise refuse(
            "S127",
            where=where,
            found=f"{len(unpriced)} candidates without opening_cost, such as {unpriced[0]!r}",
            wanted="a cost for each candidate",
            fix="Fill in opening_cost, narrow the candidates, or ask without costs.",
        )
