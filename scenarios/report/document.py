"""The HTML shell around a page: policy, styles, language switch and scripts, all inside one file."""

import html
from collections.abc import Iterable
from importlib.resources import files

from scenarios.report.bundle import Bundle, inline_script
from scenarios.report.svg_labels import language_tag
from scenarios.report.text import Language, Text

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; style-src 'unsafe-inline';"
    " img-src data: blob:; connect-src blob: data:"
)
"""Content security policy: the browser itself refuses to load anything from anywhere."""

NAMES: dict[Language, str] = {"zh": "中文", "en": "English"}


def document(
    body: str,
    *,
    title: Text,
    kind: str,
    language: Language,
    styles: Iterable[str],
    scripts: Iterable[str],
    refresh_s: int | None = None,
) -> str:
    """A whole HTML document, UTF-8, in which style rules alone hide the language that is not chosen."""
    css = "\n".join([*styles, asset("page.css")])
    return (
        f'<!doctype html>\n<html lang="{language_tag(language)}">\n<head>{_head(title, kind, refresh_s)}\n'
        f"<style>\n{css}\n</style>\n</head>\n<body>\n{_language_switch(language)}\n"
        f"<main>\n{body}\n</main>\n{''.join(scripts)}</body>\n</html>\n"
    )


def page_script() -> str:
    """The few lines that every page carries, with or without the interactive map."""
    return f"<script>{inline_script(asset('page.js'))}</script>\n"


def map_scripts(bundle: Bundle, data: str) -> str:
    """The interactive map: its layers as JSON, then its code."""
    return f"{json_element('map-data', data)}<script>{bundle.script}</script>\n"


def json_element(name: str, data: str) -> str:
    """JSON that a script of the page reads; ``<`` in it must be escaped."""
    return f'<script type="application/json" id="{name}">{data}</script>\n'


def asset(name: str) -> str:
    """Text of a file beside this module that goes into the page as it is."""
    return files("scenarios.report").joinpath("assets", name).read_text(encoding="utf-8")


def _head(title: Text, kind: str, refresh_s: int | None) -> str:
    again = "" if refresh_s is None else f'<meta http-equiv="refresh" content="{refresh_s}">\n'
    zh, en = html.escape(title.of("zh")), html.escape(title.of("en"))
    return (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'{again}<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="generator" content="Muster"><meta name="muster-kind" content="{html.escape(kind)}">\n'
        f"<title>{zh if zh == en else f'{zh} | {en}'}</title>"
    )


def _language_switch(first: Language) -> str:
    """Two radio buttons, before everything that depends on them as style rules ask."""
    inputs = "".join(
        f'<input type="radio" name="language" id="language-{code}" value="{language_tag(code)}"'
        f' aria-label="{name}"{" checked" if code == first else ""}>'
        for code, name in NAMES.items()
    )
    labels = "".join(f'<label for="language-{code}">{name}</label>' for code, name in NAMES.items())
    return f'{inputs}<div class="languages" aria-hidden="true">{labels}</div>'
