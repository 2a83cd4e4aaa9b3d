"""Names of what a dispatch plan speaks of by id: teams that stay, stations, incidents, records of layers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.region.region import Region
from scenarios.dispatch_plan import DispatchPlan
from scenarios.plan import PlanWarning
from scenarios.report.dispatch_words import capability_words, named
from scenarios.report.text import Language, Text

_NAMED = ("teams", "stations", "shelters", "depots", "items")
"""Layers that plans refer to by id."""
MOST_NAMED = 8
"""Records that a warning names."""


@dataclass(frozen=True, slots=True)
class DispatchNames:
    """Names by layer and id; what has none is called by its id."""

    records: Mapping[tuple[str, str], Text]
    incidents: Mapping[str, Text]

    def of(self, layer: str, name: str) -> Text:
        """A record of a layer of the region."""
        return self.records.get((layer, name), Text.same(name))

    def team(self, name: str) -> Text:
        """A team, whether sent or not."""
        return self.of("teams", name)

    def place(self, name: str) -> Text:
        """A station, or else the team that is based there."""
        return self.records.get(("stations", name), self.team(name))

    def task(self, told: str) -> Text:
        """A task as plans write it (incident, capability, level); a dash for none."""
        if not told:
            return Text.same("-")
        incident, capability, level = told.rsplit(" ", 2)
        what = capability_words(capability, int(level))
        where = self.incidents.get(incident, Text.same(incident))
        return Text(f"{where.of('zh')} {what.zh}", f"{where.of('en')}, {what.en}")


def dispatch_names(plan: DispatchPlan, region: Region) -> DispatchNames:
    """Names of the plan's incidents and assembly points, and of what the region names."""
    records = {
        (layer, str(name)): Text(str(zh), str(en))
        for layer in _NAMED
        for name, zh, en in _names(region, layer)
        if zh or en
    }
    gathering = plan.relief.places if plan.relief else ()
    return DispatchNames(
        records=records | {("demand", place.id): named(place) for place in gathering},
        incidents={incident.id: named(incident) for incident in plan.decisions.incidents},
    )


def _names(region: Region, layer: str) -> Iterable[tuple[str, str, str]]:
    table = region.table(layer)
    return zip(table["id"], table["name_zh"], table["name_en"], strict=True)


def named_records(warning: PlanWarning, names: DispatchNames, language: Language) -> str:
    """A warning with the first records that it is about, and how many more there are."""
    shown = [names.of(warning.layer, record).of(language) for record in warning.records[:MOST_NAMED]]
    more = len(warning.records) - len(shown)
    if language == "zh":
        return f"{warning.text_zh}：{'、'.join(shown)}" + (f"等 {len(warning.records)} 项" if more else "")
    return f"{warning.text_en}: {', '.join(shown)}" + (f" and {more} more" if more else "")
