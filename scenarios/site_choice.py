"""What a siting plan decides, apart from how a model writes it down: open sites, their teams, their year."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from scenarios.plan import SitingPlan, TeamsAt, UnitsAt
from scenarios.site_places import Sites


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of sites, by their numbers in ``Sites``.

    Parameters
    ----------
    opened
        Open sites, existing ones that stay included, ascending.
    teams
        New teams by (site, force), where teams are placed one by one.
    year
        Year in which each new site opens, where years are planned.
    moves
        From which existing site to which new one a station moves.
    units
        Units at each open site, where a site may have several.
    """

    opened: tuple[int, ...]
    teams: Mapping[tuple[int, str], int] = field(default_factory=dict)
    year: Mapping[int, int] = field(default_factory=dict)
    moves: tuple[tuple[int, int], ...] = ()
    units: Mapping[int, int] = field(default_factory=dict)

    def new(self, sites: Sites) -> tuple[int, ...]:
        """Open sites that do not stand today."""
        return tuple(number for number in self.opened if not sites.existing[number])

    def closed(self, sites: Sites) -> tuple[int, ...]:
        """Existing sites that are not open."""
        return tuple(sorted(set(np.flatnonzero(sites.existing).tolist()) - set(self.opened)))

    def teams_at(self, sites: Sites) -> tuple[TeamsAt, ...]:
        """New teams as a plan states them, by site and force."""
        return tuple(
            TeamsAt(
                site=sites.places[number].id,
                existing=bool(sites.existing[number]),
                force=force,
                teams=count,
            )
            for (number, force), count in sorted(self.teams.items())
        )

    def years(self, sites: Sites) -> dict[str, int]:
        """Year of each new site, by id."""
        return {sites.places[number].id: year for number, year in sorted(self.year.items())}

    def units_at(self, sites: Sites) -> tuple[UnitsAt, ...]:
        """Units at each open site, as a plan states them."""
        return tuple(
            UnitsAt(site=sites.places[number].id, existing=bool(sites.existing[number]), units=count)
            for number, count in sorted(self.units.items())
        )

    def moved(self, sites: Sites) -> dict[str, str]:
        """To which new site each existing one moves, by id."""
        return {sites.places[old].id: sites.places[new].id for old, new in self.moves}


def standing(sites: Sites) -> Choice:
    """The sites that stand today."""
    return Choice(opened=tuple(np.flatnonzero(sites.existing).tolist()))


def stated_choice(
    sites: Sites,
    *,
    new: Collection[str],
    closed: Collection[str],
    teams: Collection[TeamsAt] = (),
    years: Mapping[str, int] | None = None,
    moved: Mapping[str, str] | None = None,
    units: Collection[UnitsAt] = (),
) -> Choice:
    """The choice that a plan states by ids; raises ``KeyError`` for a site that the scenario has not."""
    number = numbers(sites)
    kept = [number[False, one] for one in standing_ids(sites) if one not in set(closed)]
    return Choice(
        opened=tuple(sorted([number[True, one] for one in new] + kept)),
        teams={(number[not one.existing, one.site], one.force): one.teams for one in teams},
        year={number[True, one]: year for one, year in (years or {}).items()},
        moves=tuple(sorted((number[False, old], number[True, one]) for old, one in (moved or {}).items())),
        units={number[not one.existing, one.site]: one.units for one in units},
    )


def decided(plan: SitingPlan, sites: Sites) -> Choice:
    """The choice that a plan decides; raises ``KeyError`` as ``stated_choice``."""
    said = plan.decisions
    return stated_choice(
        sites,
        new=[site.id for site in said.open],
        closed=[one for one in standing_ids(sites) if one not in {site.id for site in said.keep}],
        teams=said.teams,
        years=said.years,
        moved=said.moves,
        units=said.units,
    )


def numbers(sites: Sites) -> dict[tuple[bool, str], int]:
    """Number of each site by whether it is new, and id."""
    return {(not sites.existing[number], place.id): number for number, place in enumerate(sites.places)}


def standing_ids(sites: Sites) -> list[str]:
    """Ids of the sites that stand."""
    return [sites.places[number].id for number in np.flatnonzero(sites.existing).tolist()]
