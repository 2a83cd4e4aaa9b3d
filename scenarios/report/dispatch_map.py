"""The map of a dispatch plan: ground, zones, closed roads, routes, staging areas, teams, incidents."""

from collections.abc import Sequence

from geo.region.region import Region
from scenarios.dispatch_plan import DispatchPlan, IncidentPlan, TeamSent, Zone
from scenarios.report.dispatch_words import HAZARDS, SIDES, ZONES, named
from scenarios.report.hazard_words import certainty_words, hazard_words
from scenarios.report.map_layer import Feature, GeometryKind, MapLayer
from scenarios.report.region_layers import ground_layers, place_layers
from scenarios.report.relief_map import relief_layers
from scenarios.report.relief_words import relief_names
from scenarios.report.table import Column
from scenarios.report.text import Text

TEAMS, STAGING, INCIDENTS, ROUTES = "teams-sent", "staging", "incidents", "routes"
"""Layers that tables and reasons lead to."""
_ZONE = (
    Column("people", Text("区内人口", "People inside"), "integer"),
    Column("formula", Text("依据", "Basis")),
    Column("certainty", Text("可靠程度", "Certainty")),
)
_ROUTE = (
    Column("length", Text("里程", "Length"), "km"),
    Column("arrival", Text("到达", "Arrival"), "minutes"),
    Column("streets", Text("途经", "By")),
)
_TEAM = (
    Column("force", Text("力量", "Force")),
    Column("incident", Text("事件", "Incident")),
    Column("arrival", Text("到达", "Arrival"), "minutes"),
)
_PLACE = (Column("about", Text("说明", "About")),)


def dispatch_map(plan: DispatchPlan, region: Region) -> tuple[MapLayer, ...]:
    """Layers from the ground up; empty ones are left out."""
    layers = (
        *(layer for layer in ground_layers(region) if layer.id != "flood_zones"),
        *_zone_layers(plan.decisions.incidents),
        *(layer for layer in place_layers(region) if layer.id != "hazard_sites"),
        *(relief_layers(plan.relief, relief_names(plan.relief, region)) if plan.relief else ()),
        _routes(plan),
        _teams(plan),
        _staging(plan.decisions.incidents),
        _incidents(plan.decisions.incidents),
    )
    return tuple(layer for layer in layers if layer.features)


def _zone_layers(incidents: Sequence[IncidentPlan]) -> list[MapLayer]:
    """Outer zones below, the life-threatening ones and water above; the mildest are switched off at first."""
    looks = (
        ("zones-1", Text("不适区", "Zones of discomfort"), "hazard_zone_outer", 1, False),
        ("zones-2", Text("防护区", "Zones of lasting harm"), "hazard_zone_outer", 2, True),
        ("zones-3", Text("致命区、隔离区", "Zones of danger to life"), "hazard_zone", 3, True),
    )
    gas = [(i, z) for i in incidents for z in i.zones if z.depth_m is None]
    water = [(i, z) for i in incidents for z in i.zones if z.depth_m is not None and z.closes_roads]
    layers = [
        _layer(name, title, "polygon", style, [_zone(i, z) for i, z in gas if z.level == level], _ZONE, shown)
        for name, title, style, level, shown in looks
    ]
    title = Text("淹没区", "Water")
    return [*layers, _layer("zones-water", title, "polygon", "flood", [_zone(i, z) for i, z in water], _ZONE)]


def _layer(
    name: str,
    title: Text,
    kind: GeometryKind,
    style: str,
    features: Sequence[Feature],
    columns: tuple[Column, ...],
    shown: bool = True,
    *,
    labels: bool = False,
) -> MapLayer:
    return MapLayer(
        id=name, title=title, kind=kind, style=style, features=tuple(features), columns=columns,
        shown=shown, labels=labels,
    )  # fmt: skip


def _zone(incident: IncidentPlan, zone: Zone) -> Feature:
    about = ZONES[zone.kind]
    depth = "" if zone.depth_m is None else f" {zone.depth_m:g} m"
    return Feature(
        id=zone.id,
        geometry=zone.polygon,
        title=Text(
            f"{named(incident).zh} {about.zh}{depth}",
            f"{named(incident).en}: {about.en}{depth}",
        ),
        values=(zone.people, zone.threshold or hazard_words(zone.formula), certainty_words(zone.certainty)),
    )


def _routes(plan: DispatchPlan) -> MapLayer:
    features = [
        Feature(
            id=team.id,
            geometry={"type": "LineString", "coordinates": [list(point) for point in team.route.geometry]},
            title=named(team),
            values=(team.route.length_m, team.arrival_s, "、".join(team.route.streets[:12])),
        )
        for team in plan.decisions.teams
    ]
    return _layer(ROUTES, Text("出动路线", "Routes"), "line", "route", features, _ROUTE)


def _teams(plan: DispatchPlan) -> MapLayer:
    incidents = {incident.id: named(incident) for incident in plan.decisions.incidents}
    features = [
        Feature(
            id=team.id,
            geometry=_point(team.lon, team.lat),
            title=named(team),
            values=(team.force, incidents[team.incident_id], team.arrival_s),
        )
        for team in plan.decisions.teams
    ]
    return _layer(TEAMS, Text("派出队伍", "Teams sent"), "point", "team_sent", features, _TEAM, labels=True)


def _staging(incidents: Sequence[IncidentPlan]) -> MapLayer:
    features = [
        Feature(
            id=incident.id,
            geometry=_point(incident.staging.lon, incident.staging.lat),
            title=Text(f"{named(incident).zh}集结点", f"Staging, {named(incident).en}"),
            values=(SIDES[incident.staging.side],),
        )
        for incident in incidents
        if incident.staging is not None
    ]
    return _layer(
        STAGING, Text("集结点", "Staging areas"), "point", "neighbour", features, _PLACE, labels=True
    )


def _incidents(incidents: Sequence[IncidentPlan]) -> MapLayer:
    features = [
        Feature(
            id=incident.id,
            geometry=_point(incident.lon, incident.lat),
            title=named(incident),
            values=(
                Text(
                    f"{HAZARDS[incident.hazard].zh} {incident.level} 级",
                    f"{HAZARDS[incident.hazard].en}, level {incident.level}",
                ),
            ),
        )
        for incident in incidents
    ]
    return _layer(INCIDENTS, Text("事件", "Incidents"), "point", "incident", features, _PLACE, labels=True)


def _point(lon: float, lat: float) -> dict[str, object]:
    return {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}


def team_words(team: TeamSent) -> Text:
    """Name of a team, marked where it comes from a neighbour."""
    name = named(team)
    return Text(f"{name.zh}（增援）", f"{name.en} (mutual aid)") if team.mutual_aid else name
