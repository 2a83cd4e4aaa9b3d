"""Places: around an incident, records that lack coordinates, hazard zones."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import select

from api.around import around as near
from api.deps import Answer, Caller, Reading, Served, Writes, needs
from api.problems import of_faults
from api.records.placing import PLACED_LAYERS, Unplaced, place_record, unplaced
from api.roles import may
from api.routes.incidents import zone_shown
from api.schemas.around import Around
from api.schemas.edge import RecordId, problems
from api.schemas.geojson import Feature, FeatureCollection, geometry_of
from api.schemas.incidents import ZoneShown
from api.schemas.records import PositionAsked, UnplacedShown
from api.store.tables import ZoneRow
from api.writing import Writing
from geo.errors import Fault

router = APIRouter(tags=["places"], dependencies=[needs("read")])
seen = APIRouter(tags=["places"], dependencies=[needs("read")])
"""What is seen of an incident from where it is, in real life and in drills alike."""
FARTHEST_M = 200_000.0
Radius = Annotated[float, Query(gt=0, le=FARTHEST_M, description="m, inclusive", examples=[5000])]


@seen.get("/incidents/{incident_id}/around", responses=problems(404, 409))
def around(
    incident_id: RecordId, session: Reading, service: Served, caller: Caller, radius_m: Radius = 5_000.0
) -> Around:
    """Plan documents, responsible units, key targets, people, materials and vehicles around an incident."""
    return near(session, service.region, incident_id, radius_m=radius_m, calls=may(caller.role, "call"))


@seen.get("/zones", responses=problems())
def zones(
    session: Reading,
    at_least: Annotated[int, Query(ge=1, le=3, description="1 the mildest, 3 the gravest")] = 1,
) -> FeatureCollection[ZoneShown]:
    """The hazard zones of all open incidents, as plans and alerts drew them."""
    query = select(ZoneRow).where(ZoneRow.level >= at_least).order_by(ZoneRow.incident_id, ZoneRow.id)
    return FeatureCollection[ZoneShown](features=tuple(map(zone_shown, session.scalars(query))))


router.include_router(seen)


@router.get("/places", responses=problems())
def places(
    session: Reading,
    service: Served,
    placed: Annotated[bool | None, Query(description="only those placed here, or only the others")] = None,
) -> FeatureCollection[UnplacedShown]:
    """Records that the region's files give no coordinates; the geometry is where they were placed here."""
    found = unplaced(session, service.region)
    kept = (one for one in found if placed is None or (one.place is not None) == placed)
    return FeatureCollection[UnplacedShown](features=tuple(map(_shown, kept)))


@router.put(
    "/places/{place_id}/position",
    dependencies=[needs("supply")],
    responses=problems(404, 409),
    response_model=Feature[UnplacedShown],
)
def place(place_id: RecordId, asked: PositionAsked, service: Served, write: Writes) -> Response:
    """Place a record that the files give no coordinates: on maps and lists at once, audited."""
    if asked.layer not in PLACED_LAYERS:
        raise of_faults(
            [
                Fault(
                    code="A128",
                    where="position layer",
                    found=repr(asked.layer),
                    wanted=f"one of {', '.join(PLACED_LAYERS)}",
                    fix="GET /places lists the records without coordinates.",
                )
            ]
        )

    def action(writing: Writing) -> Answer:
        place_record(writing, service.region, asked.layer, place_id, asked.lon, asked.lat)
        writing.session.flush()
        found = unplaced(writing.session, service.region)
        return Answer(body=_shown(next(x for x in found if (x.layer, x.id) == (asked.layer, place_id))))

    return write.do(action)


def _shown(one: Unplaced) -> Feature[UnplacedShown]:
    properties = UnplacedShown(
        layer=one.layer,
        name_zh=one.name_zh,
        name_en=one.name_en,
        placed_at=one.placed_at,
        placed_by=one.placed_by,
        in_plans=False,
    )
    return Feature(id=one.id, geometry=geometry_of(one.place), properties=properties)
