"""Contacts, shifts, responsible units, plan documents, places: as they are written and shown."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from api.records.keeping import RecordLayer
from api.records.shifts import WANTED, is_shift
from api.schemas.edge import Instant, Named, Shown, Strict, Words
from api.schemas.geojson import Latitude, Longitude
from scenarios.incident_models import IncidentLevel
from scenarios.model_base import wrong


class _Written(Strict):
    """What every record says."""

    name_zh: Words = ""
    name_en: Words = ""
    source: Named = "command center"
    note: Words = ""


class Contact(_Written):
    """Whom to call."""

    layer: Literal["contacts"]
    unit: Named
    leader: Words = ""
    duty_phone: Words = ""
    call_sign: Words = ""
    channel: Annotated[Words, Field(description="370 MHz channel")] = ""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"layer": "contacts", "unit": "County hospital", "leader": "Li", "duty_phone": "0952-6012345"}
            ]
        }
    )


class Roster(_Written):
    """A shift of a team; ``from`` inclusive, ``to`` exclusive: ``HH:MM`` of every day, or date and time."""

    layer: Literal["rosters"]
    team_id: Named
    begins: Annotated[Named, Field(alias="from", examples=["20:00"])]
    ends: Annotated[Named, Field(alias="to", examples=["08:00"])]
    people: Annotated[int | None, Field(ge=0, le=10_000)] = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"layer": "rosters", "team_id": "crew-hanlin", "from": "20:00", "to": "08:00", "people": 6}
            ]
        }
    )

    @model_validator(mode="after")
    def _holds_at_times(self) -> "Roster":
        if not is_shift(self.begins, self.ends):
            raise wrong("A242", WANTED, f"Correct {self.begins!r} or {self.ends!r}.")
        return self


class Unit(_Written):
    """The unit responsible for a hazard, at a place or in the whole region."""

    layer: Literal["units"]
    hazard: Named
    place_id: Annotated[Words, Field(description="township or hazard site; empty: the whole region")] = ""
    unit: Named
    leader: Words = ""
    phone: Words = ""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "layer": "units",
                    "hazard": "flood",
                    "unit": "Water bureau",
                    "leader": "Ma",
                    "phone": "0952-6012345",
                }
            ]
        }
    )


class PlanDocument(_Written):
    """A plan document (预案) for a hazard, at a place or in the whole region."""

    layer: Literal["plans"]
    hazard: Named
    place_id: Annotated[Words, Field(description="township or hazard site; empty: the whole region")] = ""
    level: IncidentLevel | None = None
    document: Annotated[Named, Field(description="file or address of the document")]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"layer": "plans", "hazard": "flood", "level": "II", "document": "plans/flood.pdf"}]
        }
    )


RecordAsked = Annotated[Contact | Roster | Unit | PlanDocument, Field(discriminator="layer")]


class RecordShown(Shown):
    """A record. ``origin``: the region's files, or the desk."""

    layer: RecordLayer
    id: str
    origin: Literal["region", "desk"]
    changed_at: Instant
    changed_by: str
    on_duty: Annotated[bool | None, Field(description="of a shift: whether it holds now")]
    values: Annotated[dict[str, Any], Field(description="by column of the region's layer")]


class RecordsShown(Shown):
    """Records of a layer, by id."""

    items: tuple[RecordShown, ...]


class Imported(Shown):
    """What a ledger brought: ids written anew, and those that say the same as before."""

    layer: RecordLayer
    written: tuple[str, ...]
    same: tuple[str, ...]


class PositionAsked(Strict):
    """Where a record of a layer is."""

    layer: Named
    lon: Longitude
    lat: Latitude

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"layer": "shelters", "lon": 106.55, "lat": 38.91}]}
    )


class UnplacedShown(Shown):
    """A record without coordinates in the region's files; its geometry is where it was placed here."""

    layer: str
    name_zh: str
    name_en: str
    placed_at: Instant | None
    placed_by: str | None
    in_plans: Annotated[bool, Field(description="plans use a place once the region's files have it")]
