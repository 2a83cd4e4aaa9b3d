"""Substances: what is released, and which concentrations harm."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from geo.errors import refuse
from scenarios.hazards.figures import Certainty, Figure, table


@dataclass(frozen=True, slots=True)
class AeglSet:
    """Acute Exposure Guideline Levels for one exposure time.

    ``ppm`` and ``certainties`` hold AEGL-1 (discomfort), AEGL-2 (lasting harm), AEGL-3 (danger to life);
    ``None`` where no value is recommended.
    """

    minutes: int
    ppm: tuple[float | None, float | None, float | None]
    source: str
    certainties: tuple[Certainty, Certainty, Certainty]


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """A substance of the catalogue; a figure that is not known is ``None`` or an empty tuple.

    Parameters
    ----------
    un, guide
        UN number and orange guide page of the Emergency Response Guidebook.
    dense_aerosol
        A liquefied release makes a cloud heavier than air whatever the molar mass.
    aegl
        Sets by rising exposure time.
    gb18218_t
        Critical quantity of GB 18218-2018, tonnes.
    """

    id: str
    cas: str
    name_zh: str
    name_en: str
    un: int | None
    guide: int | None
    molar_mass_g_mol: Figure
    boiling_point_k: Figure
    dense_aerosol: bool
    aegl: tuple[AeglSet, ...]
    erpg2_ppm: Figure | None
    idlh_ppm: Figure | None
    gb18218_t: Figure | None

    def aegl_for(self, duration_s: float | None) -> AeglSet | None:
        """The set whose exposure time is nearest the release; of two as near the longer (lower values).

        An unknown duration counts as 60 min. ``None`` where the catalogue has no set.
        """
        minutes = 60.0 if duration_s is None else duration_s / 60
        return min(self.aegl, key=lambda s: (abs(s.minutes - minutes), -s.minutes), default=None)


@cache
def shipped_substances() -> tuple[Substance, ...]:
    """The catalogue that comes with the program."""
    from scenarios.hazards.substance_file import substances_of

    return substances_of(table("substances"), where="substances.yaml")


def find_substance(name: str, catalogue: Sequence[Substance] | None = None) -> Substance:
    """A substance by CAS number, id, Chinese or English name (case ignored).

    Raises ``InputError`` H101 for an unknown one; a stand-in is never guessed.
    """
    known = shipped_substances() if catalogue is None else catalogue
    wanted = name.strip().casefold()
    for substance in known:
        if wanted in _names(substance):
            return substance
    near = get_close_matches(wanted, [n for s in known for n in _names(s)], n=3)
    hint = f", perhaps {' or '.join(near)}" if near else ""
    raise refuse(
        "H101",
        where="substance",
        found=repr(name),
        wanted=f"a CAS number, id or name of the catalogue{hint}",
        fix="Correct it, add the substance to a catalogue of your own, or enter the distances by hand.",
    )


def _names(substance: Substance) -> tuple[str, ...]:
    names = (substance.cas, substance.id, substance.name_zh, substance.name_en)
    return tuple(name.casefold() for name in names)
