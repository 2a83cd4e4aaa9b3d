"""The service that open sites give, as plans state it."""

from scenarios.model_base import Strict
from scenarios.scenario_models import Zone


class Served(Strict):
    """How well some people are served.

    ``covered`` are people within the limit, inclusive; times are of the people that any open site reaches,
    the mean weighted by people, both missing when nobody is reached; ``unreached`` are the others.
    """

    people: int
    covered: int
    share: float | None
    mean_response_s: float | None
    worst_response_s: float | None
    unreached: int


class StandardServed(Served):
    """All people under one standard; ``of`` is the layer whose places it counts instead of people."""

    force: str
    zone: Zone | None
    within_s: float
    of: str | None = None


class TownshipServed(Served):
    """People, or places ``of`` a layer, of one township under one standard; ``id`` empty = no township."""

    id: str
    name_zh: str
    name_en: str
    force: str
    within_s: float
    of: str | None = None


class LimitServed(Strict):
    """People that one force reaches within a further limit, wherever they live."""

    force: str
    within_s: float
    people: int
    covered: int
    share: float | None


class Measures(Strict):
    """The service that a set of open sites gives."""

    standards: tuple[StandardServed, ...]
    townships: tuple[TownshipServed, ...]
    limits: tuple[LimitServed, ...]


class UnitsAt(Strict):
    """Units at one open site, which ``existing`` says stands today."""

    site: str
    existing: bool
    units: int


class TeamsAt(Strict):
    """New teams of one force at one place, which ``existing`` says stands today."""

    site: str
    existing: bool
    force: str
    teams: int
