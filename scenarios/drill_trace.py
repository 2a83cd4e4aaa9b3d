"""Every event of one replication, for reading by people and programs."""

import json
from collections.abc import Iterator

from optimizer.drill.log import Event
from scenarios.drill import Drill, play

COLUMNS = ("at_s", "event", "call", "kind", "slot", "team_id", "place", "lon", "lat")
Cells = tuple[str | int | float | None, ...]
_WORDS = {event: event.name.lower() for event in Event}


def trace(ready: Drill, replication: int = 0) -> tuple[Cells, ...]:
    """Rows as ``COLUMNS``, in the order of events.

    Seconds from the start, word of the event, call from 1 on, its kind, slot from 1 on, team, name of the
    post or hospital, and where; ``None`` or "" where an event has none. ``roads`` says the state of the roads
    under ``slot``.
    """
    return tuple(_rows(ready, replication))


def trace_json(ready: Drill, rows: tuple[Cells, ...]) -> str:
    """The trace as JSON text: columns, rows, start."""
    said = {"starts": ready.scenario.drill.starts.isoformat(), "columns": COLUMNS, "rows": rows}
    return json.dumps(said, ensure_ascii=False, allow_nan=False) + "\n"


def _rows(ready: Drill, replication: int) -> Iterator[Cells]:
    calls, run = play(ready, replication, log=True)
    kinds = [kind.id for kind in ready.scenario.drill.kinds]
    inputs = ready.inputs
    lonlat, teams = inputs.nodes.tolist(), [team.id for team in inputs.teams]
    for at_ds, event, call, slot, team, node in run.log.tolist():
        road_state = node if event == Event.ROADS else None
        there = node >= 0 and road_state is None
        yield (
            at_ds / 10,
            _WORDS[Event(event)],
            call + 1 if call >= 0 else None,
            kinds[calls.kind[call]] if call >= 0 else "",
            road_state if road_state is not None else slot + 1 if slot >= 0 else None,
            teams[team] if team >= 0 else "",
            inputs.names[node] if there else "",
            lonlat[node][0] if there else None,
            lonlat[node][1] if there else None,
        )
