"""What a siting plan says of its test by simulation: analytic coverage against calls that were played."""

from typing import Literal

from scenarios.intervals import Interval
from scenarios.model_base import Strict
from scenarios.plan_service import StandardServed


class StandardTested(Strict):
    """One standard: share in time as the plan counts it, and as it was played.

    ``counted``: everybody within the limit of an open site with its crew at home. ``expected``: the share
    that the busy fraction of a question ``mexclp`` leaves. ``before``, ``after``: share of the calls that a
    crew of the force reached within the limit of the order, today and under the plan. ``gain``: their
    difference, call by call the same.
    """

    standard: StandardServed
    counted_after: float | None
    expected_before: float | None
    expected_after: float | None
    before: Interval
    after: Interval
    gain: Interval


class Responses(Strict):
    """Calls for a force from one township: how many, how many that nobody reached, seconds from the order.

    Percentiles are those of a replication over the calls that somebody reached, averaged.
    """

    calls: Interval
    unmet: Interval
    in_time: Interval
    p50_s: Interval
    p90_s: Interval
    p95_s: Interval


class TownshipTested(Strict):
    """One township and standard."""

    id: str
    name_zh: str
    name_en: str
    force: str
    within_s: float
    counted_before: float | None
    counted_after: float | None
    before: Responses
    after: Responses


class CrewTested(Strict):
    """A crew that answers for the forces of the standards: share of the time out; ``None`` = not there."""

    id: str
    name_zh: str
    name_en: str
    site: str
    force: str
    new: bool
    utilisation_before: Interval | None
    utilisation_after: Interval | None


class NewCrew(Strict):
    """What the crews of a force at new sites are taken to be."""

    force: str
    capability: str
    level: int
    vehicle_class: str
    turnout_s: float
    crews: int


class CallsTested(Strict):
    """All calls of the drill in the mean of the replications; ``short``: teams asked for and never sent."""

    calls: Interval
    lost: Interval
    open: Interval
    short: Interval


class Simulation(Strict):
    """A plan tested by a drill.

    ``stations_without_crew``: stations that the plan counts on and where no team of the region is based.
    ``not_played``: positions of the standards that the calls of the drill say nothing about.
    """

    drill_zh: str
    drill_en: str
    drill_digest: str
    seed: int
    starts: str
    length_s: float
    engine: Literal["compiled", "exact"]
    dispatch: Literal["nearest", "flow"]
    answered_by: Literal["sites", "everybody"]
    replications: int
    level: float
    busy: float | None
    calls_before: CallsTested
    calls_after: CallsTested
    standards: tuple[StandardTested, ...]
    townships: tuple[TownshipTested, ...]
    crews: tuple[CrewTested, ...]
    new_crews: tuple[NewCrew, ...]
    stations_without_crew: tuple[str, ...]
    not_played: tuple[int, ...]
