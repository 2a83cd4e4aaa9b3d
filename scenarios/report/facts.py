"""Headline figures, the status line and lists of reasons: the words of a page."""

from dataclasses import dataclass
from typing import Literal

from scenarios.report.text import UNITS, Change, Format, Text, Value, both, feature_attribute, written

StatusTone = Literal["good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One headline figure; a ``Change`` shows before and after; ``note`` is a small line under it."""

    title: Text
    value: Value
    format: Format = "text"
    unit: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """One line that says whether the answer is proven, feasible with a gap, or not possible."""

    tone: StatusTone
    text: Text


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a list, ``head`` bold before it; a click shows ``feature``, (layer id, feature id)."""

    text: Text
    head: Text | None = None
    feature: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """A list of entries: reasons, shortages, assumptions. ``ordered`` numbers them."""

    items: tuple[Note, ...]
    title: Text | None = None
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running words."""

    text: Text


def fact_html(fact: Fact) -> str:
    """A headline figure as a cell of the row under the title."""
    unit = fact.unit or UNITS[fact.format]
    small = f' <small class="unit">{both(unit)}</small>' if unit.en or unit.zh else ""
    note = f'<div class="fact-note">{both(fact.note)}</div>' if fact.note else ""
    return (
        f'<div class="fact"><div class="fact-title">{both(fact.title)}</div>'
        f'<div class="fact-value">{_figure(fact)}{small}</div>{note}</div>'
    )


def status_html(status: Status) -> str:
    """The status line with its mark; the words carry the meaning, the colour only repeats it."""
    return f'<p class="status status-{status.tone}">{both(status.text)}</p>'


def notes_html(notes: Notes) -> str:
    """A list, numbered where the order means something."""
    tag = "ol" if notes.ordered else "ul"
    title = f"<h3>{both(notes.title)}</h3>" if notes.title else ""
    return f'{title}<{tag} class="notes">{"".join(map(_note_html, notes.items))}</{tag}>'


def paragraph_html(paragraph: Paragraph) -> str:
    """One paragraph."""
    return f"<p>{both(paragraph.text)}</p>"


def _figure(fact: Fact) -> str:
    if not isinstance(fact.value, Change):
        return both(written(fact.value, fact.format))
    before, after = written(fact.value.before, fact.format), written(fact.value.after, fact.format)
    return f'<span class="before">{both(before)}</span> <span class="arrow">→</span> {both(after)}'


def _note_html(note: Note) -> str:
    head = f"<b>{both(note.head)}</b> " if note.head else ""
    return f"<li{feature_attribute(note.feature)}>{head}{both(note.text)}</li>"
