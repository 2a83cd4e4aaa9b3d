"""Doctrine: what an incident of a kind and level asks for, as a county writes it, and the slots it makes."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from geo.errors import Fault, InputError, refuse
from geo.region.layers import CAPABILITIES
from scenarios.durations import Duration
from scenarios.incident_models import IncidentHazard, IncidentLevel
from scenarios.scenario_models import Id, Strict, wrong
from scenarios.shipped import DATA
from scenarios.yaml_lines import Document, dotted, read_document

SHIPPED = DATA / "doctrine.yaml"
Capability = Annotated[str, Field(pattern=f"^({'|'.join(CAPABILITIES)})$")]
Counts = dict[IncidentLevel, Annotated[int, Field(ge=0, le=200)]]
Complement = Literal["first_alarm", "full_complement"]


class Priority(Strict):
    """Weight of an incident by its level; 8 counts eight times 1."""

    I: Annotated[int, Field(ge=1, le=1000)]  # noqa: E741  # the levels' own names
    II: Annotated[int, Field(ge=1, le=1000)]
    III: Annotated[int, Field(ge=1, le=1000)]
    IV: Annotated[int, Field(ge=1, le=1000)]
    source: Id


class StagingRule(Strict):
    """Where outside forces wait; without ``off_downwind_deg`` the wind does not matter."""

    margin_m: Annotated[float, Field(ge=0, le=10_000)]
    at_most_m: Annotated[float, Field(gt=0, le=100_000)]
    off_downwind_deg: Annotated[float | None, Field(ge=0, le=180)] = None
    source: Id


class PeopleRule(Strict):
    """Which gas zones close roads: those of this level and graver."""

    gas_from_level: Annotated[int, Field(ge=1, le=3)]
    source: Id


class SlotRow(Strict):
    """Teams of one capability by incident level: ``first`` on the first alarm, ``more`` to the complement."""

    capability: Capability
    at: Annotated[int, Field(ge=1, le=3, description="least level of the capability")]
    weight: Annotated[int, Field(ge=1, le=1000, description="of one team short")]
    first: Counts = Field(default_factory=dict)
    more: Counts = Field(default_factory=dict)
    first_within: Duration | None = None
    full_within: Duration | None = None
    source: Id

    @model_validator(mode="after")
    def _deadlines_stand(self) -> Self:
        missing = [
            name
            for name, counts, within in (
                ("first_within", self.first, self.first_within),
                ("full_within", self.more, self.full_within),
            )
            if any(counts.values()) and within is None
        ]
        if missing:
            raise wrong("S208", f"the key {missing[0]!r}", "Say within what time these teams are due.")
        return self


class ArrivalWeight(Strict):
    """What a second of arrival counts, before the priority of the incident."""

    first_alarm: Annotated[int, Field(ge=0, le=1000)]
    full_complement: Annotated[int, Field(ge=0, le=1000)]
    source: Id


class ScarceRow(Strict):
    """A capability from a level on that is kept for slots that ask for it."""

    capability: Capability
    at: Annotated[int, Field(ge=1, le=3)]
    source: Id


class DefaultTimes(Strict):
    """Figures where no record states one: turnout by force, until everybody is out of a place, vehicle."""

    turnout: dict[Id, Duration] = Field(default_factory=dict)
    other_turnout: Duration
    clearance: Duration
    vehicle_class: Id
    source: Id

    def turnout_s(self, force: str) -> float:
        """Order to wheels rolling of a team of this force, s."""
        return self.turnout.get(force, self.other_turnout)


class CoverRule(Strict):
    """The cover that should stay behind while teams are away.

    Own teams with the capability count, by the drive of one vehicle class, within a time from the order by
    zone of the township. ``later``: most that keeping a team back may delay others; ``moves``,
    ``move_within``: how many idle teams may be moved up, and how far.
    """

    capability: Capability
    at: Annotated[int, Field(ge=1, le=3)]
    vehicle_class: Id
    turnout: Duration
    town_within: Duration
    outskirts_within: Duration
    later: Duration
    moves: Annotated[int, Field(ge=0, le=50)]
    move_within: Duration
    source: Id


class ReplanRule(Strict):
    """Least gain for which teams on their way are told something else."""

    worth: Duration
    source: Id


class ReliefRule(Strict):
    """How people are relocated and supplied.

    ``within``: from the event until everything is handed over at the shelter; ``items_within``: items that
    are due sooner. ``days``, ``household``: what a delivery is worked out for; ``winter_below_c``: from which
    cold on (inclusive) winter quantities and heated shelters count. ``leave_out``: items of the catalogue
    that people in a building do not need. ``gather_m``: how far people walk to where a bus stops;
    ``without_car``: share of people without a car where the region says none. Vehicles are those of teams
    with ``capability``, by class.
    """

    within: Duration
    items_within: dict[Id, Duration] = Field(default_factory=dict)
    days: Annotated[int, Field(ge=1, le=365)]
    household: Annotated[int, Field(ge=1, le=20)]
    winter_below_c: Annotated[float, Field(ge=-60, le=60)]
    leave_out: tuple[Id, ...] = ()
    gather_m: Annotated[float, Field(ge=0, le=10_000)]
    without_car: Annotated[float, Field(ge=0, le=1)]
    capability: Capability
    trucks: tuple[Id, ...]
    buses: tuple[Id, ...]
    car: Id
    boarding: Duration
    loading: Duration
    unloading: Duration
    source: Id


class HeadcountRule(Strict):
    """People wanted at an incident over all its teams, by its level."""

    people: dict[IncidentLevel, Annotated[int, Field(ge=0, le=100_000)]]
    source: Id


class HazardDoctrine(Strict):
    """What one kind of hazard asks for."""

    look_ahead: Duration
    staging: StagingRule
    people: PeopleRule | None = None
    headcount: HeadcountRule | None = None
    slots: Annotated[tuple[SlotRow, ...], Field(min_length=1, max_length=100)]

    def people_wanted(self, level: IncidentLevel) -> int:
        """Heads wanted at an incident of this level; 0 where no number is."""
        return 0 if self.headcount is None else self.headcount.people.get(level, 0)


class Doctrine(Strict):
    """The whole table."""

    muster_doctrine: Literal[1]
    priority: Priority
    arrival_weight: ArrivalWeight
    scarce: tuple[ScarceRow, ...] = ()
    times: DefaultTimes
    cover: CoverRule
    replan: ReplanRule
    relief: ReliefRule
    hazards: dict[IncidentHazard, HazardDoctrine]

    def digest(self) -> str:
        """SHA-256 over what the table says, whatever its layout."""
        said = self.model_dump(mode="json")
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def of(self, hazard: IncidentHazard) -> HazardDoctrine:
        """The rules of one kind of hazard.

        Raises
        ------
        InputError
            S209 when the table has none.
        """
        if hazard not in self.hazards:
            raise refuse(
                "S209",
                where="doctrine, hazards",
                found=f"no rows for {hazard}",
                wanted=f"rules for one of {', '.join(self.hazards)}",
                fix="Add the hazard to the doctrine file, starting from the shipped one.",
            )
        return self.hazards[hazard]

    def weight_of(self, level: IncidentLevel) -> int:
        """Priority of an incident of this level."""
        return int(getattr(self.priority, level))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSlot:
    """One team asked for: a capability at a least level, due ``within_s`` after the order, inclusive."""

    capability: str
    level: int
    complement: Complement
    within_s: float
    weight: int
    source: str


def asked_slots(rules: HazardDoctrine, level: IncidentLevel) -> tuple[AskedSlot, ...]:
    """The slots of an incident of this level, in the order of the rows, first alarm before the rest."""
    return tuple(slot for row in rules.slots for slot in _slots(row, level))


def _slots(row: SlotRow, level: IncidentLevel) -> Iterator[AskedSlot]:
    asked: tuple[tuple[Complement, Counts, float | None], ...] = (
        ("first_alarm", row.first, row.first_within),
        ("full_complement", row.more, row.full_within),
    )
    for complement, counts, within_s in asked:
        for _ in range(counts.get(level, 0)):
            assert within_s is not None
            yield AskedSlot(
                capability=row.capability,
                level=row.at,
                complement=complement,
                within_s=within_s,
                weight=row.weight,
                source=row.source,
            )


@cache
def shipped_doctrine() -> Doctrine:
    """The table that Muster ships."""
    return read_doctrine(SHIPPED)


def read_doctrine(path: Path | str) -> Doctrine:
    """Read a county's table.

    Raises
    ------
    InputError
        S294 no such file; S102 to S104 as ``read_document``; S208 for each value that cannot be used, with
        its line.
    """
    path = Path(path)
    if not path.is_file():
        raise refuse(
            "S294",
            where=str(path),
            found="no file of that name",
            wanted="a doctrine table, relative to the scenario file",
            fix="Correct the key doctrine of the scenario, or remove it: then the shipped table holds.",
        )
    document = read_document(path)
    try:
        return Doctrine.model_validate(document.content)
    except ValidationError as faulty:
        raise InputError(_fault(error, path, document) for error in faulty.errors()) from faulty


def doctrine_from(content: dict[str, Any], *, where: str) -> Doctrine:
    """A table from content that was read before, such as the copy inside a plan; raises ``InputError``."""
    try:
        return Doctrine.model_validate(content)
    except ValidationError as faulty:
        raise InputError(
            _fault(error, Path(where), Document(content, {})) for error in faulty.errors()
        ) from faulty


def _fault(error: Any, path: Path, document: Document) -> Fault:
    at = tuple(part for part in error["loc"] if part != "[key]")
    found = {"missing": "no such key", "extra_forbidden": f"the unknown key {str(at[-1:])[2:-3]!r}"}
    if at[-1:] == ("capability",):
        wanted = f"one of {', '.join(CAPABILITIES)}"
    else:
        wanted = str(error["msg"]).removeprefix("Input should be ")
    return Fault(
        code="S208",
        where=f"{path}:{document.line(at)} {dotted(at)}".rstrip(),
        found=found.get(error["type"], repr(error["input"])[:60]),
        wanted=wanted,
        fix="Correct the row; the head of the shipped doctrine.yaml explains the keys.",
    )
