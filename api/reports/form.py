"""Printed pages: one HTML document in both languages that loads nothing and runs nothing."""

import html
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Literal

from fastapi import Response

from scenarios.report.document import document
from scenarios.report.text import Language, Text, both

Paper = Literal["A4", "A3"]
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
"""No script runs on a printed page, and nothing is loaded from anywhere."""
BLANK = '<span class="blank"></span>'


def page(
    body: str, *, title: Text, kind: str, language: Language, paper: Paper = "A4", landscape: bool = False
) -> Response:
    """A page as an answer; ``paper`` is what its print asks for."""
    css = files("api.reports").joinpath("sheet.css").read_text(encoding="utf-8")
    turned = "landscape" if landscape else "portrait"
    size = f"@page {{ size: {paper} {turned}; margin: 12mm; }}"
    text = document(body, title=title, kind=kind, language=language, styles=[], scripts=[])
    text = text.replace("</style>", f"{css}{size}\n</style>", 1)
    return Response(text, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


def heading(title: Text, number: Text | None = None) -> str:
    """The title of a sheet, and its number below it."""
    below = "" if number is None else f'<p class="number">{both(number)}</p>'
    return f"<h1>{both(title)}</h1>{below}"


def form(cells: Iterable[tuple[Text, Text | None]], *, whole: Iterable[tuple[Text, Text | None]] = ()) -> str:
    """Names and values two by two, then ``whole`` ones a line each; no value leaves a blank to fill in."""
    pairs, lines = list(cells), list(whole)
    if len(pairs) % 2:
        lines.insert(0, pairs.pop())
    inner = "".join(f"<dt>{both(name)}</dt><dd>{_value(value)}</dd>" for name, value in pairs)
    inner += "".join(f'<dt>{both(name)}</dt><dd class="whole">{_value(value)}</dd>' for name, value in lines)
    return f'<dl class="form">{inner}</dl>'


def grid(header: Sequence[Text], rows: Iterable[Sequence[Text]], *, name: str) -> str:
    """A table whose columns have headings, for screen readers too."""
    head = "".join(f'<th scope="col">{both(one)}</th>' for one in header)
    body = "".join("<tr>" + "".join(f"<td>{both(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="table"><table id="{html.escape(name)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def section(title: Text, inner: str) -> str:
    """A heading and what stands under it; nothing where there is nothing."""
    return f"<section><h2>{both(title)}</h2>{inner}</section>" if inner else ""


def signatures(names: Iterable[Text]) -> str:
    """Lines to sign on."""
    lines = "".join(f"<span>{both(name)} {BLANK}</span>" for name in names)
    return f'<p class="signatures">{lines}</p>'


def _value(value: Text | None) -> str:
    return BLANK if value is None or not (value.zh or value.en) else both(value)
