"""The replay of a drill: one page with a map and a slider of time, all inside one file."""

import json
from collections.abc import Sequence
from typing import Any

import shapely

from geo.region.region import Region
from scenarios.drill import Drill
from scenarios.drill_trace import COLUMNS, Cells
from scenarios.report.bundle import inline_script
from scenarios.report.document import asset, document, page_script
from scenarios.report.text import Text, both

_TITLE = Text("演练回放", "Replay of the drill")
_STYLE = (
    "#replay-map{width:100%;height:auto;border:1px solid #ccd2d8;background:#fff}"
    "#replay-time{width:100%}.replay-bar{display:flex;gap:1em;align-items:center}"
)
_NOTE = Text(
    "橙红：呼叫等待；橙黄：已有队伍到场；蓝：队伍出动；绿：队伍空闲。队伍按直线移动示意，时间为当地时间。",
    "Red: a call waits; orange: somebody is there; blue: a team is out; green: it is free. Teams move on"
    " straight lines between the places of their events; local time.",
)
_WIDTH, _HEIGHT, _STEP_S = 1_200, 900, 60
_OUT = ("arrive", "hospital")
_DECIMALS = 4


def replay_html(ready: Drill, rows: Sequence[Cells], region: Region) -> str:
    """The page; the same bytes for the same trace."""
    data = json.dumps(replay_data(ready, rows, region), ensure_ascii=False).replace("<", "\\u003c")
    last = int(ready.scenario.drill.length)
    notice = Text(region.about("notice_zh"), region.about("notice_en"))
    body = (
        f"<h1>{both(_TITLE)}</h1><p>{both(_NOTE)}</p>"
        + (f'<p class="notice">{both(notice)}</p>' if notice.of("zh") else "")
        + f"<p>{both(Text.same(region.about('attribution')))}</p>"
        f'<div class="replay-bar"><button id="replay-play" type="button">▶ ❚❚</button>'
        f'<output id="replay-clock"></output></div>'
        f'<input id="replay-time" type="range" min="0" max="{last}" step="{_STEP_S}" value="0"'
        f' aria-label="time"><canvas id="replay-map" width="{_WIDTH}" height="{_HEIGHT}"></canvas>'
    )
    scripts = (
        page_script(),
        f'<script type="application/json" id="replay-data">{data}</script>\n',
        f"<script>{inline_script(asset('replay.js'))}</script>\n",
    )
    return document(body, title=_TITLE, kind="drill-replay", language="zh", styles=(_STYLE,), scripts=scripts)


def replay_data(ready: Drill, rows: Sequence[Cells], region: Region) -> dict[str, Any]:
    """Roads, calls (from, to, where, when somebody came) and legs of teams, seconds from the start."""
    drill = ready.scenario.drill
    offset = drill.starts.utcoffset()
    local_s = drill.starts.timestamp() + (offset.total_seconds() if offset else 0.0)
    events = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    lines = region.placed("roads").geometry
    west, south, east, north = lines.total_bounds.tolist()
    return {
        "starts_ms": round(local_s * 1000),
        "frame": [round(one, _DECIMALS) for one in (west, south, east, north)],
        "roads": [
            shapely.get_coordinates(line).round(_DECIMALS).tolist()
            for line in shapely.simplify(lines.to_numpy(), 0.001)
        ],
        "calls": _calls(events, drill.length),
        "teams": [
            {
                "id": team.id,
                "home": [team.lon, team.lat],
                "legs": _legs(events, team.id, [team.lon, team.lat]),
            }
            for team in ready.inputs.teams
        ],
    }


def _calls(events: Sequence[dict[str, Any]], end_s: float) -> list[list[float]]:
    """Each call from when it comes in until it ends, and when the first team arrives."""
    begun: dict[int, dict[str, Any]] = {}
    came: dict[int, float] = {}
    ended: dict[int, float] = {}
    for one in events:
        if one["event"] == "call":
            begun[one["call"]] = one
        elif one["event"] == "arrive":
            came.setdefault(one["call"], one["at_s"])
        elif one["event"] in ("served", "lost"):
            ended[one["call"]] = one["at_s"]
    return [
        [one["at_s"], ended.get(call, end_s), one["lon"], one["lat"], came.get(call, end_s)]
        for call, one in begun.items()
    ]


def _legs(events: Sequence[dict[str, Any]], team: str, home: list[float]) -> list[list[Any]]:
    """Moves of a team: from, to, start, goal, whether it is out on a call meanwhile and after."""
    legs: list[list[Any]] = []
    at, since = home, 0.0
    for one in events:
        if one["team_id"] != team:
            continue
        if one["event"] in (*_OUT, "home"):
            goal = [one["lon"], one["lat"]]
            legs.append([since, one["at_s"], at, goal, one["event"] in _OUT])
            at = goal
        elif one["event"] == "free":
            legs.append([one["at_s"], one["at_s"], at, at, False])
        since = one["at_s"]
    return legs
