"""Stage 0: distances of the Emergency Response Guidebook, without any release rate."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from geo.errors import Fault, InputError, refuse
from scenarios.hazards.figures import Certainty, least_certain, source, table
from scenarios.hazards.substances import Substance

SpillSize = Literal["small", "large"]
Basis = Literal["table1", "table3", "guide_page", "entered"]
M_PER_FT, M_PER_MI = 0.3048, 1609.344


@dataclass(frozen=True, slots=True, kw_only=True)
class ErgDistances:
    """Isolation in all directions and protection downwind, metres, with the row they stand in.

    ``protect_m`` is ``None`` where the guide page gives isolation only; its certainty is its own, because it
    may hang on a class of wind. ``may_exceed`` marks the guidebook's
    "+": the true distance can be larger.
    """

    isolate_m: float
    protect_m: float | None
    basis: Basis
    row: str
    source: str
    certainty: Certainty
    protect_certainty: Certainty
    may_exceed: bool = False
    notes: tuple[str, ...] = ()


def entered_distances(*, isolate_m: float, protect_m: float | None, source: str) -> ErgDistances:
    """Distances that the planner gives, metres.

    Raises ``InputError`` H103 for every distance that is not positive, and if no source is named.
    """
    wrong = []
    if not 0 < isolate_m <= 100_000:
        wrong.append(("isolate_m", f"{isolate_m}", "above 0, at most 100,000 m"))
    if protect_m is not None and not 0 < protect_m <= 100_000:
        wrong.append(("protect_m", f"{protect_m}", "above 0, at most 100,000 m, or nothing"))
    if not source.strip():
        wrong.append(("source", "nothing", "where the distances come from"))
    if wrong:
        fix = "Give distances in metres and name their source."
        raise InputError(
            Fault(code="H103", where=f"entered distances, {name}", found=found, wanted=wanted, fix=fix)
            for name, found, wanted in wrong
        )
    return ErgDistances(
        isolate_m=isolate_m,
        protect_m=protect_m,
        basis="entered",
        row="entered by hand",
        source=source,
        certainty="assumed",
        protect_certainty="assumed",
    )


def erg_distances(
    substance: Substance,
    *,
    size: SpillSize,
    day: bool,
    wind_m_s: float | None = None,
    container: str | None = None,
    instantaneous: bool = False,
) -> ErgDistances:
    """Distances of ERG 2024 for a spill.

    Small spills (at most 208 litres): Table 1. Large ones: Table 1, or Table 3 by container and wind for the
    six gases that have it; an unknown or fixed container takes the largest row, an unknown wind the lowest
    class. A substance without a row falls back on the isolation distance of its guide page. Where two
    transcriptions of a row differ, the larger figure is taken. ``instantaneous``: a whole container at once
    doubles the protective distance.

    Raises ``InputError``: H102 where the guidebook excerpt has nothing for the substance, H110 for a
    container that is not in the list.
    """
    row_name = _container_row(container)
    if row_name == "small_spill":
        size = "small"
    found = _from_table1(substance, size, day=day)
    if found is None and size == "large":
        found = _from_table3(substance, row_name, day=day, wind_m_s=wind_m_s)
    if found is None:
        found = _from_guide(substance)
    if instantaneous and found.protect_m is not None:
        factor = float(table("erg")["instantaneous_factor"])
        note = f"whole container at once: protective distance times {factor:g}"
        return replace(found, protect_m=found.protect_m * factor, notes=(*found.notes, note))
    return found


def spill_size(litres: float) -> SpillSize:
    """Small up to and including 208 litres, large beyond."""
    return "small" if litres <= float(table("erg")["small_at_most_l"]) else "large"


def _container_row(container: str | None) -> str | None:
    if container is None:
        return None
    known: Mapping[str, str | None] = table("erg")["containers"]
    if container not in known:
        raise refuse(
            "H110",
            where="container",
            found=repr(container),
            wanted=", ".join(sorted(known)),
            fix="Take the nearest kind of container, or leave it out: then the largest distances hold.",
        )
    return known[container]


def _from_table1(substance: Substance, size: SpillSize, *, day: bool) -> ErgDistances | None:
    row = table("erg")["table1"].get(substance.un)
    if row is None or size not in row:
        return None
    isolate_m, day_km, night_km = row[size]
    return ErgDistances(
        isolate_m=float(isolate_m),
        protect_m=float(day_km if day else night_km) * 1000,
        basis="table1",
        row=f"ERG Table 1, UN {substance.un}, {size} spill, {_time(day)}",
        source=source("erg", row["source"]),
        certainty=row["certainty"],
        protect_certainty=row["certainty"],
    )


def _from_table3(
    substance: Substance, row_name: str | None, *, day: bool, wind_m_s: float | None
) -> ErgDistances | None:
    rows = [row for row in table("erg")["table3"] if row["un"] == substance.un]
    matching = [row for row in rows if row["container"] == row_name]
    if not rows:
        return None
    column, wind_word, wind_certainty = _wind_column(wind_m_s)
    read = [_read_row(row, "day" if day else "night", column) for row in matching or rows]
    certainty = least_certain(*(row["certainty"] for row in matching or rows))
    name = row_name if matching else "largest row"
    notes = () if matching else ("container unknown or without a row of its own: the largest row is taken",)
    return ErgDistances(
        isolate_m=max(isolate_m for isolate_m, _, _ in read),
        protect_m=max(protect_m for _, protect_m, _ in read),
        basis="table3",
        row=f"ERG Table 3, UN {substance.un}, {name}, {_time(day)}, {wind_word} wind",
        source="; ".join(sorted({source("erg", row["source"]) for row in matching or rows})),
        certainty=certainty,
        protect_certainty=least_certain(wind_certainty, certainty),
        may_exceed=any(more for _, _, more in read),
        notes=notes,
    )


def _from_guide(substance: Substance) -> ErgDistances:
    guide = table("erg")["guides"].get(substance.guide)
    if guide is None:
        raise refuse(
            "H102",
            where=f"substance {substance.name_en}",
            found="no row of ERG Table 1 or 3 and no guide page",
            wanted="a row that was read, or distances entered with their source",
            fix="Enter isolation and protective distance by hand, naming the source.",
        )
    return ErgDistances(
        isolate_m=float(guide["isolate_m"]),
        protect_m=None,
        basis="guide_page",
        row=f"ERG guide {substance.guide}",
        source=guide["source"],
        certainty=guide["certainty"],
        protect_certainty=guide["certainty"],
        notes=("no protective distance: only the isolation distance of the guide page is known",),
    )


def _read_row(row: Mapping[str, Any], time: str, column: int) -> tuple[float, float, bool]:
    if "isolate_m" in row:
        isolate_m, unit_m, cell = float(row["isolate_m"]), 1000.0, row[f"{time}_km"][column]
    else:
        isolate_m, unit_m, cell = row["isolate_ft"] * M_PER_FT, M_PER_MI, row[f"{time}_mi"][column]
    text = str(cell)
    return isolate_m, float(text.rstrip("+")) * unit_m, text.endswith("+")


def _wind_column(wind_m_s: float | None) -> tuple[int, str, Certainty]:
    classes = table("erg")["wind_classes"]
    kmh = 0.0 if wind_m_s is None else wind_m_s * 3.6
    certainty: Certainty = classes["certainty"]
    if kmh < classes["low_below_kmh"]:
        return 0, "low", certainty
    return (2, "high", certainty) if kmh > classes["high_above_kmh"] else (1, "moderate", certainty)


def _time(day: bool) -> str:
    return "day" if day else "night"
