"""How a reserve plan is tested by simulation, as a scenario says it, and what is assumed otherwise."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, Field

from scenarios.model_base import Strict, Whole
from scenarios.shipped import DATA

Cv = Annotated[float, Field(ge=0, le=2)]
Docks = Annotated[Whole, Field(ge=1, le=100)]


class HaulageRules(Strict):
    """The shipped figures; ``scenarios/data/haulage.yaml`` says what each means."""

    muster_haulage: Literal[1]
    docks: Mapping[Literal["county", "township", "village"], Docks]
    drive_cv: Cv
    handling_cv: Cv
    replications: Annotated[Whole, Field(ge=2)]
    source: str
    certainty: Literal["cited", "recalled", "assumed"]


class ReserveTest(Strict):
    """The plan's goods brought by the region's own trucks in fresh scenarios, event by event.

    ``replications``: scenarios that are drawn. ``docks``: trucks that each depot loads at a time.
    ``drive_cv``, ``handling_cv``: spread of drives, of loading and unloading. Shipped figures when left out.
    """

    replications: Annotated[Whole | None, Field(ge=2, le=5_000)] = None
    docks: Docks | None = None
    drive_cv: Cv | None = None
    handling_cv: Cv | None = None


def _by_number(value: Any) -> Any:
    return {"replications": value} if isinstance(value, int) and not isinstance(value, bool) else value


AskedTest = Annotated[
    ReserveTest | None, BeforeValidator(_by_number, json_schema_input_type=int | ReserveTest | None)
]
"""A test, or the number of its scenarios alone."""


@cache
def haulage_rules() -> HaulageRules:
    """The shipped figures."""
    text = (DATA / "haulage.yaml").read_text(encoding="utf-8")
    return HaulageRules.model_validate(yaml.safe_load(text))
