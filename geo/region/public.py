"""A region as the public may have it: what ``data/public_columns.csv`` does not name as public stays away."""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import geopandas as gpd
import pandas as pd

from geo.errors import Fault, InputError
from geo.region.layers import LAYERS
from geo.region.region import Region
from geo.region.tables import make_region

WITHHELD = "withheld"
"""The source of records whose own may repeat what is left out."""
SHORTEST_TELLING = 5
"""Characters of the shortest phone that must not stand in a public text, inclusive."""


@cache
def public_columns() -> dict[str, tuple[str, ...]]:
    """The public columns of each layer, in their order; a layer or column not named is withheld."""
    text = files("geo").joinpath("data/public_columns.csv").read_text(encoding="utf-8")
    shown = {
        (row["layer"], row["column"]) for row in csv.DictReader(text.splitlines()) if row["public"] == "yes"
    }
    return {
        layer.name: tuple(column.name for column in layer.columns if (layer.name, column.name) in shown)
        for layer in LAYERS.values()
    }


def public_region(region: Region) -> Region:
    """The region without stocks of hazard sites, phones and quantities of depots.

    Layers without a public column are empty; records whose ids tell what is left out are numbered anew.

    Raises
    ------
    InputError
        L290 for each public cell that repeats a withheld phone, e.g. in a name.
    """
    frames = {
        layer: _public(layer, region.table(layer), shown)
        for layer, shown in public_columns().items()
        if shown
    }
    faults = list(_leaks(region, frames))
    if faults:
        raise InputError(faults)
    return make_region(region.name, frames)


def _public(layer: str, table: pd.DataFrame, shown: tuple[str, ...]) -> pd.DataFrame:
    kept = table[[*shown, "geometry"] if isinstance(table, gpd.GeoDataFrame) else list(shown)].copy()
    if "id" not in shown:
        kept.insert(0, "id", [f"{layer}-{number:04d}" for number in range(1, len(kept) + 1)])
        kept["name_en"] = kept["id"]
    if "source" not in shown:
        kept["source"] = WITHHELD
    return kept


def _leaks(region: Region, frames: dict[str, pd.DataFrame]) -> Iterator[Fault]:
    secrets = sorted(_withheld_phones(region))
    for layer, frame in frames.items():
        for column in frame.select_dtypes(include=["object", "string"]).columns:
            if column == "geometry":
                continue
            for text in frame[column].unique():
                yield from (_leak(layer, column, text) for secret in secrets if secret in str(text))


def _withheld_phones(region: Region) -> set[str]:
    telling = {"phone", "duty_phone"}
    return {
        str(text).strip()
        for layer, shown in public_columns().items()
        for column in telling & set(region.table(layer).columns) - set(shown)
        for text in region.table(layer)[column].unique()
        if len(str(text).strip()) >= SHORTEST_TELLING
    }


def _leak(layer: str, column: str, text: object) -> Fault:
    return Fault(
        code="L290",
        where=f"{layer}, column {column}",
        found=repr(text),
        wanted="no phone that another column withholds",
        fix="Move it into the column that is made for it, or into the note.",
    )
