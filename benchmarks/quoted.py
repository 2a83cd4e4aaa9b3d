"""What documents quote of published rows: the tables of ``docs/scale.md``, one of ``docs/drill.md``."""

import re
from pathlib import Path
from typing import Any

import yaml

from benchmarks.results import published

_FILE = Path(__file__).with_name("quoted.yaml")
_RESPONSE = re.compile(
    r"(?P<calls>[\d,]+) calls, in time (?P<share>[\d.]+)%, mean (?P<mean>[\d.]+) min,"
    r" percentiles 50/90/95 (?P<p50>[\d.]+)/(?P<p90>[\d.]+)/(?P<p95>[\d.]+) min"
)
Rows = dict[str, list[dict[str, Any]]]


def measured_table(rows: Rows | None = None) -> str:
    """What ``docs/scale.md`` builds on: a line for each figure, with the row that it stands in."""
    lines = ["| what | measured | row |", "|---|---|---|"]
    for quote, row in _quoted(rows):
        value, unit = _value(quote, row), "" if quote.get("figure") == "ratio" else row["unit"]
        figure = f"{_figure(value)} {unit}".strip()
        lines.append(
            f"| {quote['what']} | {figure} | [{row['suite']}](benchmarks.md#{row['suite']}) {row['case']} |"
        )
    return "\n".join(lines)


def multiplied_table(rows: Rows | None = None) -> str:
    """A round of planning for a county, a province and the country: sums and products of measured figures."""
    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["multiplied"]
    one_s, longest_s, memory_mb, part = county_round(rows)
    heads = ["", "counties", "processor time", *told["processors"]]
    lines = [f"| {' | '.join(heads)} |".replace("|  |", "| |"), "|---" * len(heads) + "|"]
    for name, count in told["counties"].items():
        shared = [count * one_s / (many * part) for many in told["processors"].values()]
        spans = [count * one_s, *(max(longest_s, one) for one in shared)]
        lines.append(f"| {name} | {count:,} | {' | '.join(map(_span, spans))} |")
    lines += [
        "",
        f"One county takes {_figure(one_s)} processor seconds, a worker {_figure(memory_mb / 1000)} GB.",
        f"Where several processors work each counts for {part:.0%} of one, as in the ensemble above;",
        f"no round ends before its longest command, {_figure(longest_s)} s.",
    ]
    return "\n".join(lines)


def county_round(rows: Rows | None = None) -> tuple[float, float, float, float]:
    """Processor seconds of a county's round and of its longest command; most MB; what a processor counts."""
    found = {quote["key"]: (_value(quote, row), row) for quote, row in _quoted(rows)}
    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["multiplied"]
    members = int(found["days"][1]["metric"].split(" ")[0].replace(",", ""))
    day_s = found["days"][0] / members
    commands_s = [found[key][0] for key in ("site", "stock", "drill")]
    memory_mb = max(found[key][0] for key in ("site_mb", "stock_mb", "drill_mb"))
    seconds = sum(commands_s) + told["flood_days"] * day_s
    return seconds, max(commands_s), memory_mb, found["speed_up"][0] / 2


def response_table(rows: Rows | None = None) -> str:
    """How soon somebody is there in the Edmonton year, from the notes of its rows."""
    lines = [
        "| calls | number | in time | mean | median | 90th percentile | 95th percentile |",
        "|---" * 7 + "|",
    ]
    for row in _all(rows)["simulation"]:
        if row["case"] == "edmonton-response":
            told = _RESPONSE.match(row["note"])
            if told is None:
                raise ValueError(f"the note of {row['metric']} does not say its figures: {row['note']}")
            times = " | ".join(f"{told[key]} min" for key in ("mean", "p50", "p90", "p95"))
            lines.append(f"| {row['metric'].split(':')[0]} | {told['calls']} | {told['share']} % | {times} |")
    if len(lines) < 3:
        raise ValueError("no published rows of edmonton-response")
    return "\n".join(lines)


def _all(rows: Rows | None) -> Rows:
    return {suite: held[0] for suite, held in published().items()} if rows is None else rows


def _quoted(rows: Rows | None) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each quotation with its row.

    Raises
    ------
    ValueError
        A quotation that fits no row or several, or whose row was found wrong.
    """
    held, found = _all(rows), []
    for quote in yaml.safe_load(_FILE.read_text(encoding="utf-8"))["measured"]:
        said = [key for key in ("case", "metric", "peer") if key in quote]
        fit = [row for row in held.get(quote["suite"], []) if all(row[key] == quote[key] for key in said)]
        if len(fit) != 1 or fit[0]["verified"] is False:
            raise ValueError(
                f"{len(fit)} published rows, none of them wrong, wanted 1: {quote['suite']} {quote['case']}"
            )
        found.append((quote, fit[0]))
    return found


def _value(quote: dict[str, Any], row: dict[str, Any]) -> float:
    value = row[quote.get("figure", "ours")]
    if value is None:
        raise ValueError(f"nothing measured: {quote['suite']} {quote['case']} {row['metric']}")
    return float(value)


def _figure(value: float) -> str:
    """Three figures that count, thousands apart."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:g}"


def _span(seconds: float) -> str:
    """A span of time in two figures that count, in the unit that fits."""
    for unit, length_s in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * length_s:
            return f"{float(f'{seconds / length_s:.2g}'):,.5g} {unit}"
    return f"{float(f'{seconds:.2g}'):g} s"
