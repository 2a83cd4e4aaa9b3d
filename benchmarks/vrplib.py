"""Routing instances in the VRPLIB dialect of PyVRP, and their best known routes.

Lengths, times and fixed costs are scaled to thousandths and rounded, as the published costs of the files
with time windows are; loads stay as they are. Travel time is length.
"""

import re
from pathlib import Path

import numpy as np

from geo.errors import Fault, InputError, refuse
from optimizer.problem import Floats, Int64s
from optimizer.routing.problem import LAST_TICK, RoutingProblem, Task, VehicleKind

SCALE = 1000
_OF_VEHICLE = {
    "CAPACITY": 2.0**40,
    "VEHICLES_DEPOT": 1.0,
    "VEHICLES_MAX_DURATION": LAST_TICK / SCALE,
    "VEHICLES_FIXED_COST": 0.0,
    "VEHICLES_UNIT_DISTANCE_COST": 1.0,
}
"""What may be said of each vehicle, and what holds where the file says nothing."""
_OF_NODE = {"NODE_COORD": 2, "DEMAND": 1, "SERVICE_TIME": 1, "TIME_WINDOW": 2}
_READ = {*_OF_VEHICLE, *_OF_NODE, "DEPOT"}
_HEAD = {"NAME", "COMMENT", "TYPE", "DIMENSION", "VEHICLES", "EDGE_WEIGHT_TYPE"} | set(_OF_VEHICLE)
Sections = dict[str, list[list[float]]]


def read_instance(file: Path) -> RoutingProblem:
    """Tasks and vehicles of a file; vehicles that are alike are one kind, named by their numbers.

    Raises
    ------
    InputError
        F401 to F406, all faults found at once.
    """
    head, sections = _parsed(file)
    if faults := _faults(file, head, sections):
        raise InputError(faults)
    places, depots = int(head["DIMENSION"]), _depots(sections)
    xy = _by_node(sections, "NODE_COORD", places, [0.0, 0.0])
    apart = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))
    length = np.rint(apart * SCALE).astype(np.int64)[None]
    windows = np.rint(_by_node(sections, "TIME_WINDOW", places, [0.0, LAST_TICK / SCALE]) * SCALE).astype(int)
    service = np.rint(_by_node(sections, "SERVICE_TIME", places, [0.0]) * SCALE).astype(int)
    demand = _by_node(sections, "DEMAND", places, [0.0]).astype(int)
    tasks = tuple(
        Task(
            id=str(k),
            place=k,
            load=(int(demand[k, 0]),),
            service_ticks=int(service[k, 0]),
            earliest_ticks=int(windows[k, 0]),
            latest_ticks=int(windows[k, 1]),
        )
        for k in range(depots, places)
    )
    fleet = _fleet(head, sections, windows)
    return RoutingProblem(tasks=tasks, fleet=fleet, travel_ticks=length, length=length)


def read_best_known(file: Path) -> tuple[list[list[int]], float]:
    """Routes (places in order, one list for each vehicle of the file) and the published cost.

    Raises
    ------
    InputError
        F401, F402 (no cost).
    """
    text = _text(file)
    routes = [[int(k) for k in line.split()] for line in re.findall(r"^Route #\d+:(.*)$", text, re.MULTILINE)]
    costs = re.findall(r"^Cost:?\s*([\d.]+)\s*$", text, re.MULTILINE | re.IGNORECASE)
    if not costs:
        raise refuse(
            "F402", where=str(file), found="no line 'Cost: ...'", wanted="a VRPLIB solution", fix=_AGAIN
        )
    return routes, float(costs[0])


_AGAIN = "Fetch the file again; it is damaged or of another format."


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failed:
        wanted, fix = "a text file that can be read", "Check the path and the file."
        raise refuse("F401", where=str(file), found=type(failed).__name__, wanted=wanted, fix=fix) from None


def _parsed(file: Path) -> tuple[dict[str, str], Sections]:
    head: dict[str, str] = {}
    sections: Sections = {}
    rows: list[list[float]] | None = None
    for number, line in enumerate(_text(file).splitlines(), start=1):
        words = line.strip()
        if found := re.fullmatch(r"([A-Z_]+)_SECTION", words):
            rows = sections.setdefault(found[1], [])
        elif found := re.match(r"([A-Z_]+)\s*:\s*(.*)", words):
            head[found[1]] = found[2].strip()
        elif rows is not None and words and words != "EOF":
            rows.append(_figures(file, number, words))
    return head, sections


def _figures(file: Path, number: int, words: str) -> list[float]:
    try:
        figures = [float(word) for word in words.split()]
    except ValueError:
        figures = [float("nan")]
    if not np.isfinite(figures).all():
        raise refuse("F402", where=f"{file} line {number}", found=words, wanted="finite numbers", fix=_AGAIN)
    return figures


def _faults(file: Path, head: dict[str, str], sections: Sections) -> list[Fault]:
    """Everything that keeps a file from being an instance of this dialect."""
    found = [
        ("F403", f"{name}: {head.get(name, 'nothing')}", "a whole number")
        for name in ("DIMENSION", "VEHICLES")
        if not re.fullmatch(r"[1-9][0-9]*", head.get(name, ""))
    ]
    if head.get("EDGE_WEIGHT_TYPE") != "EUC_2D":
        found.append(("F404", f"EDGE_WEIGHT_TYPE: {head.get('EDGE_WEIGHT_TYPE', 'nothing')}", "EUC_2D"))
    strange = sorted((set(sections) - _READ) | (set(head) - _HEAD))
    found += [("F404", f"{name}", f"one of {', '.join(sorted(_READ | _HEAD))}") for name in strange]
    if not found:
        found += _wrong_rows(int(head["DIMENSION"]), int(head["VEHICLES"]), sections)
    fixes = {
        "F403": _AGAIN,
        "F404": "Take the section out, if it may be left out.",
        "F405": _AGAIN,
        "F406": _AGAIN,
    }
    return [Fault(code=c, where=str(file), found=f, wanted=w, fix=fixes[c]) for c, f, w in found]


def _wrong_rows(places: int, vehicles: int, sections: Sections) -> list[tuple[str, str, str]]:
    found = []
    widths = dict.fromkeys(_OF_VEHICLE, 1) | _OF_NODE
    for name, rows in sections.items():
        count = places if name in _OF_NODE else vehicles
        if name != "DEPOT" and [row[0] for row in rows] != list(range(1, count + 1)):
            found.append(("F405", f"{name}: {len(rows)} rows", f"rows 1 to {count} in order"))
        elif name != "DEPOT" and any(len(row) != 1 + widths[name] for row in rows):
            found.append(
                ("F405", f"{name}: a row of another length", f"{widths[name]} figures after the number")
            )
        elif name not in ("DEPOT", "NODE_COORD") and min(min(row) for row in rows) < 0:
            found.append(("F406", f"{name}: a figure below 0", "figures from 0"))
    depots = _depots(sections)
    first = [row[0] for row in sections.get("DEPOT", [])][:depots]
    if not depots or first != list(range(1, depots + 1)) or "NODE_COORD" not in sections:
        found.append(("F405", f"depots {first}", "coordinates, and depots 1, 2, ... first among the places"))
    return found


def _depots(sections: Sections) -> int:
    return len([row for row in sections.get("DEPOT", []) if row[0] > 0])


def _by_node(sections: Sections, name: str, places: int, default: list[float]) -> Floats:
    rows = sections.get(name)
    return np.array([row[1:] for row in rows]) if rows else np.tile(np.array(default), (places, 1))


def _fleet(head: dict[str, str], sections: Sections, windows: Int64s) -> tuple[VehicleKind, ...]:
    def of(name: str) -> list[float]:
        if name in sections:
            return [row[1] for row in sections[name]]
        return [float(head.get(name, _OF_VEHICLE[name]))] * int(head["VEHICLES"])

    alike: dict[tuple[float, ...], list[int]] = {}
    for k, figures in enumerate(zip(*map(of, _OF_VEHICLE), strict=True), start=1):
        alike.setdefault(figures, []).append(k)
    return tuple(
        VehicleKind(
            id=f"{members[0]}-{members[-1]}",
            count=len(members),
            start=int(depot) - 1,
            end=int(depot) - 1,
            capacity=(int(capacity),),
            fixed_cost=round(fixed * SCALE),
            cost_per_length=int(unit),
            from_ticks=int(windows[int(depot) - 1, 0]),
            until_ticks=int(windows[int(depot) - 1, 1]),
            longest_ticks=min(LAST_TICK, round(longest * SCALE)),
        )
        for (capacity, depot, longest, fixed, unit), members in alike.items()
    )
