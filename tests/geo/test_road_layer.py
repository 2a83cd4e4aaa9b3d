"""From the ``roads`` layer to the graph: attributes, records, lengths, faults."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.road_layer import road_graph, street_names
from geo.roads import CLOSED, OPEN, PRIVATE
from tests.geo.road_tables import road_table

PLACE = st.tuples(st.integers(0, 3), st.integers(0, 3))
LINES = st.lists(st.lists(PLACE, min_size=2, max_size=5), min_size=1, max_size=6)
WEST_EAST = [(0.0, 0.0), (0.01, 0.0), (0.02, 0.0)]
SIDE = [(0.01, 0.0), (0.01, 0.01)]


def faults(*args: object, **columns: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        road_graph(*args, **columns)  # type: ignore[arg-type]  # wrong on purpose
    return [f"{fault.code} {fault.where}" for fault in caught.value.faults]


def test_edges_take_over_the_attributes_of_their_record() -> None:
    table = road_table(
        {"main": WEST_EAST, "side": SIDE},
        **{"class": ["tertiary", "track"]},
        oneway=["reverse", ""],
        access=["private", ""],
        bridge=["yes", ""],
        tunnel=["no", "yes"],
        maxspeed_kmh=[50.0, None],
        surface=["", "gravel"],
        max_weight_t=[7.5, None],
        max_height_m=[None, 3.6],
    )
    graph = road_graph(table)
    assert graph.road.tolist() == [0, 0, 1]
    assert graph.road_ids == ("main", "side")
    assert [graph.road_classes[c] for c in graph.road_class] == ["tertiary", "tertiary", "track"]
    assert graph.forward.tolist() == [False, False, True]
    assert graph.backward.tolist() == [True, True, True]
    assert graph.access.tolist() == [PRIVATE, PRIVATE, OPEN]
    assert graph.bridge.tolist() == [True, True, False]
    assert graph.tunnel.tolist() == [False, False, True]
    assert graph.speed_kmh.tolist() == pytest.approx([50, 50, 15 * 0.7])
    assert graph.max_weight_t.tolist() == [7.5, 7.5, np.inf]
    assert graph.max_height_m.tolist() == [np.inf, np.inf, 3.6]
    assert not graph.ferry.any()


def test_a_ferry_is_a_class_and_no_access_is_closed() -> None:
    graph = road_graph(road_table({"f": SIDE}, **{"class": ["ferry"]}, access=["no"]))
    assert graph.ferry.all()
    assert graph.access.tolist() == [CLOSED]


def test_planned_and_unplaced_records_keep_their_number_but_have_no_edge() -> None:
    table = road_table({"plan": SIDE, "lost": None, "main": WEST_EAST}, status=["planned", "existing", ""])
    graph = road_graph(table)
    assert graph.road_ids == ("plan", "lost", "main")
    assert graph.road.tolist() == [2]


def test_a_true_length_is_shared_out_over_the_edges_of_the_record() -> None:
    graph = road_graph(road_table({"main": WEST_EAST, "side": SIDE}, length_m=[3000.0, None]))
    assert graph.length_m.tolist() == pytest.approx([1500, 1500, 1105.74], abs=0.01)


def test_parts_of_a_multi_line_belong_to_one_record() -> None:
    table = road_table({"both": SIDE}).set_geometry(
        [shapely.MultiLineString([SIDE, [(1.0, 1.0), (1.0, 1.1)]])]
    )
    graph = road_graph(table)
    assert graph.road.tolist() == [0, 0]
    assert graph.junctions == 4


def test_people_call_a_road_by_its_chinese_name_then_the_other_then_the_number() -> None:
    names = {"name_zh": ["人民路", "", ""], "name_en": ["Renmin", "Ring", ""], "ref": ["G1", "G2", "G3"]}
    assert street_names(pd.DataFrame(names)).tolist() == ["人民路", "Ring", "G3"]


def test_the_same_table_gives_the_same_graph_and_another_another() -> None:
    table = road_table({"main": WEST_EAST, "side": SIDE})
    assert road_graph(table).digest() == road_graph(table.copy()).digest()
    assert road_graph(table).digest() != road_graph(table, preset="generic").digest()


def test_the_table_itself_stays_as_it_was() -> None:
    table = road_table({"main": WEST_EAST})
    before = table.copy()
    road_graph(table)
    pd.testing.assert_frame_equal(table, before)


def test_an_empty_layer_is_an_empty_graph() -> None:
    assert road_graph(road_table({})).edges == 0


def test_missing_columns_are_named() -> None:
    assert faults(road_table({"a": SIDE}).drop(columns=["class", "id"])) == ["N101 roads"]


def test_all_wrong_records_are_named_at_once() -> None:
    table = road_table(
        {"a": SIDE, "b": [(500000.0, 4300000.0), (500100.0, 4300000.0)], "c": SIDE, "d": SIDE, "e": SIDE},
        **{"class": ["footway", "primary", "primary", "primary", "primary"]},
        oneway=["", "", "sometimes", "", ""],
        access=["", "", "", "maybe", ""],
        maxspeed_kmh=[None, None, None, 0.0, None],
        length_m=[None, None, None, None, -1.0],
    )
    assert sorted(faults(table)) == [
        "N103 roads b",
        "N104 roads a, column class",
        "N104 roads c, column oneway",
        "N104 roads d, column access",
        "N104 roads d, column maxspeed_kmh",
        "N104 roads e, column length_m",
    ]


def test_points_and_repeated_ids_are_refused() -> None:
    table = road_table({"a": SIDE, "b": SIDE}).set_geometry([shapely.Point(0, 0), shapely.LineString(SIDE)])
    assert faults(table.assign(id="a")) == ["N108 roads a", "N102 roads a"]


def test_an_unknown_preset_is_refused() -> None:
    assert faults(road_table({"a": SIDE}), preset="mars") == ["N107 speed preset"]


@settings(deadline=None, max_examples=50)
@given(LINES)
def test_the_length_of_each_record_is_kept_however_it_is_cut(lines: list[list[tuple[int, int]]]) -> None:
    alone = [road_graph(road_table({"r": line})).length_m.sum() for line in lines]
    graph = road_graph(road_table({f"r{i}": line for i, line in enumerate(lines)}))
    together = np.bincount(graph.road, weights=graph.length_m, minlength=len(lines))
    assert together == pytest.approx(alone)
