"""What measuring a drawn siting plan gives; read without a solver."""

from scenarios.model_base import Strict
from scenarios.plan import Measures
from scenarios.plan_further import DrawnPlan


class PointCovered(Strict):
    """A place of demand: whether every standard that holds there is met now, and by the drawing."""

    id: str
    lon: float
    lat: float
    people: int
    before: bool
    after: bool


class DrawnMeasured(Strict):
    """Service of the stations that stand, of the drawing, and at each place."""

    before: Measures
    drawn: DrawnPlan
    points: tuple[PointCovered, ...]
