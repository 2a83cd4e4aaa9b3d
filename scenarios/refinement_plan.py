"""What a refinement of the exact plan gained and proved, as it stands in the plan file."""

from typing import Literal

from scenarios.model_base import Strict


class PeopleAt(Strict):
    """Heads wanted at an incident over all its teams, and sent."""

    incident_id: str
    wanted: int
    sent: int


class Refinement(Strict):
    """A plan refined beyond the stages, with the slots that the exact plan fills.

    ``measure``: ``completion``, the sum over incidents of weight times the arrival of the last team, weighted
    s; or ``headcount``, weighted people missing, within the worst arrivals of the exact plan. ``exact``,
    ``objective``, ``bound``: of the exact plan, of this plan, and the least that any can have; ``gap`` of the
    two last. ``stopped_by``: ``work`` or ``size`` where the search ended before a proof, always at the same
    place.
    """

    measure: Literal["completion", "headcount"]
    exact: float
    objective: float
    bound: float
    gap: float
    stopped_by: str | None
    people: tuple[PeopleAt, ...]
