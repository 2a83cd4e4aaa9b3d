"""Closures: roads closed, slowed or flooded, as somebody reports them."""

from shapely.geometry import shape

from api.problems import of_faults
from api.schemas.resources import ClosureReport
from api.store.tables import ClosureRow
from api.writing import Writing
from geo.errors import Fault
from geo.region.region import Region
from geo.vehicle_file import read_vehicle_classes


def report_closure(writing: Writing, asked: ClosureReport) -> ClosureRow:
    """Close, slow or flood roads that ``refuse_unknown`` let pass."""
    row = ClosureRow(
        id=writing.next_id("closure"),
        content=asked.content(),
        polygon=None if asked.polygon is None else shape(asked.polygon.model_dump(mode="json")),
        reason=asked.reason,
        reported_at=writing.at,
        reported_by=writing.actor,
    )
    writing.session.add(row)
    writing.record("closure.reported", row.id, **row.content, reason=row.reason)
    return row


def refuse_unknown(asked: ClosureReport, region: Region) -> None:
    """Raise ``Problem`` A128 for every road and vehicle class that nobody knows."""
    roads = set(region.table("roads")["id"]) if asked.road_ids else set()
    classes = set(read_vehicle_classes()) if asked.vehicle_classes else set()
    faults = [
        *(
            _unknown("road_ids", name, "an id of the layer roads")
            for name in asked.road_ids
            if name not in roads
        ),
        *(
            _unknown("vehicle_classes", name, f"one of {', '.join(sorted(classes))}")
            for name in asked.vehicle_classes or ()
            if name not in classes
        ),
    ]
    if faults:
        raise of_faults(faults)


def _unknown(key: str, name: str, wanted: str) -> Fault:
    return Fault(
        code="A128", where=f"closure {key}", found=repr(name), wanted=wanted, fix="Correct the name."
    )
