"""How a siting plan is tested by simulation, as a scenario says it."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from scenarios.model_base import ForceName, Id, Strict, Whole

SHIPPED_DRILL = "drill-year"


class DrillRead(Strict):
    """The drill that a test names, in full, and its doctrine where it has its own; Muster fills it in."""

    file: str
    drill: dict[str, Any]
    doctrine: dict[str, Any] | None = None


class SiteTest(Strict):
    """A drill that today's stations and the plan are played through, with the same calls.

    ``drill``: a drill file, relative to this file, or the name of a shipped one. ``replications``: as the
    drill says when left out. ``answered_by``: calls for the forces of the standards are answered by crews of
    the ``sites`` that the plan counts, or by ``everybody`` who takes part in the drill. ``levels``: of the
    new crews, by force; as most of the region's own teams when left out.
    """

    drill: Id = SHIPPED_DRILL
    replications: Annotated[Whole | None, Field(ge=2, le=100_000)] = None
    answered_by: Literal["sites", "everybody"] = "sites"
    levels: dict[ForceName, Annotated[Whole, Field(ge=1, le=3)]] = Field(default_factory=dict)
    read: DrillRead | None = None


def _by_name(value: Any) -> Any:
    return {"drill": value} if isinstance(value, str) else value


Tested = Annotated[SiteTest | None, BeforeValidator(_by_name, json_schema_input_type=str | SiteTest | None)]
"""A test, or the name of its drill alone."""
