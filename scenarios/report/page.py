"""The report page: one self-contained HTML file in Chinese and English.

The page opens from disk and loads nothing from anywhere (a content security policy in the file forbids it).
Python writes every word, table, chart and an SVG map into the HTML, so it reads and prints without JavaScript
or WebGL; where the map package in ``web/`` was built, its script puts an interactive map in place of the SVG.
The same ``Page`` gives the same bytes each time.
"""

import html
from dataclasses import dataclass
from typing import Literal

from scenarios.report.bundle import Bundle, built_bundle
from scenarios.report.chart import Axis, BarChart, Bars, Chart, LineChart, Series
from scenarios.report.document import document, json_element, map_scripts, page_script
from scenarios.report.facts import (
    Fact,
    Note,
    Notes,
    Paragraph,
    Status,
    fact_html,
    notes_html,
    paragraph_html,
    status_html,
)
from scenarios.report.heat import HeatMap, heat_html
from scenarios.report.map_block import MapBlock, map_block
from scenarios.report.map_frame import Frame
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.svg_chart import chart_html
from scenarios.report.table import Column, Row, Table, table_html
from scenarios.report.text import Change, Language, Text, both, written

__all__ = [
    "Axis", "BarChart", "Bars", "Change", "Chart", "Column", "Fact", "Feature", "LineChart", "MapLayer",
    "Note", "Notes", "Page", "Paragraph", "Row", "Section", "Series", "Status", "Table", "Text", "render",
]  # fmt: skip

WARNINGS = Text("请注意", "Please note")
PROVENANCE = Text("数据来源", "Where the figures come from")

Part = Paragraph | Notes | Table | HeatMap | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, in order."""

    id: str
    title: Text
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PageReplay:
    """Controls as HTML, hidden until the map runs, and what ``web/src/replay.ts`` reads as JSON."""

    html: str
    data: str


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
    map_frame
        West, south, east, north in degrees of the first view; around the boundary, else around all features.
    map_note
        One line under the map.
    replay
        Hours to be played on the interactive map: controls and data.
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
    refresh_s
        The browser loads the page again after so many seconds: a page of partial results.
    """

    kind: str
    title: Text
    subtitle: Text | None = None
    status: Status | None = None
    notice: Text | None = None
    facts: tuple[Fact, ...] = ()
    map_layers: tuple[MapLayer, ...] = ()
    map_frame: tuple[float, float, float, float] | None = None
    map_note: Text | None = None
    replay: PageReplay | None = None
    sections: tuple[Section, ...] = ()
    warnings: tuple[Note, ...] = ()
    provenance: Table | None = None
    inputs: tuple[Fact, ...] = ()
    attribution: Text | None = None
    map_review_number: str = ""
    language: Language = "zh"
    refresh_s: int | None = None


def render(page: Page, *, bundle: Bundle | Literal["built"] | None = "built") -> str:
    """The page as one HTML document, UTF-8, without any reference to another file or address.

    ``bundle`` is the interactive map; the one that was built unless given, None for the plain form.
    """
    live = built_bundle() if bundle == "built" else bundle
    block = _map(page, interactive=live is not None) if page.map_layers else None
    styles, scripts = [], [page_script()]
    if block:
        styles.append(block.style)
    if block and live:
        styles.insert(0, live.style)
        if page.replay:
            scripts.append(json_element("replay-data", page.replay.data))
        scripts.append(map_scripts(live, block.data))
    return document(
        _body(page, _map_html(page, block, live)),
        title=page.title,
        kind=page.kind,
        language=page.language,
        styles=styles,
        scripts=scripts,
        refresh_s=page.refresh_s,
    )


def _map_html(page: Page, block: MapBlock | None, live: Bundle | None) -> str:
    if block is None:
        return ""
    return block.html + (page.replay.html if page.replay and live else "")


def _map(page: Page, *, interactive: bool) -> MapBlock:
    return map_block(
        page.map_layers,
        frame=Frame(*page.map_frame) if page.map_frame else None,
        notice=page.notice,
        note=page.map_note,
        attribution=page.attribution,
        review_number=page.map_review_number,
        interactive=interactive,
    )


def _body(page: Page, map_html: str) -> str:
    pieces = [
        _header(page),
        map_html or (f'<p class="notice">{both(page.notice)}</p>' if page.notice else ""),
        _warnings(page.warnings),
        *map(_section, page.sections),
        _provenance(page.provenance),
        _foot(page),
    ]
    return "\n".join(piece for piece in pieces if piece)


def _header(page: Page) -> str:
    subtitle = f'<p class="subtitle">{both(page.subtitle)}</p>' if page.subtitle else ""
    status = status_html(page.status) if page.status else ""
    facts = f'<div class="facts">{"".join(map(fact_html, page.facts))}</div>' if page.facts else ""
    return f"<header><h1>{both(page.title)}</h1>{subtitle}{status}{facts}</header>"


def _warnings(warnings: tuple[Note, ...]) -> str:
    if not warnings:
        return ""
    listed = notes_html(Notes(warnings))
    return f'<section id="warnings" class="warnings"><h2>{both(WARNINGS)}</h2>{listed}</section>'


def _section(section: Section) -> str:
    parts = "".join(map(_part, section.parts))
    return f'<section id="{html.escape(section.id)}"><h2>{both(section.title)}</h2>{parts}</section>'


def _part(part: Part) -> str:
    if isinstance(part, Table):
        return table_html(part)
    if isinstance(part, HeatMap):
        return heat_html(part)
    if isinstance(part, Notes):
        return notes_html(part)
    if isinstance(part, Paragraph):
        return paragraph_html(part)
    return chart_html(part)


def _provenance(table: Table | None) -> str:
    if table is None:
        return ""
    return f'<section id="provenance"><h2>{both(PROVENANCE)}</h2>{table_html(table)}</section>'


def _foot(page: Page) -> str:
    lines = "".join(
        f"<dt>{both(fact.title)}</dt><dd>{both(written(fact.value, fact.format))}</dd>"
        for fact in page.inputs
    )
    inputs = f"<dl>{lines}</dl>" if lines else ""
    owners = "" if page.map_layers or not page.attribution else f"<p>{both(page.attribution)}</p>"
    return f"<footer>{inputs}{owners}<p>Muster</p></footer>"
