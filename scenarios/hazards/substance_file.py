"""The substance catalogue as a file: YAML in, checked, all faults at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.errors import Fault, InputError, refuse
from scenarios.hazards.figures import Certainty, Figure
from scenarios.hazards.substances import AeglSet, Substance

Positive = Annotated[float, Field(gt=0)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _FigureRow(_Row):
    value: Positive | bool
    source: str
    certainty: Certainty


class _AeglRow(_Row):
    minutes: int = Field(gt=0)
    ppm: tuple[Positive | None, Positive | None, Positive | None] = Field(strict=False)
    source: str
    certainty: tuple[Certainty, Certainty, Certainty] = Field(strict=False)


class _SubstanceRow(_Row):
    id: str = Field(pattern=r"^[a-z0-9-]+$")
    cas: str = Field(pattern=r"^\d{2,7}-\d{2}-\d$")
    name_zh: str
    name_en: str
    un: int | None = None
    guide: int | None = None
    molar_mass_g_mol: _FigureRow
    boiling_point_k: _FigureRow
    dense_aerosol: _FigureRow | None = None
    aegl: list[_AeglRow] = []
    erpg2_ppm: _FigureRow | None = None
    idlh_ppm: _FigureRow | None = None
    gb18218_t: _FigureRow | None = None


def read_substances(path: Path) -> tuple[Substance, ...]:
    """Substances of a catalogue file of the shipped form.

    Raises ``InputError``: H108 for a file that is no YAML mapping with ``substances``, H109 for every row
    that is wrong and for a CAS number or id that stands twice.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _unreadable(path, str(error).splitlines()[0]) from error
    if not isinstance(content, dict) or not isinstance(content.get("substances"), list):
        raise _unreadable(path, "no list `substances`")
    return substances_of(content, where=path.name)


def substances_of(content: Mapping[str, Any], *, where: str) -> tuple[Substance, ...]:
    """Substances of a parsed catalogue; ``where`` names it in faults."""
    faults: list[Fault] = []
    rows: list[_SubstanceRow] = []
    for number, row in enumerate(content["substances"], 1):
        try:
            rows.append(_SubstanceRow.model_validate(row))
        except ValidationError as error:
            faults += [_row_fault(where, number, problem) for problem in error.errors()]
    faults += _twice(where, "id", [row.id for row in rows]) + _twice(where, "cas", [row.cas for row in rows])
    if faults:
        raise InputError(faults)
    sources = content.get("sources") or {}
    return tuple(_substance(row, sources) for row in rows)


def _substance(row: _SubstanceRow, sources: Mapping[str, str]) -> Substance:
    def figure(entry: _FigureRow | None) -> Figure | None:
        if entry is None:
            return None
        return Figure(float(entry.value), sources.get(entry.source, entry.source), entry.certainty)

    mass, boiling = figure(row.molar_mass_g_mol), figure(row.boiling_point_k)
    assert mass is not None
    assert boiling is not None
    sets = [
        AeglSet(entry.minutes, entry.ppm, sources.get(entry.source, entry.source), entry.certainty)
        for entry in row.aegl
    ]
    return Substance(
        id=row.id,
        cas=row.cas,
        name_zh=row.name_zh,
        name_en=row.name_en,
        un=row.un,
        guide=row.guide,
        molar_mass_g_mol=mass,
        boiling_point_k=boiling,
        dense_aerosol=row.dense_aerosol is not None and bool(row.dense_aerosol.value),
        aegl=tuple(sorted(sets, key=lambda entry: entry.minutes)),
        erpg2_ppm=figure(row.erpg2_ppm),
        idlh_ppm=figure(row.idlh_ppm),
        gb18218_t=figure(row.gb18218_t),
    )


def _unreadable(path: Path, found: str) -> InputError:
    return refuse(
        "H108",
        where=path.name,
        found=found,
        wanted="a YAML file with a list `substances`, in UTF-8",
        fix="Start from the shipped scenarios/data/hazards/substances.yaml.",
    )


def _row_fault(where: str, number: int, problem: Any) -> Fault:
    place = ".".join(str(part) for part in problem["loc"])
    return Fault(
        code="H109",
        where=f"{where}, substance {number}, {place}",
        found=repr(problem["input"])[:80],
        wanted=problem["msg"],
        fix="Correct the row; every figure needs value, source and certainty.",
    )


def _twice(where: str, column: str, values: list[str]) -> list[Fault]:
    return [
        Fault(
            code="H109",
            where=f"{where}, {column}",
            found=f"{value} twice",
            wanted="each substance once",
            fix="Remove one of the rows.",
        )
        for value in sorted({value for value in values if values.count(value) > 1})
    ]
