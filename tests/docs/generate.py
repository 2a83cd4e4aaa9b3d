"""Writes the generated parts of the documents: ``python dev.py docs``."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from benchmarks import page, quoted
from benchmarks.claims import claims_list
from geo.region.layers import LAYERS, Column, Layer

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("api", "scenarios", "optimizer", "geo", "benchmarks")
FAMILIES = {
    "F": "Files and formats",
    "L": "Layers, columns, values",
    "N": "Roads, places, travel times",
    "V": "Vehicles",
    "H": "Hazards",
    "S": "Scenario files",
    "P": "Plans and their check",
    "X": "Infeasible",
    "A": "Command center",
}


def documents() -> dict[str, str]:
    """Path and full text of each document that has a generated part."""
    return {
        "docs/errors.md": _errors(),
        "docs/files.md": _between("docs/files.md", "layers", _layers()),
        "docs/architecture.md": _between("docs/architecture.md", "modules", _modules()),
        "README.md": _between("README.md", "claims", claims_list("en")),
        "README.zh-CN.md": _between("README.zh-CN.md", "claims", claims_list("zh")),
        "docs/drill.md": _between("docs/drill.md", "response", quoted.response_table()),
        "docs/scale.md": _between(
            "docs/scale.md", "measured", quoted.measured_table(), multiplied=quoted.multiplied_table()
        ),
        **page.documents(),
        **{f"docs/schemas/{name}.schema.json": text for name, text in _schemas().items()},
    }


def error_rows() -> list[dict[str, str]]:
    """All documented codes: code, titles and remedies in both languages."""
    files = sorted((ROOT / "docs" / "errors.d").glob("*.yaml"))
    return [row for file in files for row in yaml.safe_load(file.read_text(encoding="utf-8")) or []]


def _errors() -> str:
    lines = [
        "# Errors and warnings",
        "",
        "Each message starts with a code, says where, what was found, what is wanted and what to do.",
        "All faults of a file are reported at once.",
        "Exit codes: 0 done, 1 infeasible, 2 bad input, 3 internal.",
        "",
        "每条提示以代码开头，说明位置、发现的内容、应有的内容和处理办法。一个文件的全部错误一次报告。",
        "",
        "This page is made from `docs/errors.d/` by `python dev.py docs`.",
    ]
    rows = sorted(error_rows(), key=lambda row: row["code"])
    for letter, family in FAMILIES.items():
        if mine := [row for row in rows if row["code"].startswith(letter)]:
            lines += ["", f"## {family}", "", "| code | meaning | what to do |", "|---|---|---|"]
            lines += [
                f"| {r['code']} | {r['title_en']}<br>{r['title_zh']} | {r['remedy_en']}<br>{r['remedy_zh']} |"
                for r in mine
            ]
    return "\n".join(lines) + "\n"


def _layers() -> str:
    return "\n\n".join(_layer(layer) for layer in LAYERS.values())


def _layer(layer: Layer) -> str:
    lines = [
        f"### `{layer.name}` {layer.zh}",
        "",
        f"{layer.about[0].upper()}{layer.about[1:]}. Geometry: {layer.geometry or 'none'}.",
        "",
        "| column | header | kind | what it says |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{c.name}` | {c.zh} | {_kind(c)} | {c.about} |" for c in layer.columns]
    return "\n".join(lines)


def _kind(column: Column) -> str:
    kind = " / ".join(column.choices) if column.choices else column.kind
    if column.refers_to:
        kind = f"id of `{column.refers_to}`"
    return kind + (", required" if column.required else "")


def _modules() -> str:
    lines = []
    for package in PACKAGES:
        lines += [f"### `{package}`", "", "| module | what it is |", "|---|---|"]
        lines += [f"| `{module}` | {about} |" for module, about in _about_modules(package)]
        lines.append("")
    return "\n".join(lines).rstrip()


def _about_modules(package: str) -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / package).rglob("*.py")):
        found = re.match(r'\s*"""(.+?)(?:\n\n|""")', file.read_text(encoding="utf-8"), re.DOTALL)
        if found:
            name = file.relative_to(ROOT).as_posix()
            yield name, " ".join(found[1].split())


def _schemas() -> dict[str, str]:
    from scenarios.schemas import FORMS

    return {name: json.dumps(made(), ensure_ascii=False, indent=1) + "\n" for name, made in FORMS.items()}


def _between(path: str, mark: str, text: str, **more: str) -> str:
    """The document with the text between its marks; ``more`` texts by further marks."""
    whole = (ROOT / path).read_text(encoding="utf-8")
    for name, part in {mark: text, **more}.items():
        begin, end = f"<!-- generated: {name} -->\n", f"\n<!-- end: {name} -->"
        before, rest = whole.split(begin)
        whole = before + begin + part + end + rest.split(end)[1]
    return whole


def main() -> int:
    """Write every document whose generated part changed."""
    for path, text in documents().items():
        file = ROOT / path
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
