"""What the tags of OpenStreetMap ways and barrier nodes mean to a driver."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from geo.osm_limits import height_m, speed_kmh, weight_t
from geo.region.layers import ROAD_CLASSES

Tags = Mapping[str, str]

OPEN_VALUES = frozenset(
    {
        *("yes", "permissive", "designated", "official", "public"),
        *("destination", "customers", "delivery", "discouraged"),
    }
)
PRIVATE_VALUES = frozenset(
    {
        *("private", "permit", "residents", "employees", "agricultural", "forestry", "military"),
        *("emergency", "psv", "bus"),
    }
)
CLOSED_VALUES = frozenset(("no", "restricted", "impassable"))
BARS_VEHICLES = frozenset(
    {
        *("bollard", "block", "chain", "rope", "bar", "log", "debris", "spikes", "planter", "barrier_board"),
        *("jersey_barrier", "guard_rail", "wall", "fence", "hedge", "ditch", "tank_trap", "yes"),
        *("cycle_barrier", "motorcycle_barrier", "stile", "horse_stile", "kissing_gate", "bus_trap"),
        *("turnstile", "full-height_turnstile"),
    }
)
_HANZI = re.compile(r"[\u3400-\u9fff]")
_STRICTNESS = ("yes", "private", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadTags:
    """All that a record of the layer ``roads`` says besides its line and ids; missing limits are ``None``."""

    road_class: str
    name_zh: str = ""
    name_en: str = ""
    ref: str = ""
    oneway: str = "no"
    maxspeed_kmh: float | None = None
    surface: str = ""
    bridge: str = "no"
    tunnel: str = "no"
    access: str = "yes"
    max_weight_t: float | None = None
    max_height_m: float | None = None
    status: str = "existing"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """A barrier on a node that does not let everybody pass."""

    kind: str
    access: str
    max_height_m: float | None = None


def road_tags(tags: Tags) -> RoadTags | None:
    """What a way says about a road; ``None`` where it is none, or none for motor vehicles by its class."""
    road_class, status = _class_and_status(tags)
    if road_class not in ROAD_CLASSES or tags.get("area") == "yes":
        return None
    name_zh, name_en = names(tags)
    return RoadTags(
        road_class=road_class,
        name_zh=name_zh,
        name_en=name_en,
        ref=tags.get("ref", ""),
        oneway=oneway(tags, road_class),
        maxspeed_kmh=_maxspeed_kmh(tags),
        surface=tags.get("surface", ""),
        bridge=_flag(tags, "bridge"),
        tunnel=_flag(tags, "tunnel"),
        access=access(tags) or ("private" if tags.get("service") == "emergency_access" else "yes"),
        max_weight_t=weight_t(tags.get("maxweight", "")),
        max_height_m=_max_height_m(tags),
        status=status,
    )


def oneway(tags: Tags, road_class: str) -> str:
    """``yes``, ``no`` or ``reverse``; roundabouts and motorways are one-way unless they say otherwise.

    Exceptions for buses or bicycles (``busway``, ``oneway:bicycle``) do not concern the vehicles here.
    """
    value = tags.get("oneway", "")
    if value in ("-1", "reverse"):
        return "reverse"
    if value in ("yes", "true", "1"):
        return "yes"
    implied = tags.get("junction") in ("roundabout", "circular") or road_class == "motorway"
    return "yes" if implied and value not in ("no", "false", "0") else "no"


def access(tags: Tags) -> str | None:
    """``yes``, ``private`` or ``no`` for motor vehicles; ``None`` where the tags are silent.

    The most specific of ``motorcar``, ``motor_vehicle``, ``vehicle``, ``access`` that is understood holds; of
    a list the most generous value. What is closed but open to rescue (``emergency=yes``) or to buses is
    ``private``. Ways for those who live or work along them (``destination``) are open.
    """
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        values = {value.strip() for value in tags.get(key, "").split(";")}
        if values & OPEN_VALUES:
            return "yes"
        if values & PRIVATE_VALUES:
            return "private"
        if values & CLOSED_VALUES:
            return "private" if _open_to_some(tags) else "no"
    return None


def barrier(tags: Tags) -> Barrier | None:
    """The barrier on a node; ``None`` where there is none or everybody passes it.

    Its own access tags decide, then its kind. Gates count as open unless locked; rising bollards and what
    rescue may open are private.
    """
    kind = tags.get("barrier", "")
    if not kind:
        return None
    limit_m = _max_height_m(tags) if kind == "height_restrictor" else None
    allowed = access(tags)
    if allowed is None and kind in BARS_VEHICLES:
        allowed = "private" if _open_to_some(tags) or tags.get("bollard") == "rising" else "no"
    elif allowed is None and tags.get("locked") == "yes":
        allowed = "private"
    if allowed in (None, "yes"):
        return None if limit_m is None else Barrier(kind=kind, access="yes", max_height_m=limit_m)
    assert allowed is not None
    return Barrier(kind=kind, access=allowed, max_height_m=limit_m)


def behind(road: RoadTags, barrier: Barrier) -> RoadTags:
    """The road where the barrier stands: the stricter access, the lower height."""
    heights = [h for h in (road.max_height_m, barrier.max_height_m) if h is not None]
    return replace(
        road,
        access=max(road.access, barrier.access, key=_STRICTNESS.index),
        max_height_m=min(heights, default=None),
        note=f"barrier: {barrier.kind}",
    )


def names(tags: Tags) -> tuple[str, str]:
    """Chinese and other name; ``name`` is the one or the other by its script."""
    name = tags.get("name", "")
    in_hanzi = bool(_HANZI.search(name))
    zh = tags.get("name:zh") or tags.get("name:zh-Hans") or (name if in_hanzi else "")
    en = tags.get("name:en") or tags.get("int_name") or ("" if in_hanzi else name)
    return zh, en


def _class_and_status(tags: Tags) -> tuple[str, str]:
    highway = tags.get("highway", "")
    if highway in ("construction", "proposed"):
        return tags.get(highway, ""), "planned"
    if tags.get("route") == "ferry" and not highway:
        return ("ferry" if access(tags) in ("yes", "private") else ""), "existing"
    return highway, "existing"


def _maxspeed_kmh(tags: Tags) -> float | None:
    if "maxspeed" in tags:
        return speed_kmh(tags["maxspeed"])
    both = (speed_kmh(tags.get(f"maxspeed:{way}", "")) for way in ("forward", "backward"))
    return min((limit for limit in both if limit is not None), default=None)


def _max_height_m(tags: Tags) -> float | None:
    both = (height_m(tags.get(key, "")) for key in ("maxheight", "maxheight:physical"))
    return min((limit for limit in both if limit is not None), default=None)


def _flag(tags: Tags, key: str) -> str:
    return "no" if tags.get(key, "no") == "no" else "yes"


def _open_to_some(tags: Tags) -> bool:
    granted = {"yes", "designated", "official"}
    return any(tags.get(key) in granted for key in ("emergency", "psv", "bus"))
