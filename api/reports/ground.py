"""What a report is filled from, and how its lines name their sources."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy.orm import Session

from api.schemas.reports import ReportAsked, ReportLine, Said
from api.store.tables import (
    IncidentRow,
    PlanRow,
)
from geo.region.region import Region
from scenarios.dispatch_plan import DispatchPlan, IncidentPlan
from scenarios.report.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a report is filled from; ``plan``: the newest carried out, else the newest proposed."""

    session: Session
    region: Region
    incident: IncidentRow
    plan: tuple[PlanRow, DispatchPlan] | None
    zone: timezone
    asked: ReportAsked

    @property
    def drawn(self) -> IncidentPlan | None:
        """The incident as the plan knows it."""
        if self.plan is None:
            return None
        named = {one.id: one for one in self.plan[1].decisions.incidents}
        return named.get(self.incident.id)

    @property
    def from_plan(self) -> Said:
        """The plan as a source."""
        assert self.plan is not None
        return Said(zh=f"方案 {self.plan[0].id}", en=self.plan[0].id)


def sourced(zh: str, en: str, source: Said | None = None, at: datetime | None = None) -> ReportLine:
    """One line; no source for words of whoever writes the report."""
    return ReportLine(zh=zh, en=en, source=source, at=at)


def by_hand(words: Sequence[str]) -> Iterator[ReportLine]:
    """Sentences of whoever writes the report."""
    for one in words:
        yield sourced(one, one, None)


def name_of(region: Region, layer: str, name: str) -> Text:
    """Names of a record of the region, its id where it has none."""
    table = region.table(layer)
    found = table[table["id"] == name]
    if not len(found) or not (found["name_zh"].iloc[0] or found["name_en"].iloc[0]):
        return Text.same(name)
    return Text(str(found["name_zh"].iloc[0]), str(found["name_en"].iloc[0]))


def same_words(words: str) -> Said:
    """Words that need no translation."""
    return Said(zh=words, en=words)
