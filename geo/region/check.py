"""All checks of a region at once: what is wrong, where, and what to do."""

from collections.abc import Iterator

from geo.errors import Fault
from geo.region.check_network import network_faults
from geo.region.check_places import place_faults
from geo.region.finding import CheckLimits, at_record, shipped_limits, shortened
from geo.region.layers import LAYERS
from geo.region.region import Region
from geo.region.tables import reference_faults
from geo.vehicle_file import read_vehicle_classes
from geo.vehicles import VehicleClass

PROBE = "car"
"""Vehicle class whose ways the network is checked for, unless another is given."""


def check_region(
    region: Region, *, vehicle: VehicleClass | None = None, limits: CheckLimits | None = None
) -> tuple[Fault, ...]:
    """Every fault of a region that can be read, errors and warnings, in the order of the checks.

    ``vehicle`` drives the network check: an ordinary car unless another class is given, so that private ways
    and barriers count as closed. No more than ``finding.LISTED`` faults of one code and layer are listed one
    by one. Wrong cells, ids and references are refused when a region is read; references are looked at again
    here for regions made in memory.
    """
    limits = limits or shipped_limits()
    faults = [
        *reference_faults(region.tables),
        *place_faults(region, limits),
        *network_faults(region, vehicle or read_vehicle_classes()[PROBE], limits),
        *_people_faults(region, limits),
        *_team_faults(region),
        *_stock_faults(region),
        *_source_faults(region),
    ]
    return shortened(faults)


def _people_faults(region: Region, limits: CheckLimits) -> Iterator[Fault]:
    demand, townships = region.table("demand"), region.table("townships")
    if not demand["people"].sum():
        yield Fault(
            code="L220",
            where="demand",
            found="nobody",
            wanted="demand points with people",
            fix="Add demand points, or build them from buildings or a population grid.",
            severity="warning",
        )
    if not len(townships):
        return
    for record in demand[demand["township_id"] == ""].to_dict("records"):
        yield at_record(
            "L221",
            "demand",
            record,
            found="no township",
            wanted="the id of its township",
            fix="Fill township_id; without it the point is missing from the figures by township.",
        )
    by_township = demand.groupby("township_id")["people"].sum()
    for record in townships.to_dict("records"):
        people, spread = int(record["people"]), int(by_township.get(record["id"], 0))
        if abs(spread - people) > limits.people_difference_share * people:
            yield at_record(
                "L222",
                "townships",
                record,
                found=f"{people:,} people, but {spread:,} in its demand points",
                wanted="the same number",
                fix="Correct one of the two.",
            )


def _team_faults(region: Region) -> Iterator[Fault]:
    known = sorted(read_vehicle_classes())
    teams = region.table("teams")
    placed_stations = set(region.placed("stations")["id"])
    for record, place in zip(teams.to_dict("records"), teams.geometry, strict=True):
        if place is None and record["station_id"] not in placed_stations:
            yield at_record(
                "L223",
                "teams",
                record,
                found="neither a place nor a station that has one",
                wanted="a place to start from",
                fix="Fill station_id or place the team; until then it cannot be sent.",
            )
        if record["vehicle_class"] and record["vehicle_class"] not in known:
            yield at_record(
                "L224",
                "teams",
                record,
                found=f"vehicle class {record['vehicle_class']!r}",
                wanted=f"one of {', '.join(known)}, or of the region's own vehicle file",
                fix="Correct it, or describe the class in a vehicle file.",
            )
        if not record["capabilities"]:
            yield at_record(
                "L225",
                "teams",
                record,
                found="no capability",
                wanted="at least one, like fire:1",
                fix="Fill capabilities; without any the team is never chosen.",
            )


def _stock_faults(region: Region) -> Iterator[Fault]:
    for record in region.table("stock").to_dict("records"):
        if record["mode"] == "capacity" and not record["rate_per_day"] > 0:
            yield at_record(
                "L226",
                "stock",
                record,
                found="a capacity to produce without a daily rate",
                wanted="rate_per_day above 0",
                fix="Fill rate_per_day; without it nothing is ever delivered.",
            )


def _source_faults(region: Region) -> Iterator[Fault]:
    for layer in LAYERS:
        table = region.table(layer)
        for record in table[table["source"] == ""].to_dict("records"):
            yield at_record(
                "L227",
                layer,
                record,
                found="no source",
                wanted="a document, a data set, or `assumed`",
                fix="Fill source.",
                severity="error",
            )
