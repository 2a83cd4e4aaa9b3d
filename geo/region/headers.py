"""Headers of a table: English or Chinese, each once, none unknown, none of the required ones missing."""

from difflib import get_close_matches

import pandas as pd

from geo.errors import Fault
from geo.region.layers import LAYERS, Layer
from geo.region.origin import Origin

LON_LAT = ("lon", "lat")
WKT = "wkt"
PLACE_HEADERS = {"经度": "lon", "纬度": "lat", "WKT": WKT}
"""Chinese headers of the columns that hold a place."""


def english_headers(spec: Layer, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the layer's own column names; headers that it does not know stay."""
    english = {column.zh: column.name for column in spec.columns} | PLACE_HEADERS
    return frame.rename(columns=lambda name: english.get(str(name).strip(), str(name).strip()))


def header_faults(spec: Layer, frame: pd.DataFrame, origin: Origin) -> list[Fault]:
    """Unknown (L101), missing (L102) and doubled (L113) columns of a frame with English headers."""
    known = [column.name for column in spec.columns]
    if spec.geometry is not None:
        known += ["geometry", *LON_LAT, WKT]
    faults = [_unknown(name, known, origin) for name in frame.columns if name not in known]
    faults += [_doubled(name, origin) for name in sorted(set(frame.columns[frame.columns.duplicated()]))]
    if len(frame):
        faults += [
            _lacking(column.name, column.zh, column.about, origin)
            for column in spec.columns
            if column.required and column.name not in frame
        ]
    return faults


def _unknown(name: str, known: list[str], origin: Origin) -> Fault:
    near = get_close_matches(name, known, n=1)
    return Fault(
        code="L101",
        where=f"{origin.file}, column {name}",
        found="a column that the layer does not have",
        wanted=f"one of {', '.join(known)}",
        fix=f"Rename it to {near[0]}." if near else "Rename or delete the column.",
    )


def _doubled(name: str, origin: Origin) -> Fault:
    return Fault(
        code="L113",
        where=f"{origin.file}, column {name}",
        found="the column twice",
        wanted="each column once",
        fix="Delete one of them; the English and the Chinese header are the same column.",
    )


def _lacking(name: str, zh: str, about: str, origin: Origin) -> Fault:
    return Fault(
        code="L102",
        where=origin.file,
        found=f"no column {name} ({zh})",
        wanted=about,
        fix="Add the column and fill it.",
    )


def unknown_layer(layer: str, origin: Origin) -> Fault:
    """The fault (L122) of a table that is no layer."""
    near = get_close_matches(layer, LAYERS, n=1)
    return Fault(
        code="L122",
        where=origin.file,
        found=f"a layer {layer}",
        wanted=f"one of {', '.join(LAYERS)}",
        fix=f"Rename it to {near[0]}." if near else "Rename or remove it.",
    )
