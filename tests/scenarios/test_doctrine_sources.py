"""Where the rows of the shipped doctrine come from: a document for what it names, `assumed` for the rest."""

import re

from scenarios.doctrine import shipped_doctrine

DOCUMENTS = re.compile(r"kind (PL-ER|PL-WS|ZW) .+; numbers assumed")


def test_each_slot_row_names_the_document_of_its_kind_and_what_is_assumed() -> None:
    rows = [row for rules in shipped_doctrine().hazards.values() for row in rules.slots]
    assert len(rows) > 30
    assert [row.source for row in rows if not DOCUMENTS.fullmatch(row.source)] == []


def test_a_capability_has_the_same_source_everywhere() -> None:
    """One document for one kind of team."""
    seen: dict[str, set[str]] = {}
    for rules in shipped_doctrine().hazards.values():
        for row in rules.slots:
            seen.setdefault(row.capability, set()).add(row.source)
    assert {name: len(sources) for name, sources in seen.items() if len(sources) > 1} == {}


def test_every_other_row_has_a_source() -> None:
    """Rules of staging, people, scarce capabilities, cover, times, replanning, priority."""
    table = shipped_doctrine()
    sources = [table.priority.source, table.arrival_weight.source, table.times.source, table.cover.source]
    sources += [table.replan.source, *(row.source for row in table.scarce)]
    for rules in table.hazards.values():
        sources += [rules.staging.source, *((rules.people.source,) if rules.people else ())]
    assert all("assumed" in source or "GB" in source for source in sources)
