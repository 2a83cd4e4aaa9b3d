"""Who stays without service in time, by township, and why."""

from typing import Any

import numpy as np

from geo.region.region import Region
from optimizer.problem import NEVER_DS, Bools, Int64s
from scenarios.plan import Shortage
from scenarios.scenario_models import SitingSection
from scenarios.site_inputs import SitingInputs

_CAUSES = (("X101", "no_road"), ("X102", "too_far"), ("X103", "not_chosen"))


def shortages(
    region: Region, section: SitingSection, inputs: SitingInputs, columns: tuple[int, ...]
) -> tuple[Shortage, ...]:
    """Townships and standards with people that no open site reaches in time, most people first.

    ``columns`` are the open columns of ``inputs.problem``. The code names the cause that most of these people
    share: X101 no road, X102 too far from every site, X103 in reach of a site that was not chosen.
    """
    problem = inputs.problem
    covers = problem.covers()
    left = ~covers[:, list(columns)].any(axis=1) & (problem.people > 0)
    townships = region.table("townships")
    names = {
        i: (zh, en)
        for i, zh, en in zip(townships["id"], townships["name_zh"], townships["name_en"], strict=True)
    }
    of_row = inputs.points.township[inputs.points.row_point]
    found = []
    for township in [*names, ""]:
        for number, standard in enumerate(section.standards):
            rows = np.flatnonzero(left & (of_row == township) & (inputs.points.row_standard == number))
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
                        **_causes(inputs, rows, covers),
                    )
                )
    return tuple(sorted(found, key=lambda one: (-one.people, one.township_id, one.force)))


def _causes(inputs: SitingInputs, rows: Int64s, covers: Bools) -> dict[str, Any]:
    """People by cause; a row that some site has a road to, but none in time, is too far."""
    people = inputs.points.people[inputs.points.row_point[rows]]
    possible = covers[rows].any(axis=1)
    road = (inputs.problem.response_ds[rows] < NEVER_DS).any(axis=1)
    counts = {
        "no_road": int(people[~road].sum()),
        "too_far": int(people[road & ~possible].sum()),
        "not_chosen": int(people[possible].sum()),
    }
    gain = people @ covers[rows]
    best = int(gain.argmax()) if possible.any() else None
    return {
        "code": max(_CAUSES, key=lambda cause: counts[cause[1]])[0],
        "people": int(people.sum()),
        **counts,
        "best_site": None if best is None else inputs.sites.places[int(inputs.usable[best])].id,
    }
