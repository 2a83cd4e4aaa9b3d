"""A report as a DOCX file in one language; the same report gives the same bytes."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING, Any

from api.local_time import minute
from api.schemas.reports import ReportContent, ReportGrid, ReportLine
from scenarios.report.text import Language

if TYPE_CHECKING:
    from docx.document import Document

FONTS: dict[Language, tuple[str, str]] = {"zh": ("Times New Roman", "仿宋"), "en": ("Calibri", "仿宋")}
"""Of Latin letters and of Chinese ones: official documents of China are set in FangSong (GB/T 9704-2012)."""
BODY_PT, TITLE_PT = 12, 18
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
LABELS = {
    "number": ("第 {} 期", "No. {}"),
    "to": ("报送", "To"),
    "sender": ("报送单位", "From"),
    "issued": ("时间", "Time"),
    "author": ("拟稿", "Written by"),
    "approver": ("签发", "Signed by"),
    "phone": ("联系电话", "Phone"),
    "source": ("来源", "source"),
    "none": ("暂无", "nothing known yet"),
}


def label(key: str, language: Language) -> str:
    """A word of the form."""
    zh, en = LABELS[key]
    return zh if language == "zh" else en


def report_docx(content: ReportContent, language: Language) -> bytes:
    """The report as a file for word processors."""
    import docx

    document = docx.Document()
    _set_up(document, content, language)
    _head(document, content, language)
    for section in content.sections:
        document.add_heading(getattr(section.title, language), level=2)
        if not section.lines and section.grid is None:
            document.add_paragraph(label("none", language))
        for line in section.lines:
            _paragraph(document, line, content, language)
        if section.grid is not None:
            _table(document, section.grid, language)
    _foot(document, content, language)
    written = io.BytesIO()
    document.save(written)
    return _without_clock(written.getvalue())


def heads(content: ReportContent, language: Language) -> Iterable[tuple[str, str]]:
    """The lines above a report that somebody filled in."""
    zone = timezone(timedelta(seconds=content.utc_offset_s))
    yield label("issued", language), minute(content.as_of, zone)
    for key in ("to", "sender"):
        if said := getattr(content, key):
            yield label(key, language), said


def feet(content: ReportContent, language: Language) -> Iterable[tuple[str, str]]:
    """The lines below it; who wrote and who signs always stand, to be filled in by pen."""
    for key in ("author", "approver", "phone"):
        yield label(key, language), getattr(content, key) or "________"


def source_words(line: ReportLine, content: ReportContent, language: Language) -> str:
    """Where a line comes from, and when; empty for words of whoever wrote the report."""
    zone = timezone(timedelta(seconds=content.utc_offset_s))
    parts = [getattr(line.source, language)] if line.source is not None else []
    parts += [minute(line.at, zone)] if line.at is not None else []
    return ("，" if language == "zh" else ", ").join(part for part in parts if part)


def _set_up(document: "Document", content: ReportContent, language: Language) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(28), Mm(26), Mm(30), Mm(25)
    latin, chinese = FONTS[language]
    for name in ("Normal", "Heading 1", "Heading 2"):
        style: Any = document.styles[name]
        style.font.name = latin
        style.font.size = Pt(BODY_PT if name == "Normal" else 14)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), chinese)
    about, at = document.core_properties, content.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    about.title, about.author, about.last_modified_by = getattr(content.title, language), "Muster", "Muster"
    about.created = about.modified = at
    about.identifier = f"{content.incident_id} {content.number}"
    about.language = "zh-CN" if language == "zh" else "en"


def _head(document: "Document", content: ReportContent, language: Language) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(getattr(content.title, language))
    run.bold, run.font.size = True, Pt(TITLE_PT)
    number = document.add_paragraph(label("number", language).format(content.number))
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, said in heads(content, language):
        document.add_paragraph(f"{name}：{said}" if language == "zh" else f"{name}: {said}")


def _paragraph(document: "Document", line: ReportLine, content: ReportContent, language: Language) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph(getattr(line, language))
    source = source_words(line, content, language)
    if source:
        word = label("source", language)
        run = paragraph.add_run(f"（{word}：{source}）" if language == "zh" else f" ({word}: {source})")
        run.italic, run.font.size = True, Pt(9)


def _table(document: "Document", grid: ReportGrid, language: Language) -> None:
    table = document.add_table(rows=1, cols=len(grid.header), style="Table Grid")
    for cell, said in zip(table.rows[0].cells, grid.header, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(getattr(said, language)).bold = True
    for row in grid.rows:
        for cell, said in zip(table.add_row().cells, row, strict=True):
            cell.text = getattr(said, language)


def _foot(document: "Document", content: ReportContent, language: Language) -> None:
    colon = "：" if language == "zh" else ": "
    document.add_paragraph("    ".join(f"{name}{colon}{said}" for name, said in feet(content, language)))


def _without_clock(packed: bytes) -> bytes:
    """The same archive with the same time for every part: no machine fact stands in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            fresh = zipfile.ZipInfo(part.filename, _ZIP_EPOCH)
            fresh.compress_type, fresh.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(fresh, old.read(part.filename))
    return out.getvalue()
