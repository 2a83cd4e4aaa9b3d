"""One pass over an OpenStreetMap file: what the tables of a region need, and nothing else, kept in memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import osmium
import osmium.filter
import osmium.geom
import osmium.osm
from osmium.osm import Area, Node, NodeRef, Relation
from osmium.osm import Way as OsmWay

from geo.errors import refuse
from geo.osm_pieces import Place, Way
from geo.osm_tags import Barrier, barrier, road_tags

ENDINGS = (".pbf", ".osm", ".osm.gz", ".osm.bz2")
AREA_KEYS = ("amenity", "building", "boundary")
KEYS = {
    osmium.osm.NODE: ("amenity", "barrier", "place"),
    osmium.osm.WAY: ("highway", "route"),
    osmium.osm.RELATION: ("restriction",),
    osmium.osm.AREA: AREA_KEYS,
}
_NOWHERE = 2**31 - 1  # how libosmium writes the longitude of a node that is not in the file
AMENITIES = ("fire_station", "hospital", "school")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A ``restriction`` relation: what it says and its members by role; ``exempt`` is its ``except`` tag."""

    osm_id: int
    kind: str
    exempt: str
    from_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    via_nodes: tuple[int, ...]
    via_ways: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A node or an area with its tags; ``id`` is ``n``, ``w`` or ``r`` and the OpenStreetMap number."""

    id: str
    tags: Mapping[str, str]
    wkb: str


@dataclass(slots=True, kw_only=True)
class Scan:
    """What one pass found; grows while the file is read.

    Parameters
    ----------
    ways
        Road ways; where nodes are missing from the file, the parts between them.
    places
        Place of each node of a road way.
    cut_ways
        Road ways that lack nodes.
    """

    ways: list[Way] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    barriers: dict[int, Barrier] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    amenities: dict[str, list[Feature]] = field(default_factory=lambda: {name: [] for name in AMENITIES})
    buildings: list[Feature] = field(default_factory=list)
    admin_areas: list[Feature] = field(default_factory=list)
    settlements: list[Feature] = field(default_factory=list)
    cut_ways: list[int] = field(default_factory=list)


def scan(path: Path) -> Scan:
    """Read a file of OpenStreetMap (.pbf, .osm, .osm.gz, .osm.bz2), nodes before ways before relations.

    Raises
    ------
    InputError
        N110 for a file that is not there or cannot be opened, N111 for another format, N112 for one that is
        damaged or cut off.
    """
    _refuse_missing(path)
    reader = _Reader()
    try:
        entities = osmium.FileProcessor(str(path)).with_areas(osmium.filter.KeyFilter(*AREA_KEYS))
        for kind, keys in KEYS.items():
            wanted = osmium.filter.KeyFilter(*keys)
            wanted.enable_for(kind)
            entities.with_filter(wanted)
        for entity in entities:
            reader.take(entity)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as damage:
        raise refuse(
            "N112",
            where=path.name,
            found=f"a file that cannot be read to its end ({damage})",
            wanted="a whole OpenStreetMap file",
            fix="Download or export the file again and compare its size.",
        ) from damage
    return reader.found


def _refuse_missing(path: Path) -> None:
    if not path.is_file():
        raise refuse(
            "N110",
            where=str(path),
            found="no such file" if not path.exists() else "a folder",
            wanted="an OpenStreetMap file",
            fix="Check the path and the spelling of the name.",
        )
    if not path.name.lower().endswith(ENDINGS):
        raise refuse(
            "N111",
            where=path.name,
            found=f"the ending {path.suffix or '(none)'}",
            wanted=f"one of {', '.join(ENDINGS)}",
            fix="Give an OpenStreetMap extract, or rename the file to the ending of its format.",
        )


class _Reader:
    """Sorts the entities of a file into a ``Scan`` as they pass by."""

    def __init__(self) -> None:
        self.found = Scan()
        self.wkb = osmium.geom.WKBFactory()

    def take(self, entity: object) -> None:
        """Keep what is wanted of one entity."""
        if isinstance(entity, OsmWay):
            self._take_way(entity)
        elif isinstance(entity, Node):
            self._take_node(entity)
        elif isinstance(entity, Area):
            self._take_area(entity)
        elif isinstance(entity, Relation) and entity.tags.get("type") == "restriction":
            self.found.restrictions.append(_restriction(entity))

    def _take_way(self, way: OsmWay) -> None:
        tags = road_tags(dict(way.tags))
        if tags is None:
            return
        runs = list(_runs(way.nodes))
        if sum(map(len, runs)) < len(way.nodes):
            self.found.cut_ways.append(way.id)
        for part, run in enumerate(runs):
            nodes = [ref for i, (ref, place) in enumerate(run) if i == 0 or run[i - 1][1] != place]
            self.found.places.update(run)
            if len(nodes) > 1:
                self.found.ways.append(Way(osm_id=way.id, part=part, tags=tags, nodes=tuple(nodes)))

    def _take_node(self, node: Node) -> None:
        tags = dict(node.tags)
        if (bar := barrier(tags)) is not None:
            self.found.barriers[node.id] = bar
        if tags.get("amenity") in AMENITIES or "place" in tags:
            feature = Feature(id=f"n{node.id}", tags=tags, wkb=self.wkb.create_point(node))
            self._sort(feature, self.found.settlements if "place" in tags else None)

    def _take_area(self, area: Area) -> None:
        tags = dict(area.tags)
        is_building = tags.get("building", "no") != "no"
        is_admin = tags.get("boundary") == "administrative"
        if area.num_rings()[0] and (is_building or is_admin or tags.get("amenity") in AMENITIES):
            name = f"{'w' if area.from_way() else 'r'}{area.orig_id()}"
            feature = Feature(id=name, tags=tags, wkb=self.wkb.create_multipolygon(area))
            self._sort(
                feature,
                self.found.buildings if is_building else None,
                self.found.admin_areas if is_admin else None,
            )

    def _sort(self, feature: Feature, *lists: list[Feature] | None) -> None:
        for features in (*lists, self.found.amenities.get(feature.tags.get("amenity", ""))):
            if features is not None:
                features.append(feature)


def _runs(nodes: Iterable[NodeRef]) -> Iterator[list[tuple[int, Place]]]:
    """Nodes of a way and their places, cut where the file lacks a node."""
    run: list[tuple[int, Place]] = []
    for node in nodes:
        if node.x == _NOWHERE:
            if run:
                yield run
            run = []
        else:
            run.append((node.ref, (node.x, node.y)))
    if run:
        yield run


def _restriction(relation: Relation) -> Restriction:
    def members(role: str, kind: str) -> tuple[int, ...]:
        return tuple(m.ref for m in relation.members if m.role == role and m.type == kind)

    return Restriction(
        osm_id=relation.id,
        kind=relation.tags.get("restriction") or "",
        exempt=relation.tags.get("except") or "",
        from_ways=members("from", "w"),
        to_ways=members("to", "w"),
        via_nodes=members("via", "n"),
        via_ways=members("via", "w"),
    )
