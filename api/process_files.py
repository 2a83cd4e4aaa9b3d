"""Checks of drills and ensembles that come over HTTP: everything stands in the document, no file is named."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from sqlalchemy.orm import Session

from geo.errors import Fault, InputError, refuse
from scenarios.board_file import board_from
from scenarios.drill_models import DrillScenario
from scenarios.ensemble_models import EnsembleScenario
from scenarios.files import scenario_from
from scenarios.incident_models import IncidentScenario
from scenarios.reserve_models import ReserveScenario
from scenarios.scenario_models import Scenario

Content = dict[str, Any]
MODELS: Mapping[str, Any] = {
    "incident": IncidentScenario,
    "siting": Scenario,
    "reserve": ReserveScenario,
    "drill": DrillScenario,
}
"""Kinds of scenarios that an ensemble varies."""
_FILES: Mapping[str, str] = {
    "doctrine": "",
    "board": "",
    "rates": "read",
    "log": "read",
    "water_file": "water_read",
    "depth_rasters": "water_read",
}
"""Keys whose text names a file, and the key beside that may hold what the file says."""


def served(content: Content, region: str) -> str:
    """The region of a document over HTTP is the one served, however a file names it; else A200."""
    named = content.get("region", region)
    if not isinstance(named, str) or PurePath(named.replace("\\", "/")).stem != region:
        raise refuse(
            "A200",
            where="body region",
            found=repr(named),
            wanted=f"{region!r}, which this server serves, or no key 'region'",
            fix="Leave the key out, or ask the server of that region.",
        )
    return region


def ensemble_schema() -> Content:
    """As the file's, but for the documents that stand in the place of names of files."""
    schema = EnsembleScenario.model_json_schema()
    said = schema["$defs"]["EnsembleSection"]["properties"]
    said["scenario"] = {"type": "object", "description": "the scenario document itself"}
    said["board"] = {"type": ["object", "null"], "default": None, "description": "the board itself"}
    return schema


def check_drill(content: Content, region: str, _session: Session) -> Content:
    """A drill scenario; raises ``InputError`` A300 for files it names, and every fault of the scenario."""
    asked = {**content, "region": served(content, region)}
    refuse_files(asked, "body")
    scenario_from(asked, where="body", model=DrillScenario)
    return asked


def check_ensemble(content: Content, region: str, _session: Session) -> Content:
    """An ensemble whose ``ensemble.scenario``, and ``ensemble.board`` if any, are documents themselves.

    Raises
    ------
    InputError
        A300 files that are named, S487 a scenario that cannot be varied, every fault of the documents.
    """
    section = content.get("ensemble")
    section = dict(section) if isinstance(section, dict) else {}
    base, board = section.get("scenario"), section.pop("board", None)
    if not isinstance(base, dict) or not (board is None or isinstance(board, dict)):
        raise InputError([_named("body ensemble.scenario", base if not isinstance(base, dict) else board)])
    asked = {**content, "region": served(content, region), "ensemble": {**section, "scenario": "scenario"}}
    scenario_from(asked, where="body", model=EnsembleScenario)
    return {"ensemble": asked, "scenario": _base(base, region), "board": _board(board)}


def _base(base: Content, region: str) -> Content:
    where, kind = "body ensemble.scenario", base.get("kind")
    model = MODELS.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise refuse(
            "S487",
            where=where,
            found=f"a scenario of kind {kind!r:.60}",
            wanted=f"one of {', '.join(MODELS)}",
            fix="Give a scenario of such a kind.",
        )
    asked = {**base, "region": served(base, region)}
    refuse_files(asked, where)
    scenario_from(asked, where=where, model=model)
    return asked


def _board(board: Content | None) -> Content | None:
    if board is not None:
        board_from(board, where="body ensemble.board")
    return board


def refuse_files(content: Content, where: str) -> None:
    """Raise ``InputError`` A300 for every file that a document names without what it says."""
    faults = [_named(f"{where} {path}", name) for path, name in _files(content, "")]
    if faults:
        raise InputError(faults)


def _files(content: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(content, list):
        for number, one in enumerate(content):
            yield from _files(one, f"{path}.{number}" if path else str(number))
    if not isinstance(content, dict):
        return
    for key, value in content.items():
        inner = f"{path}.{key}" if path else str(key)
        beside = _FILES.get(key)
        names = isinstance(value, str) or (key == "depth_rasters" and bool(value))
        if beside is not None and names and not (beside and content.get(beside)):
            yield inner, value
        else:
            yield from _files(value, inner)


def _named(where: str, found: object) -> Fault:
    return Fault(
        code="A300",
        where=where,
        found=repr(found)[:60],
        wanted="the content itself: a server reads no file of whoever asks",
        fix="Put what the file says into the document, or run it with the command line.",
    )
