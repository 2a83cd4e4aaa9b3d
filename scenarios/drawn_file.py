"""A plan that the planner drew by hand: a list of sites, or a layer of points from QGIS."""

from pathlib import Path

import geopandas as gpd

from geo.errors import refuse
from geo.region.vector_file import read_vector
from scenarios.scenario_models import Scenario
from scenarios.siting_rules import Drawn, DrawnPlace

FILES = (".geojson", ".json", ".gpkg", ".shp")


def with_drawn(scenario: Scenario, drawn: str, known: frozenset[str]) -> Scenario:
    """The scenario with a drawn plan to be measured beside the optimum.

    Parameters
    ----------
    drawn
        Ids joined by commas, or the path of a map file whose points carry the ``id`` of a candidate or stand
        for places of their own; its first text column called name, name_zh or name_en names them.
    known
        Ids of candidates and stations.

    Raises
    ------
    InputError
        S146 an id that the scenario does not know, S147 a layer without points or with one not on earth,
        and those of ``read_vector``.
    """
    path = Path(drawn)
    found = _layer(path, known) if path.suffix.lower() in FILES else _listed(drawn, known)
    section = scenario.siting.model_copy(update={"drawn": found})
    return scenario.model_copy(update={"siting": section})


def _listed(drawn: str, known: frozenset[str]) -> Drawn:
    ids = tuple(dict.fromkeys(part.strip() for part in drawn.split(",") if part.strip()))
    strange = [one for one in ids if one not in known]
    if strange or not ids:
        raise refuse(
            "S146",
            where="--drawn",
            found=repr(strange[0]) if strange else "nothing",
            wanted=f"ids of candidates, such as {', '.join(sorted(known)[:3])}, or a map file",
            fix="Correct the ids, or name a .geojson, .gpkg or .shp file.",
        )
    return Drawn(sites=ids)


def _layer(path: Path, known: frozenset[str]) -> Drawn:
    table = read_vector(path, layer=path.stem)
    single = table.explode(ignore_index=True)  # QGIS writes layers of MultiPoint
    points = single[(single.geometry.geom_type == "Point") & ~single.geometry.is_empty].reset_index(drop=True)
    if not len(points):
        raise refuse(
            "S147",
            where=str(path),
            found=f"{len(table)} records, none of them a point",
            wanted="a point for each site",
            fix="Draw points, and export that layer.",
        )
    on_earth = (points.geometry.x.abs() <= 180) & (points.geometry.y.abs() <= 90)
    if not on_earth.all():
        lost = points[~on_earth].geometry
        raise refuse(
            "S147",
            where=str(path),
            found=f"a point at {lost.x.iloc[0]:g}, {lost.y.iloc[0]:g}",
            wanted="longitude and latitude in degrees",
            fix="Export the layer in WGS 84 (EPSG:4326).",
        )
    ids = [str(one) for one in points["id"]] if "id" in points.columns else [""] * len(points)
    sites = tuple(dict.fromkeys(one for one in ids if one in known))
    places = [_place(points, number) for number, one in enumerate(ids) if one not in known]
    return Drawn(sites=sites, places=tuple(places))


def _place(points: gpd.GeoDataFrame, number: int) -> DrawnPlace:
    record = points.iloc[number]
    names = {
        key: str(record[key])
        for key in ("name_zh", "name_en", "name")
        if key in points.columns and isinstance(record[key], str)
    }
    name = names.get("name", "")
    return DrawnPlace(
        id=f"drawn-{number + 1}",
        name_zh=names.get("name_zh", name),
        name_en=names.get("name_en", name),
        lon=float(record.geometry.x),
        lat=float(record.geometry.y),
    )
