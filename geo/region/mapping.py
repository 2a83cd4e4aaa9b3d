"""Mapping files: which header of somebody else's table is which column of ours."""

from collections.abc import Hashable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.datum import Datum
from geo.errors import Fault, InputError, refuse
from geo.region.cells import cell_text, is_missing
from geo.region.delimited import decode
from geo.region.headers import LON_LAT, WKT
from geo.region.layers import LAYERS

Finite = Annotated[float, Field(allow_inf_nan=False)]


class TableMapping(BaseModel):
    """What a mapping file says; ``docs/files.md`` shows one.

    Parameters
    ----------
    layer, sheet
        Our layer, and the sheet of a workbook (the first when left out).
    header_row
        Row that holds the headers, from 1; what stands above is a title.
    encoding
        Encoding of a CSV file or Shapefile, when it is neither UTF-8 nor GB18030.
    datum
        Datum of the coordinates.
    columns
        Their header: our column.
    words
        Written ``values``: by our column, their word: our word.
    factors
        By our column, what one of their units is in ours, e.g. 60 for minutes to seconds.
    constants
        By our column, the value of every record.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    layer: str
    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1)] = 1
    encoding: str | None = None
    datum: Datum = "wgs84"
    columns: dict[str, str] = {}
    words: Annotated[dict[str, dict[str, str]], Field(alias="values")] = {}
    factors: dict[str, Finite] = {}
    constants: dict[str, str | int | float] = {}


def read_mapping(path: Path) -> TableMapping:
    """Read a mapping file.

    Raises
    ------
    InputError
        F101 missing, F104 encoding, F121 no YAML, F122 a key or value that does not belong, F123 a column or
        layer that we do not have; all faults at once.
    """
    if not path.is_file():
        raise refuse("F101", where=str(path), found="nothing", wanted="a mapping file", fix="Check the path.")
    try:
        mapping = TableMapping.model_validate(yaml.safe_load(decode(path)) or {})
    except yaml.YAMLError as error:
        raise refuse(
            "F121",
            where=path.name,
            found=f"no readable YAML: {' '.join(str(error).split())}",
            wanted="a mapping file",
            fix="Check the indentation and the colons; put headers with special characters in quotes.",
        ) from error
    except ValidationError as error:
        raise InputError([_fault(path, e["loc"], e["msg"]) for e in error.errors()]) from error
    if faults := _foreign_names(path, mapping):
        raise InputError(faults)
    return mapping


def _fault(path: Path, keys: tuple[Hashable, ...], message: str) -> Fault:
    return Fault(
        code="F122",
        where=f"{path.name} {'.'.join(map(str, keys)) or 'top level'}",
        found=message,
        wanted=f"only the keys {', '.join(f.alias or n for n, f in TableMapping.model_fields.items())}",
        fix="Correct the key or its value.",
    )


def _foreign_names(path: Path, mapping: TableMapping) -> list[Fault]:
    if mapping.layer not in LAYERS:
        return [_foreign(path, "layer", mapping.layer, list(LAYERS))]
    ours = [column.name for column in LAYERS[mapping.layer].columns]
    if LAYERS[mapping.layer].geometry:
        ours += [*LON_LAT, WKT]
    named = [
        *(("columns", name) for name in mapping.columns.values()),
        *(("values", name) for name in mapping.words),
        *(("factors", name) for name in mapping.factors),
        *(("constants", name) for name in mapping.constants),
    ]
    return [_foreign(path, key, name, ours) for key, name in named if name not in ours]


def _foreign(path: Path, key: str, name: str, ours: list[str]) -> Fault:
    near = get_close_matches(name, ours, n=1)
    return Fault(
        code="F123",
        where=f"{path.name} {key}",
        found=repr(name),
        wanted=f"one of {', '.join(ours)}",
        fix=f"Write {near[0]}." if near else "Write one of our names.",
    )


def mapped(frame: pd.DataFrame, mapping: TableMapping, *, where: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The frame with our columns only, and the headers that the mapping does not use.

    Raises ``InputError`` F124 for each header of the mapping that the table lacks.
    """
    theirs = [str(name) for name in frame.columns]
    if missing := [header for header in mapping.columns if header not in theirs]:
        raise InputError([_lacking(header, theirs, where) for header in missing])
    kept = frame[list(mapping.columns)].set_axis(list(mapping.columns.values()), axis=1)
    for column, words in mapping.words.items():
        if column in kept:
            kept[column] = [words.get(cell_text(v), v) for v in kept[column]]
    for column, factor in mapping.factors.items():
        if column in kept:
            kept[column] = [_scaled(v, factor) for v in kept[column]]
    for column, value in mapping.constants.items():
        kept[column] = value
    return kept, tuple(name for name in theirs if name and name not in mapping.columns)


def _scaled(value: Any, factor: float) -> Any:
    if is_missing(value):
        return None
    try:
        return float(value) * factor
    except (TypeError, ValueError):
        return value  # no number: the table check names it as it stands


def _lacking(header: str, theirs: list[str], where: str) -> Fault:
    near = get_close_matches(header, theirs, n=1)
    return Fault(
        code="F124",
        where=where,
        found=f"no column {header!r}",
        wanted=f"it, or one of {', '.join(filter(None, theirs))} in the mapping",
        fix=f"Write {near[0]!r} in the mapping file." if near else "Correct the mapping file.",
    )
