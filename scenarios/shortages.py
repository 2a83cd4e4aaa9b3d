"""Who stays without service in time, by township, and why."""

from typing import Any

import numpy as np

from geo.region.region import Region
from optimizer.problem import NEVER_DS, Int64s, deciseconds
from scenarios.plan import Shortage
from scenarios.scenario_models import SitingSection, Standard
from scenarios.site_choice import Choice
from scenarios.site_inputs import SitingInputs
from scenarios.site_problem import limits_s

_CAUSES = (("X101", "no_road"), ("X102", "too_far"), ("X103", "not_chosen"))


def shortages(
    region: Region, section: SitingSection, inputs: SitingInputs, choice: Choice
) -> tuple[Shortage, ...]:
    """Townships and standards with people that no open site reaches in time, most people first.

    The code names the cause that most of these people share: X101 no road, X102 too far from every site,
    X103 in reach of a site that was not chosen, or of one that has no team of the force.
    """
    points = inputs.points
    late = inputs.row_ds(choice) > deciseconds(limits_s(inputs.ground))
    left = late & (points.people[points.row_point] > 0)
    townships = region.table("townships")
    names = {
        i: (zh, en)
        for i, zh, en in zip(townships["id"], townships["name_zh"], townships["name_en"], strict=True)
    }
    of_row = points.township[points.row_point]
    found = []
    for township in [*names, ""]:
        for number, standard in enumerate(section.standards):
            rows = np.flatnonzero(left & (of_row == township) & (points.row_standard == number))
            if len(rows):
                zh, en = names.get(township, ("", ""))
                found.append(
                    Shortage(
                        township_id=township,
                        name_zh=zh,
                        name_en=en,
                        force=standard.force,
                        within_s=standard.within_s,
                        of=None if standard.of is None else standard.of.layer,
                        **_causes(inputs, points.row_point[rows], standard),
                    )
                )
    return tuple(sorted(found, key=lambda one: (-one.people, one.township_id, one.force)))


def _causes(inputs: SitingInputs, at: Int64s, standard: Standard) -> dict[str, Any]:
    """People by cause at these points; one that some site has a road to, but none in time, is too far."""
    usable = inputs.ground.usable
    people = inputs.points.people[at]
    times_ds = deciseconds(inputs.response_s[standard.force][at][:, usable])
    covers = times_ds <= round(standard.within_s * 10)
    possible, road = covers.any(axis=1), (times_ds < NEVER_DS).any(axis=1)
    counts = {
        "no_road": int(people[~road].sum()),
        "too_far": int(people[road & ~possible].sum()),
        "not_chosen": int(people[possible].sum()),
    }
    gain = people @ covers
    best = int(gain.argmax()) if possible.any() else None
    return {
        "code": max(_CAUSES, key=lambda cause: counts[cause[1]])[0],
        "people": int(people.sum()),
        **counts,
        "best_site": None if best is None else inputs.sites.places[int(usable[best])].id,
    }
