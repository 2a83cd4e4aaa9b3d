"""The region served, and its layers as GeoJSON."""

import json
from typing import Any

import geopandas as gpd
import pandas as pd
from fastapi import APIRouter, Response
from sqlalchemy import select

from api.deps import Caller, Reading, Served, needs
from api.local_time import zone_of
from api.problems import Problem
from api.roles import may
from api.schemas.edge import RecordId, problems
from api.schemas.geojson import FeatureCollection
from api.schemas.resources import RegionShown
from api.store.tables import RegionRow
from geo.region.cells import python_rows
from geo.region.layers import LAYERS

router = APIRouter(tags=["region"], dependencies=[needs("read")])
TO_CALL = ("contacts", "rosters", "units")
"""Layers that only those see who may call."""
PRIVATE = ("phone", "call_sign", "duty_phone")
"""Columns that only those see who may call."""


@router.get("/region", responses=problems())
def region(session: Reading, service: Served) -> RegionShown:
    """The region that this server serves."""
    row = session.scalars(select(RegionRow)).one()
    return RegionShown(
        name=row.name,
        name_zh=row.name_zh,
        name_en=row.name_en,
        digest=row.digest,
        taken_at=row.taken_at,
        layers={layer: len(service.region.table(layer)) for layer in LAYERS},
        utc_offset_s=round(zone_of(service.region).utcoffset(None).total_seconds()),
    )


@router.get(
    "/region/layers/{layer}",
    responses={
        **problems(404),
        200: {
            "model": FeatureCollection[dict[str, Any]],
            "description": "Records, those without a place too",
        },
    },
    response_class=Response,
)
def layer(layer: RecordId, service: Served, caller: Caller) -> Response:
    """A layer of the region as its files have it, as GeoJSON."""
    if layer not in LAYERS:
        raise Problem("A118", 404, f"no layer {layer}; there are {', '.join(LAYERS)}")
    calls = may(caller.role, "call")
    if layer in TO_CALL and not calls:
        raise Problem("A111", 403, f"a key of the role {caller.role} may not see {layer}", right="call")
    hidden = () if calls else PRIVATE
    features = _features(service.region.table(layer), hidden)
    text = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False
    )
    return Response(text, media_type="application/geo+json")


def _features(table: pd.DataFrame, hidden: tuple[str, ...]) -> list[dict[str, Any]]:
    placed = isinstance(table, gpd.GeoDataFrame)
    shapes = table.geometry if placed else [None] * len(table)
    plain = table.drop(columns=["geometry"]) if placed else table
    columns = [(at, name) for at, name in enumerate(plain.columns) if name not in hidden]
    return [
        {
            "type": "Feature",
            "id": row[0],
            "geometry": None if shape is None or shape.is_empty else shape.__geo_interface__,
            "properties": {name: row[at] for at, name in columns},
        }
        for row, shape in zip(python_rows(plain), shapes, strict=True)
    ]
