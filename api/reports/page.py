"""A report as a page to print, in both languages, from the same frozen content as the DOCX file."""

from fastapi import Response

from api.reports.docx_file import LABELS, feet, heads, source_words
from api.reports.form import form, grid, heading, page, section
from api.schemas.reports import ReportContent, ReportLine, ReportSection, Said
from scenarios.report.text import Language, Text, both


def report_page(content: ReportContent, language: Language) -> Response:
    """The report as a page; ``language`` is the one shown first."""
    number = Text(*(one.format(content.number) for one in LABELS["number"]))
    inner = "".join(_section(one, content) for one in content.sections)
    body = (
        f'<div class="sheet">{heading(_text(content.title), number)}'
        f"{_pairs(heads(content, 'zh'), heads(content, 'en'))}{inner}"
        f"{_pairs(feet(content, 'zh'), feet(content, 'en'))}</div>"
    )
    return page(body, title=_text(content.title), kind="report", language=language)


def _pairs(zh: object, en: object) -> str:
    """The same names and values in both languages beside each other."""
    both_ways = zip(zh, en, strict=True)  # type: ignore[call-overload]  # two lists of pairs
    return form((Text(a[0], b[0]), None if "____" in a[1] else Text(a[1], b[1])) for a, b in both_ways)


def _section(one: ReportSection, content: ReportContent) -> str:
    lines = "".join(_line(line, content) for line in one.lines)
    if one.grid is not None:
        rows = [[_text(cell) for cell in row] for row in one.grid.rows]
        lines += grid([_text(cell) for cell in one.grid.header], rows, name=one.key)
    return section(_text(one.title), lines or f"<p>{both(Text(*LABELS['none']))}</p>")


def _line(line: ReportLine, content: ReportContent) -> str:
    zh, en = source_words(line, content, "zh"), source_words(line, content, "en")
    word = Text(*LABELS["source"])
    source = both(Text(f"（{word.zh}：{zh}）", f" ({word.en}: {en})")) if zh else ""
    return f'<p class="line">{both(_text(line))}<span class="source">{source}</span></p>'


def _text(said: Said) -> Text:
    return Text(said.zh, said.en)
