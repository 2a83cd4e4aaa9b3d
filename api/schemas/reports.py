"""Reports of an incident (信息报告): as they are asked for and shown."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.schemas.edge import Instant, Named, Shown, Strict, Words
from api.schemas.procedure import Entry

ReportKind = Literal["first", "follow_up", "final"]
Sentences = Annotated[tuple[Entry, ...], Field(max_length=20)]


class Casualties(Strict):
    """People harmed, as far as somebody counted; ``source`` and ``at``: who said so, and when."""

    dead: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
    injured: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
    missing: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
    trapped: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
    source: Named
    at: Instant


class ReportAsked(Strict):
    """What a report says besides the record: the words of whoever writes it."""

    kind: ReportKind
    to: Annotated[Words, Field(description="whom it goes to")] = ""
    sender: Annotated[Words, Field(description="unit that reports")] = ""
    author: Words = ""
    approver: Annotated[Words, Field(description="who signs it")] = ""
    phone: Words = ""
    cause: Sentences = ()
    situation: Sentences = ()
    casualties: Casualties | None = None
    trend: Sentences = ()
    next_steps: Sentences = ()
    needs: Sentences = ()

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "first",
                    "to": "市应急管理局",
                    "situation": ["阀门仍在泄漏"],
                    "casualties": {
                        "injured": 2,
                        "source": "县人民医院",
                        "at": "2026-01-15T03:00:00+08:00",
                    },
                }
            ]
        }
    )


class Said(Shown):
    """The same words in Chinese and English; words by hand stand in both."""

    zh: str
    en: str


class ReportLine(Said):
    """One line, with where and when it comes from; no source: by whoever wrote the report."""

    at: Instant | None = None
    source: Said | None = None


class ReportGrid(Shown):
    """A table of a report."""

    header: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]


class ReportSection(Shown):
    """A heading and what stands under it."""

    key: Literal[
        "event", "people", "area", "measures", "needs", "outlook", "timeline", "scores", "changes", "rules"
    ]
    title: Said
    lines: tuple[ReportLine, ...]
    grid: ReportGrid | None = None


class ReportContent(Shown):
    """Everything a report says; frozen when it is issued. ``as_of``: the instant of the record it tells."""

    incident_id: str
    kind: ReportKind
    number: int
    title: Said
    to: str
    sender: str
    author: str
    approver: str
    phone: str
    as_of: Instant
    utc_offset_s: int
    sections: tuple[ReportSection, ...]


class ReportRecord(Shown):
    """An issued report without its content; ``content_hash``: SHA-256 of the content's JSON."""

    id: str
    incident_id: str
    kind: ReportKind
    number: int
    issued_at: Instant
    issued_by: str
    content_hash: str


class ReportShown(ReportRecord):
    """An issued report."""

    content: ReportContent


class ReportRecords(Shown):
    """The reports of an incident in the order they were issued."""

    items: tuple[ReportRecord, ...]
