"""Where figures come from is counted once, the same way everywhere."""

from geo.region.show import summary
from scenarios.provenance import provenance
from tests.scenarios.straight_county import demand, straight_county


def test_a_plan_and_the_summary_of_its_region_count_the_same_records_as_assumed() -> None:
    """Assumed in part is assumed: a place from a map whose people are guessed does not rest on a document."""
    points = demand()
    points["source"] = ["census 2020"] * 3 + ["map; people assumed"] * 2 + ["assumed"] * (len(points) - 5)
    region = straight_county(demand=points)
    (layer,) = provenance(region, ("demand",))
    shown = next(one for one in summary(region).layers if one.layer == "demand")
    assert layer.assumed == shown.assumed == len(points) - 3
