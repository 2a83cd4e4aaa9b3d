"""What the tests of plans share."""

import pytest

from geo.region.files import read_region
from geo.region.region import Region
from scenarios.dispatch import dispatch
from scenarios.dispatch_plan import DispatchPlan
from scenarios.files import read_scenario
from scenarios.incident_models import IncidentScenario
from scenarios.shipped import PINGLUO
from tests.scenarios.incident_county import SHIPPED_INCIDENTS


@pytest.fixture(scope="module")
def pingluo() -> Region:
    """The shipped region."""
    return read_region(PINGLUO)


@pytest.fixture(scope="module", params=SHIPPED_INCIDENTS, ids=lambda path: path.stem)
def shipped(request: pytest.FixtureRequest, pingluo: Region) -> tuple[IncidentScenario, DispatchPlan]:
    """Each shipped incident and its plan."""
    scenario = read_scenario(request.param, IncidentScenario)
    return scenario, dispatch(pingluo, scenario)
