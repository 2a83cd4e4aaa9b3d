"""What is around an incident (一张图): documents, units, targets, people, materials, vehicles in a circle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Geod
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.problems import Problem
from api.records.hazards import about
from api.records.keeping import records
from api.records.placing import placements
from api.schemas.around import (
    Around,
    DepotNear,
    DocumentNear,
    PeopleNear,
    TargetNear,
    TeamNear,
    UnitNear,
)
from api.schemas.resources import StockShown
from api.stock_ledger import free
from api.store.procedure_tables import RecordRow
from api.store.tables import DepotRow, IncidentRow, StockRow, TeamRow
from geo.region.region import Region
from scenarios.key_places import KEY_KINDS, KEY_LAYERS

_EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class _Centre:
    """Where the incident is, and how far, inclusive, is near."""

    lon: float
    lat: float
    radius_m: float

    def away(self, lon: float, lat: float) -> tuple[float, float]:
        """Distance, metres, and bearing, degrees clockwise from north."""
        bearing, _, metres = _EARTH.inv(self.lon, self.lat, lon, lat)
        return round(float(metres), 1), round(float(bearing) % 360, 1)


def around(session: Session, region: Region, incident_id: str, *, radius_m: float, calls: bool) -> Around:
    """What is around an incident, each list the nearest first; phones only where ``calls``.

    Raises
    ------
    Problem
        A118 no such incident, A239 it has no place.
    """
    incident = session.get(IncidentRow, incident_id)
    if incident is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    if incident.place is None:
        raise Problem("A239", 409, f"nobody has said where {incident_id} is")
    middle = incident.place.centroid
    centre = _Centre(middle.x, middle.y, radius_m)
    places = _places_near(session, region, centre)
    return Around(
        incident_id=incident_id,
        lon=centre.lon,
        lat=centre.lat,
        radius_m=radius_m,
        plan_documents=tuple(_documents(session, incident.hazard, places)),
        responsible_units=tuple(_units(session, incident.hazard, places, calls=calls)),
        key_targets=tuple(_targets(session, region, centre)),
        people=_people(session, region, centre),
        materials=tuple(_depots(session, centre)),
        vehicles=tuple(_teams(session, centre, calls=calls)),
    )


def _points(session: Session, region: Region, layer: str) -> Iterator[tuple[Mapping[str, Any], float, float]]:
    """Records of a layer with their place, by the files or by hand."""
    placed = placements(session, layer)
    for record in region.table(layer).to_dict("records"):
        shape: BaseGeometry | None = record["geometry"]
        if shape is None or shape.is_empty:
            shape = placed.get(str(record["id"]))
        if shape is not None:
            point = shape.representative_point()
            yield {str(key): value for key, value in record.items()}, float(point.x), float(point.y)


def _places_near(session: Session, region: Region, centre: _Centre) -> dict[str, float]:
    """Townships and hazard sites in the circle with their distance; a township it lies in counts as near."""
    found: dict[str, float] = {}
    for layer in ("townships", "hazard_sites"):
        for record, lon, lat in _points(session, region, layer):
            metres, _ = centre.away(lon, lat)
            if metres <= centre.radius_m:
                found[str(record["id"])] = metres
    return found


def _attached(
    session: Session, layer: str, hazard: str, places: Mapping[str, float]
) -> list[tuple[RecordRow, float | None]]:
    """Records about the hazard, of near places first, then of the whole region."""
    found = [
        (row, places.get(str(row.content.get("place_id") or "")))
        for row in records(session, layer)
        if about(str(row.content.get("hazard") or ""), hazard)
        and (not row.content.get("place_id") or row.content["place_id"] in places)
    ]
    return sorted(found, key=lambda one: (one[1] is None, one[1] or 0.0, one[0].id))


def _documents(session: Session, hazard: str, places: Mapping[str, float]) -> Iterator[DocumentNear]:
    for row, metres in _attached(session, "plans", hazard, places):
        yield DocumentNear(
            id=row.id,
            name_zh=_text(row, "name_zh"),
            name_en=_text(row, "name_en"),
            hazard=_text(row, "hazard"),
            level=_text(row, "level"),
            document=_text(row, "document"),
            place_id=_text(row, "place_id"),
            distance_m=metres,
        )


def _units(session: Session, hazard: str, places: Mapping[str, float], *, calls: bool) -> Iterator[UnitNear]:
    phones = {_text(row, "unit"): row for row in records(session, "contacts")}
    for row, metres in _attached(session, "units", hazard, places):
        contact = phones.get(_text(row, "unit"))
        phone = _text(row, "phone") or ("" if contact is None else _text(contact, "duty_phone"))
        yield UnitNear(
            id=row.id,
            unit=_text(row, "unit"),
            hazard=_text(row, "hazard"),
            leader=_text(row, "leader") or ("" if contact is None else _text(contact, "leader")),
            phone=phone if calls else None,
            channel=_text(contact, "channel") if calls and contact is not None else None,
            place_id=_text(row, "place_id"),
            distance_m=metres,
        )


def _targets(session: Session, region: Region, centre: _Centre) -> list[TargetNear]:
    found = []
    for layer in (*KEY_LAYERS, "demand"):
        for record, lon, lat in _points(session, region, layer):
            if layer == "demand" and record["kind"] not in KEY_KINDS:
                continue
            metres, bearing = centre.away(lon, lat)
            if metres <= centre.radius_m:
                found.append(_target(layer, record, lon, lat, metres, bearing))
    return sorted(found, key=lambda one: (one.distance_m, one.layer, one.id))


def _target(
    layer: str, record: Mapping[str, Any], lon: float, lat: float, metres: float, bearing: float
) -> TargetNear:
    people = record.get("people", record.get("capacity_people", record.get("beds")))
    return TargetNear(
        layer=layer,
        id=str(record["id"]),
        name_zh=str(record["name_zh"]),
        name_en=str(record["name_en"]),
        kind=str(record.get("kind") or ""),
        people=None if people is None or pd.isna(people) else int(people),
        lon=lon,
        lat=lat,
        distance_m=metres,
        bearing_deg=bearing,
    )


def _people(session: Session, region: Region, centre: _Centre) -> PeopleNear:
    """People of the places in the circle, and their nearest place."""
    table = region.placed("demand")
    if not len(table):
        return PeopleNear(people=0, places=0, nearest_m=None)
    lon, lat = table.geometry.x.to_numpy(np.float64), table.geometry.y.to_numpy(np.float64)
    metres = np.asarray(
        _EARTH.inv(np.full(len(lon), centre.lon), np.full(len(lat), centre.lat), lon, lat)[2], np.float64
    )
    near, people = metres <= centre.radius_m, table["people"].fillna(0).to_numpy(np.int64)
    lived = near & (people > 0)
    return PeopleNear(
        people=int(people[near].sum()),
        places=int(lived.sum()),
        nearest_m=round(float(metres[lived].min()), 1) if lived.any() else None,
    )


def _depots(session: Session, centre: _Centre) -> list[DepotNear]:
    found = []
    for row in session.scalars(select(DepotRow).where(DepotRow.listed)):
        if row.place is None:
            continue
        place = row.place.centroid
        metres, bearing = centre.away(place.x, place.y)
        if metres <= centre.radius_m:
            held = session.scalars(
                select(StockRow).where(StockRow.depot_id == row.id).order_by(StockRow.item_id, StockRow.mode)
            )
            found.append(
                DepotNear(
                    id=row.id,
                    name_zh=row.name_zh,
                    name_en=row.name_en,
                    level=row.level,
                    lon=place.x,
                    lat=place.y,
                    distance_m=metres,
                    bearing_deg=bearing,
                    stock=tuple(_stock(one) for one in held if one.on_hand > 0),
                )
            )
    return sorted(found, key=lambda one: (one.distance_m, one.id))


def _stock(row: StockRow) -> StockShown:
    return StockShown(
        depot_id=row.depot_id,
        item_id=row.item_id,
        mode=row.mode,
        unit=row.unit,
        stated=row.stated,
        on_hand=row.on_hand,
        reserved=row.reserved,
        free=free(row),
    )


def _teams(session: Session, centre: _Centre, *, calls: bool) -> list[TeamNear]:
    """Teams that are there now, with their vehicles; where they were last seen, else at their base."""
    found = []
    for row in session.scalars(select(TeamRow).where(TeamRow.listed)):
        place = row.base if row.position is None else row.position
        if place is None:
            continue
        metres, bearing = centre.away(place.x, place.y)
        if metres <= centre.radius_m:
            found.append(_team(row, place.x, place.y, metres, bearing, calls=calls))
    return sorted(found, key=lambda one: (one.distance_m, one.id))


def _team(row: TeamRow, lon: float, lat: float, metres: float, bearing: float, *, calls: bool) -> TeamNear:
    seen_at: datetime | None = row.position_at
    return TeamNear(
        id=row.id,
        name_zh=row.name_zh,
        name_en=row.name_en,
        status=row.status,
        vehicle_class=row.vehicle_class,
        vehicles=row.vehicles,
        people=row.crew if row.crew is not None else row.people,
        capabilities=row.capabilities,
        phone=row.phone if calls else None,
        call_sign=row.call_sign if calls else None,
        seen_at=seen_at,
        lon=lon,
        lat=lat,
        distance_m=metres,
        bearing_deg=bearing,
    )


def _text(row: RecordRow, column: str) -> str:
    return str(row.content.get(column) or "")
