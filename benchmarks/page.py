"""The page of published results: what was measured, beside peers, beside what was asked, on which machine."""

from typing import Any

from benchmarks.ratio_chart import ratios_svg
from benchmarks.results import published

Rows = list[dict[str, Any]]
ABOUT = {
    "travel": "Travel times on real roads: tables, coverage, closures.",
    "siting": "Where to build: covering and median models, at county scale and at a million points.",
    "dispatch": "Whom to send: plans for many incidents at once.",
    "routing": "Rounds of vehicles with time windows, on public instances.",
    "reserve": "The material reserve: stock under uncertain needs.",
    "api": "The command center under load, on loopback.",
    "simulation": "Drills: years of calls, and many of them at once.",
}
_ABOUT_PAGE = (
    "Every figure below was measured by `python dev.py bench SUITE --publish`. The rows lie beside this page",
    "as JSON, one file a suite, and the page is made from them. Peers ran in the same run on the same input.",
    "*ratio* is theirs over ours: above 1, ours is quicker or leaner. *asked* is what was demanded of a case",
    "before it was measured; rows that miss it stand here like all others. How to add a peer or a case, and",
    "how to compare a planner of your own: [comparing planners](comparing.md).",
)


def documents() -> dict[str, str]:
    """Path and text of the page and its charts."""
    found = published()
    parts = [_part(suite, *found[suite]) for suite in ABOUT if suite in found]
    charts = {
        f"docs/benchmarks/{suite}.svg": chart
        for suite in ABOUT
        if suite in found and (chart := ratios_svg(found[suite][0]))
    }
    return {"docs/benchmarks.md": _page(found, parts), **charts}


def _page(found: dict[str, tuple[Rows, dict[str, Any]]], parts: list[str]) -> str:
    lines = [
        "# Benchmarks",
        "",
        *_ABOUT_PAGE,
        "",
        "| suite | rows | asked and reached | missed | answers checked | wrong |",
        "|---|---|---|---|---|---|",
    ]
    for suite in ABOUT:
        if suite in found:
            rows = found[suite][0]
            met = [row["met"] for row in rows]
            checked = [row["verified"] for row in rows]
            lines.append(
                f"| [{suite}](#{suite}) | {len(rows)} | {met.count(True)} | {met.count(False)} "
                f"| {checked.count(True)} | {checked.count(False)} |"
            )
    return "\n".join([*lines, "", *parts])


def _part(suite: str, rows: Rows, runs: dict[str, Any]) -> str:
    lines = [f"## {suite}", "", ABOUT[suite], ""]
    if ratios_svg(rows):
        lines += [f"![Times of peers over ours, suite {suite}](benchmarks/{suite}.svg)", ""]
    return "\n".join([*lines, table(rows), _run_table(runs)])


def table(rows: Rows) -> str:
    """The rows as a Markdown table."""
    heads = ["case", "measured", "ours", "peer", "theirs", "ratio", "asked", "met", "checked", "run", "note"]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for row in rows:
        asked = "" if row["asked"] is None else f"{figure(row['asked'])} ({row['asked_on']})"
        met = {True: "yes", False: "**no**", None: ""}[row["met"]]
        checked = {True: "yes", False: "**wrong**", None: ""}[row["verified"]]
        cells = (
            row["case"], f"{row['metric']}, {row['unit']}", figure(row["ours"]), row["peer"] or "",
            figure(row["theirs"]), figure(row["ratio"]), asked, met, checked, row["run"], row["note"],
        )  # fmt: skip
        lines.append("| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def figure(value: float | None) -> str:
    """Three digits that count."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _run_table(runs: dict[str, Any]) -> str:
    lines = ["| run | date | commit | machine | load | Python | packages |", "|" + "---|" * 7]
    for key, run in runs.items():
        machine = f"{run['processors']} x {run['processor']}, {run['memory_gb']} GB, {run['system']}"
        packages = ", ".join(f"{name} {number}" for name, number in run["versions"].items())
        lines.append(
            f"| {key} | {run['date']} | {run['commit']} | {machine} | {run['load']} "
            f"| {run['python']} | {packages} |"
        )
    return "\n".join(lines) + "\n"
