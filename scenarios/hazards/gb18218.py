"""Major hazard installations by GB 18218-2018."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import refuse
from scenarios.hazards.figures import table


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSubstance:
    """A substance held on a site: quantity q and critical quantity Q, tonnes, and correction beta."""

    name: str
    quantity_t: float
    critical_t: float
    beta: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorHazard:
    """Result of the standard; ``level`` is 1 (gravest) to 4, ``None`` where the site is no major hazard."""

    s: float
    r: float
    level: int | None
    level_zh: str | None


def major_hazard(held: Sequence[HeldSubstance], *, people_exposed: int) -> MajorHazard:
    """Identify and grade an installation: ``S = sum q/Q``, ``R = alpha sum beta q/Q`` (GB 18218-2018).

    ``people_exposed`` counts persons outside the boundary within 500 m. The site is a major hazard from S = 1
    on; the limits of R are inclusive. Raises ``InputError`` H113 on a negative quantity or Q <= 0.
    """
    for substance in held:
        if not (substance.quantity_t >= 0 and substance.critical_t > 0):
            raise refuse(
                "H113",
                where=f"substance {substance.name}",
                found=f"q = {substance.quantity_t} t, Q = {substance.critical_t} t",
                wanted="q >= 0 and Q > 0",
                fix="Correct the quantity on the site or the critical quantity.",
            )
    rules = table("gb18218")
    s = sum(substance.quantity_t / substance.critical_t for substance in held)
    weighted = sum(substance.beta * substance.quantity_t / substance.critical_t for substance in held)
    r = alpha(people_exposed) * weighted
    row = next(row for row in rules["levels"]["rows"] if r >= row["from_r"])
    if s < rules["major_from"]:
        return MajorHazard(s=s, r=r, level=None, level_zh=None)
    return MajorHazard(s=s, r=r, level=int(row["level"]), level_zh=str(row["zh"]))


def alpha(people_exposed: int) -> float:
    """Correction by people exposed outside the boundary, >= 0; each limit belongs to the higher value."""
    rows = table("gb18218")["alpha"]["rows"]
    return float(next(row["alpha"] for row in rows if people_exposed >= row["from_people"]))


def beta(cas: str) -> float | None:
    """Correction of a substance by CAS number, ``None`` where the shipped excerpt has no row."""
    row = table("gb18218")["beta"].get(cas)
    return None if row is None else float(row["value"])
