"""Two plans beside each other: who goes where in each, when, and what stays short."""

from collections.abc import Iterator

from api.schemas.comparison import ComparedShortage, ComparedTeam, PlanComparison, PlanFigures
from scenarios.dispatch_plan import DispatchPlan, SlotFilled


def compare(one: DispatchPlan, other: DispatchPlan) -> PlanComparison:
    """What differs between two plans; lists hold what differs alone, figures stand for both.

    Times run from the order of each plan.
    """
    return PlanComparison(
        figures=(_figures(one), _figures(other)),
        teams=tuple(_teams(one, other)),
        shortages=tuple(_shortages(one, other)),
        same=one.decisions == other.decisions,
    )


def _figures(plan: DispatchPlan) -> PlanFigures:
    measures = plan.measures
    arrivals = [slot.arrival_s for slot in plan.decisions.slots if slot.arrival_s is not None]
    first = [one.first_arrival_s for one in measures.incidents if one.first_arrival_s is not None]
    return PlanFigures(
        at=plan.at,
        status=plan.status,
        slots=len(plan.decisions.slots),
        filled=sum(one.filled for one in measures.incidents),
        in_time=sum(one.in_time for one in measures.incidents),
        shortage=measures.shortage,
        teams=len(plan.decisions.teams),
        aid_teams=measures.aid_teams,
        first_arrival_s=min(first, default=None),
        last_arrival_s=max(arrivals, default=None),
        weighted_arrival_s=measures.weighted_arrival_s,
        people_in_zones=sum(one.people for one in plan.decisions.incidents),
        people_uncovered=sum(one.people - one.covered_after for one in plan.cover.townships),
    )


def _teams(one: DispatchPlan, other: DispatchPlan) -> Iterator[ComparedTeam]:
    """Teams whose task or arrival is otherwise, by id."""
    before, after = _tasks(one), _tasks(other)
    names = {team.id: (team.name_zh, team.name_en) for team in (*one.decisions.teams, *other.decisions.teams)}
    for team in sorted({*before, *after}):
        was, is_now = before.get(team), after.get(team)
        if was == is_now:
            continue
        zh, en = names.get(team, ("", ""))
        yield ComparedTeam(
            team_id=team,
            name_zh=zh,
            name_en=en,
            tasks=(was[0] if was else (), is_now[0] if is_now else ()),
            arrival_s=(was[1] if was else None, is_now[1] if is_now else None),
        )


def _tasks(plan: DispatchPlan) -> dict[str, tuple[tuple[str, ...], float | None]]:
    """What each team does, and when it is there; slots, rides and loads alike."""
    tasks: dict[str, list[str]] = {}
    arrivals = {team.id: team.arrival_s for team in plan.decisions.teams}
    for slot in plan.decisions.slots:
        if slot.team_id:
            tasks.setdefault(slot.team_id, []).append(_task(slot))
            arrivals.setdefault(slot.team_id, slot.arrival_s or 0.0)
    for ride in plan.relief.evacuation.rides if plan.relief else ():
        tasks.setdefault(ride.team_id, []).append(f"{ride.place_id} {ride.shelter_id} {ride.people}")
    for trip in plan.relief.materials.trips if plan.relief and plan.relief.materials else ():
        tasks.setdefault(trip.team_id, []).append(f"{trip.depot_id} {trip.shelter_id}")
    return {team: (tuple(done), arrivals.get(team)) for team, done in tasks.items()}


def _task(slot: SlotFilled) -> str:
    return f"{slot.incident_id} {slot.capability} {slot.level}"


def _shortages(one: DispatchPlan, other: DispatchPlan) -> Iterator[ComparedShortage]:
    before, after = _short(one), _short(other)
    for key in sorted({*before, *after}):
        if before.get(key, 0) != after.get(key, 0):
            incident, capability, level = key
            counts = (before.get(key, 0), after.get(key, 0))
            yield ComparedShortage(incident_id=incident, capability=capability, level=level, count=counts)


def _short(plan: DispatchPlan) -> dict[tuple[str, str, int], int]:
    counts: dict[tuple[str, str, int], int] = {}
    for row in plan.shortages:
        key = (row.incident_id, row.capability, row.level)
        counts[key] = counts.get(key, 0) + row.count
    return counts
