"""Files of flooded ground that an incident names: read once, what they said kept with the incident.

A plan then holds the water it was computed from, with the digest of each file; it can be computed again
without the files, and a file that changed since is found out.
"""

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import shapely

from geo.errors import Fault, InputError
from scenarios.hazards.flood_file import read_flood_areas
from scenarios.hazards.flood_raster import DepthStep, read_depth_rasters
from scenarios.hazards.flood_zones import FloodArea, area_faults
from scenarios.incident_models import Incident, IncidentScenario
from scenarios.water_models import FileDigest, WaterArea, WaterRead


def with_water_read(
    scenario: IncidentScenario, beside: Path, *, where: Callable[[int, str], str]
) -> IncidentScenario:
    """The scenario with what its files of water say, their names relative to the folder ``beside``.

    ``where`` names a key of an incident for a person, e.g. with its line.

    Raises
    ------
    InputError
        All faults of all files: S280 a file that is not there, S284 files that hold no water, and H107, H114
        to H118, H120 to H122 as ``scenarios.hazards.flood_file`` and ``flood_raster``.
    """
    incidents: list[Incident] = []
    faults: list[Fault] = []
    for number, incident in enumerate(scenario.incidents):
        try:
            read = _read(incident, beside, partial(where, number))
        except InputError as wrong:
            faults += wrong.faults
        else:
            incidents.append(incident.model_copy(update={"water_read": read}))
    if faults:
        raise InputError(faults)
    return scenario.model_copy(update={"incidents": tuple(incidents)})


def changed_files(scenario: IncidentScenario, beside: Path) -> tuple[FileDigest, ...]:
    """Files of water that lie in the folder ``beside`` and say something else than when they were read.

    The digests are those found now. Files that are not there any more are left out.
    """
    read = (
        one for incident in scenario.incidents if incident.water_read for one in incident.water_read.files
    )
    now = (
        (one, FileDigest(file=one.file, digest=_digest(beside / one.file)))
        for one in read
        if (beside / one.file).is_file()
    )
    return tuple(found for one, found in now if found != one)


def _read(incident: Incident, beside: Path, where: Callable[[str], str]) -> WaterRead | None:
    if not incident.water_files:
        return None
    missing = [name for name in incident.water_files if not (beside / name).is_file()]
    if missing:
        raise InputError(_missing(incident, name, where) for name in missing)
    areas = (*_polygons(incident, beside), *_rasters(incident, beside))
    if not areas:
        raise InputError([_dry(where("depth_rasters"))])
    faults = [fault for area in areas for fault in area_faults(area)]
    if faults:
        raise InputError(faults)
    return WaterRead(
        files=tuple(FileDigest(file=name, digest=_digest(beside / name)) for name in incident.water_files),
        areas=tuple(map(_said, areas)),
    )


def _polygons(incident: Incident, beside: Path) -> tuple[FloodArea, ...]:
    return () if incident.water_file is None else read_flood_areas(beside / incident.water_file)


def _rasters(incident: Incident, beside: Path) -> tuple[FloodArea, ...]:
    steps = [
        DepthStep(path=beside / raster.file, valid_from=raster.valid_from)
        for raster in incident.depth_rasters
    ]
    return read_depth_rasters(steps, until=incident.rasters_until) if steps else ()


def _said(area: FloodArea) -> WaterArea:
    return WaterArea(
        id=area.id,
        polygon=json.loads(json.dumps(shapely.geometry.mapping(area.polygon))),
        depth_m=area.depth_m,
        speed_m_s=area.speed_m_s,
        valid_from=area.valid_from,
        valid_to=area.valid_to,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _missing(incident: Incident, name: str, where: Callable[[str], str]) -> Fault:
    return Fault(
        code="S280",
        where=where("water_file" if name == incident.water_file else "depth_rasters"),
        found=f"{name!r}, where no file is",
        wanted="a file, relative to the incident file",
        fix="Correct the name, or put the file there.",
    )


def _dry(where: str) -> Fault:
    return Fault(
        code="S284",
        where=where,
        found="no cell deep enough to count",
        wanted="water in at least one step",
        fix="Check that the rasters hold depths in metres, not levels of the water.",
    )
