"""Expected coverage by standard, when each unit is busy for a share of the time (MEXCLP)."""

import numpy as np

from optimizer.problem import Int64s, deciseconds
from scenarios.site_choice import Choice
from scenarios.site_inputs import SitingInputs


def expected_shares(inputs: SitingInputs, choice: Choice) -> tuple[float | None, ...]:
    """By standard: share of its people, or places, who find a unit that is not busy; ``None`` for nobody.

    With ``k`` units in reach, each busy for a share q of the time, one is free with chance 1 - q^k (Daskin
    1983, doi:10.1287/trsc.17.1.48).
    """
    section, points = inputs.ground.section, inputs.points
    found = []
    for number, standard in enumerate(section.standards):
        held = points.row_point[points.row_standard == number]
        times_s = inputs.response_s[standard.force][held]
        within = deciseconds(times_s) <= round(standard.within_s * 10)
        free = 1 - (section.busy or 0.0) ** (within @ _units(inputs, choice, standard.force))
        people = points.people[held]
        found.append(round(float(people @ free) / int(people.sum()), 9) if people.sum() else None)
    return tuple(found)


def _units(inputs: SitingInputs, choice: Choice, force: str) -> Int64s:
    """Units of a force at each site, shape (m,)."""
    units = np.zeros(len(inputs.sites.places), np.int64)
    opened = list(choice.opened)
    if inputs.ground.section.teams:
        units[opened] = inputs.ground.teams[force][opened]
        for (number, one), count in choice.teams.items():
            units[number] += count if one == force else 0
        return units
    units[opened] = [choice.units.get(number, 1) for number in opened]
    return units
