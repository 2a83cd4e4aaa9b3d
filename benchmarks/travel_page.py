"""Write the table of ``docs/travel-times.md``: ``python -m benchmarks.travel_page ROWS.json ...``."""

import json
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "travel-times.md"
BEGIN, END = "<!-- travel table -->\n", "<!-- end of travel table -->\n"


def main(files: list[Path]) -> None:
    """Put the rows of all files between the marks of the page."""
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(before + BEGIN + table(rows) + END + after, encoding="utf-8")


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as a Markdown table; skipped cases are left out."""
    lines = ["| case | measured | ours | peer | theirs | ratio | asked | met | note |", "|" + "---|" * 9]
    for row in rows:
        if row["metric"] == "skipped":
            continue
        asked = "" if row["asked"] is None else f"{figure(row['asked'])} ({row['asked_on']})"
        met = {True: "yes", False: "**no**", None: ""}[row["met"]]
        cells = (
            row["case"], f"{row['metric']}, {row['unit']}", figure(row["ours"]), row["peer"] or "",
            figure(row["theirs"]), figure(row["ratio"]), asked, met, row["note"],
        )  # fmt: skip
        lines.append("| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def figure(value: float | None) -> str:
    """Three digits that count."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
