"""A heat map of the page: shares as shades in a table, readable without colour and in print."""

import html
from dataclasses import dataclass

from scenarios.report.text import Text, both

_SHADE = "213,94,0"
"""Orange of the palette; a full share is opaque."""
_PLAIN = ' style="font-weight:normal;border:0;border-bottom:1px solid #dfe4e8;background:none"'


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One row: shares 0 to 1 by column, ``None`` where there is nothing to be short of."""

    title: Text
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Rows under columns, each cell shaded by its share; ``note`` says what a full shade means."""

    id: str
    title: Text
    columns: tuple[Text, ...]
    rows: tuple[HeatRow, ...]
    note: Text | None = None

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.values) != len(self.columns):
                raise ValueError(
                    f"heat map {self.id}: {len(row.values)} cells for {len(self.columns)} columns"
                )


def heat_html(heat: HeatMap) -> str:
    """The map as a table; each cell also says its share in percent."""
    head = "".join(
        f'<th scope="col" style="writing-mode:vertical-rl;white-space:nowrap">{both(one)}</th>'
        for one in heat.columns
    )
    body = "".join(map(_row, heat.rows))
    note = f'<p class="note">{both(heat.note)}</p>' if heat.note else ""
    return (
        f'<div class="table"><table id="{html.escape(heat.id)}"><caption>{both(heat.title)}</caption>'
        f"<thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table></div>{note}"
    )


def _row(row: HeatRow) -> str:
    cells = "".join(map(_cell, row.values))
    return f'<tr><th scope="row" class="words"{_PLAIN}>{both(row.title)}</th>{cells}</tr>'


def _cell(value: float | None) -> str:
    if value is None:
        return '<td class="number"></td>'
    if value <= 0:
        return '<td class="number">·</td>'
    shown = "<1" if value < 0.005 else f"{100 * value:.0f}"
    shade = 0.12 + 0.88 * min(value, 1.0)
    ink = ";color:#fff" if shade > 0.6 else ""
    return f'<td class="number" style="background:rgba({_SHADE},{shade:.2f}){ink}">{html.escape(shown)}</td>'
