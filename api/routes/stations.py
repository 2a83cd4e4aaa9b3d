"""Stations of the region."""

from fastapi import APIRouter
from sqlalchemy import select

from api.deps import Reading, needs
from api.problems import Problem
from api.schemas.edge import RecordId, problems
from api.schemas.geojson import Feature, FeatureCollection, geometry_of
from api.schemas.resources import StationShown
from api.store.tables import StationRow

router = APIRouter(prefix="/stations", tags=["stations"], dependencies=[needs("read")])


@router.get("", responses=problems())
def stations(session: Reading) -> FeatureCollection[StationShown]:
    """All stations, planned ones and candidates too."""
    rows = session.scalars(select(StationRow).order_by(StationRow.id))
    return FeatureCollection[StationShown](features=tuple(map(_shown, rows)))


@router.get("/{station_id}", responses=problems(404))
def station(station_id: RecordId, session: Reading) -> Feature[StationShown]:
    """One station."""
    row = session.get(StationRow, station_id)
    if row is None:
        raise Problem("A118", 404, f"no station {station_id}")
    return _shown(row)


def _shown(row: StationRow) -> Feature[StationShown]:
    properties = StationShown(
        name_zh=row.name_zh,
        name_en=row.name_en,
        kind=row.kind,
        status=row.status,
        township_id=row.township_id,
        listed=row.listed,
    )
    return Feature(id=row.id, geometry=geometry_of(row.place), properties=properties)
