"""Turn records resolved to pairs of arcs, on a crossing of four roads."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import InputError
from geo.road_layer import road_graph
from geo.road_turns import arc_pairs
from tests.geo.road_tables import road_table

CROSSING = road_table({
    "w": [(0, 1), (1, 1)],
    "e": [(1, 1), (2, 1)],
    "s": [(1, 0), (1, 1)],
    "n": [(1, 1), (1, 2)],
})  # fmt: skip
IN = {"w": 0, "e": 3, "s": 4, "n": 7}
OUT = {road: arc ^ 1 for road, arc in IN.items()}
CENTRE = shapely.Point(1, 1)


def turn_table(*records: tuple[str, str, str], point: shapely.Point | None = CENTRE) -> gpd.GeoDataFrame:
    rows = [{"id": f"t{i}", "from_road": a, "to_road": b, "kind": k} for i, (a, b, k) in enumerate(records)]
    return gpd.GeoDataFrame(rows, geometry=[point] * len(rows), crs="EPSG:4326")  # type: ignore[arg-type]  # None is a missing place


def pairs(*records: tuple[str, str, str], point: shapely.Point | None = CENTRE) -> set[tuple[int, int]]:
    found = arc_pairs(road_graph(CROSSING), turn_table(*records, point=point))
    return {(int(a), int(b)) for a, b in found}


def test_no_forbids_that_turn_alone() -> None:
    assert pairs(("w", "n", "no")) == {(IN["w"], OUT["n"])}


def test_only_forbids_all_others_and_turning_back() -> None:
    assert pairs(("w", "n", "only")) == {(IN["w"], OUT[road]) for road in "wes"}


def test_no_on_one_road_forbids_turning_back() -> None:
    assert pairs(("w", "w", "no")) == {(IN["w"], OUT["w"])}


def test_without_a_point_the_shared_junction_is_meant() -> None:
    assert pairs(("w", "n", "no"), point=None) == pairs(("w", "n", "no"))
    plain = pd.DataFrame(turn_table(("w", "n", "no")).drop(columns="geometry"))
    assert len(arc_pairs(road_graph(CROSSING), plain)) == 1


def test_repeated_records_count_once_and_the_order_is_fixed() -> None:
    graph = road_graph(CROSSING)
    several = turn_table(("w", "n", "no"), ("n", "w", "no"), ("w", "n", "no"))
    assert arc_pairs(graph, several).tolist() == sorted([[IN["n"], OUT["w"]], [IN["w"], OUT["n"]]])


def test_a_road_that_goes_through_counts_with_both_halves() -> None:
    """`no` from a through road into a side road holds from both sides; turning back stays on its half."""
    through = road_graph(road_table({"we": [(0, 1), (1, 1), (2, 1)], "n": [(1, 1), (1, 2)]}))
    into_side = arc_pairs(through, turn_table(("we", "n", "no")))
    assert into_side.tolist() == [[0, 4], [3, 4]]
    assert arc_pairs(through, turn_table(("we", "we", "no"))).tolist() == [[0, 1], [3, 2]]


def test_every_arc_pair_goes_through_one_junction() -> None:
    graph = road_graph(CROSSING, turn_table(("w", "n", "only"), ("s", "e", "no")))
    heads = [(graph.edge_to, graph.edge_from)[arc % 2][arc // 2] for arc in graph.turns[:, 0]]
    tails = [(graph.edge_from, graph.edge_to)[arc % 2][arc // 2] for arc in graph.turns[:, 1]]
    assert heads == tails


def test_wrong_records_are_all_named() -> None:
    with pytest.raises(InputError) as caught:
        pairs(("w", "x", "no"), ("y", "x", "only"), point=CENTRE)
    assert [fault.code for fault in caught.value.faults] == ["N105", "N105"]
    with pytest.raises(InputError, match="N106"):
        pairs(("w", "n", "no"), point=shapely.Point(0, 1))


def test_a_delay_is_kept_beside_the_forbidden_turns() -> None:
    """Of two records the longer holds; halves of a decisecond are rounded up."""
    table = turn_table(("w", "n", "delay"), ("w", "n", "delay"), ("s", "e", "no"))
    graph = road_graph(CROSSING, table.assign(delay_s=[12.34, 12.35, float("nan")]))
    assert graph.slow_turns.tolist() == [[IN["w"], OUT["n"]]]
    assert graph.turn_delay_ds.tolist() == [124]
    assert graph.turns.tolist() == [[IN["s"], OUT["e"]]]


@pytest.mark.parametrize("delay_s", [float("nan"), -1.0, 86_401.0])
def test_a_delay_without_a_usable_time_is_refused(delay_s: float) -> None:
    with pytest.raises(InputError, match="N109"):
        road_graph(CROSSING, turn_table(("w", "n", "delay")).assign(delay_s=[delay_s]))


def test_turns_of_planned_roads_wait_until_they_are_built() -> None:
    planned = CROSSING.assign(status=["existing", "existing", "existing", "planned"])
    graph = road_graph(planned, turn_table(("w", "n", "only"), ("w", "e", "no")))
    assert graph.turns.tolist() == [[IN["w"], OUT["e"]]]
