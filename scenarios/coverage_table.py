"""The table of service: who is covered, how long people wait, by standard, township and further limit."""

from geo.region.region import Region
from optimizer.problem import NEVER_DS, Int64s
from scenarios.plan import LimitServed, Measures, Served, StandardServed, TownshipServed
from scenarios.scenario_models import SitingSection
from scenarios.site_choice import Choice
from scenarios.site_inputs import SitingInputs


def measures(region: Region, section: SitingSection, inputs: SitingInputs, choice: Choice) -> Measures:
    """The service that a choice of sites gives."""
    nearest = {force: inputs.nearest_ds(choice, force) for force in inputs.response_s}
    return Measures(
        standards=tuple(_by_standard(section, inputs, nearest)),
        townships=tuple(_by_township(region, section, inputs, nearest)),
        limits=tuple(
            _at_limit(inputs, force, within_s, nearest[force])
            for force in nearest
            for within_s in section.evaluate_at
        ),
    )


def served(people: Int64s, response_ds: Int64s, within_s: float) -> Served:
    """How these people are served; limit inclusive, share of all of them in 6 decimals, times in 0.1 s."""
    reached = response_ds < NEVER_DS
    covered = int(people[reached & (response_ds <= round(within_s * 10))].sum())
    waiting = reached & (people > 0)
    total, arrived = int(people.sum()), int(people[waiting].sum())
    return Served(
        people=total,
        covered=covered,
        share=_share(covered, total),
        mean_response_s=round(int(people[waiting] @ response_ds[waiting]) / arrived / 10, 1)
        if arrived
        else None,
        worst_response_s=int(response_ds[waiting].max()) / 10 if arrived else None,
        unreached=total - arrived,
    )


def _by_standard(
    section: SitingSection, inputs: SitingInputs, nearest: dict[str, Int64s]
) -> list[StandardServed]:
    found, points = [], inputs.points
    for number, standard in enumerate(section.standards):
        held = points.row_point[points.row_standard == number]
        figures = served(points.people[held], nearest[standard.force][held], standard.within_s)
        stated = standard.model_dump(exclude={"source", "of", "weight"})
        of = None if standard.of is None else standard.of.layer
        found.append(StandardServed(**stated, of=of, **figures.model_dump()))
    return found


def _by_township(
    region: Region, section: SitingSection, inputs: SitingInputs, nearest: dict[str, Int64s]
) -> list[TownshipServed]:
    """In the order of the layer ``townships``; points of no township last, standards in their order."""
    townships = region.table("townships")
    names = list(zip(townships["id"], townships["name_zh"], townships["name_en"], strict=True))
    found, points = [], inputs.points
    for township, zh, en in [*names, ("", "", "")]:
        mine = points.township[points.row_point] == township
        for number, standard in enumerate(section.standards):
            held = points.row_point[mine & (points.row_standard == number)]
            if not len(held):
                continue
            figures = served(points.people[held], nearest[standard.force][held], standard.within_s)
            found.append(
                TownshipServed(
                    id=township,
                    name_zh=zh,
                    name_en=en,
                    force=standard.force,
                    within_s=standard.within_s,
                    of=None if standard.of is None else standard.of.layer,
                    **figures.model_dump(),
                )
            )
    return found


def _at_limit(inputs: SitingInputs, force: str, within_s: float, response_ds: Int64s) -> LimitServed:
    lived_in = inputs.points.demand
    figures = served(inputs.points.people[lived_in], response_ds[lived_in], within_s)
    return LimitServed(
        force=force, within_s=within_s, people=figures.people, covered=figures.covered, share=figures.share
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None
