"""Use case: hydrants, fire-water pond and foam station of a chemical park."""

from geo.region.region import Region
from optimizer.problem import SitingAnswer
from optimizer.siting.set_covering import set_covering
from optimizer.watch import Progress, Watch
from scenarios.park_answers import beyond_reach, park_plan
from scenarios.park_inputs import ParkInputs, park_inputs
from scenarios.park_models import ParkScenario
from scenarios.park_plan import ParkPlan


def park(region: Region, scenario: ParkScenario, progress: Progress | None = None) -> ParkPlan:
    """Place the fewest hydrants along a park's roads that keep every distance, and size pond and foam.

    Set covering over places along the roads (``scenarios.park_hydrants``), with its proven bound; sizes by
    the rules of ``scenarios/data/park.yaml``. Infeasible when a point of a plant lies too far from every
    road.

    Parameters
    ----------
    progress
        Hears of the search as (phase, share done, bound, best so far); returning ``True`` ends it.

    Raises
    ------
    InputError
        S164 to S166 and S168 as ``park_inputs``.
    """
    inputs = park_inputs(region, scenario)
    watch = Watch(scenario.park.time_limit, progress)
    return park_plan(region, inputs, _fewest(inputs, watch))


def _fewest(inputs: ParkInputs, watch: Watch) -> SitingAnswer:
    if beyond_reach(inputs):
        return SitingAnswer(question="lscp", status="infeasible", chosen=(), objective=None, bound=None)
    return set_covering(inputs.rows.problem, watch=watch)
