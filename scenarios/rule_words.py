"""Names of siting rules and floors as a Chinese reader says them; the models name them in English."""

import re
from collections.abc import Callable

from scenarios.forces import forces

_ZONES = {"town": "城区", "outskirts": "城外"}
_WORDS: tuple[tuple[str, str], ...] = (
    (r"budget", "预算"),
    (r"apart: (?P<ids>.+)", "{ids} 不得并设"),
    (r"together: (?P<ids>.+?)(?: \(\d+\))?", "{ids} 须并设"),
    (r"(?P<one>\S+) needs (?P<ids>.+?)(?: \(\d+\))?", "设 {one} 须先设 {ids}"),
    (r"group: (?P<one>.+)", "分组“{one}”的数目"),
    (r"must open: (?P<one>.+)", "必设 {one}"),
    (r"places by (?P<one>.+)", "{one} 年前的站数"),
    (r"teams of (?P<force>.+)", "{force}的队数"),
    (r"teams at (?P<one>.+)", "{one} 可驻队数"),
    (r"vehicles at (?P<one>.+)", "{one} 可停车数"),
)
_FLOOR = re.compile(
    r"(?P<township>.+), (?P<force>\S+) (?:(?P<zone>town|outskirts) )?within (?P<min>[\d.e+]+) min"
)


def rule_zh(name: str) -> str:
    """A rule by its model name, such as ``apart: a, b``; a name of no known form stays as it is."""
    for form, words in _WORDS:
        if found := re.fullmatch(form, name):
            return words.format(**{key: _SAYS[key](said) for key, said in found.groupdict().items()})
    return name


def floor_zh(name: str) -> str:
    """A township's least coverage by its model name, ``township, force zone within t min``."""
    found = _FLOOR.fullmatch(name)
    if found is None:
        return name
    zone = _ZONES.get(found["zone"] or "", "")
    return f"{found['township']}（{zone}{_force(found['force'])} {found['min']} 分钟内）"


def _force(name: str) -> str:
    known = forces().get(name)
    return name if known is None else known.name_zh


_SAYS: dict[str, Callable[[str], str]] = {
    "ids": lambda said: "、".join(said.split(", ")),
    "one": str,
    "force": _force,
}
