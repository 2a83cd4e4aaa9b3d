"""Stock as it is now: what the board says was moved in and out since the region file counts."""

import pytest

from scenarios.board import Board
from scenarios.dispatch import dispatch
from scenarios.dispatch_plan import DispatchPlan
from scenarios.relief_plan import MaterialsPlan
from tests.scenarios.relief_county import flood_scenario, relief_county, relief_doctrine, stock

AGREED = {
    "id": "s4", "depot_id": "store", "item_id": "mat", "mode": "agreement", "quantity": 90,
    "lead_time_s": 3600, "supplier": "Ltd",
}  # fmt: skip


def moved(*movements: tuple[str, str, str, float], mats: int = 150, supplier: str = "Ltd") -> DispatchPlan:
    """The hand-solved flood: 100 mats are needed, so many lie at ``store`` and 90 are agreed."""
    board = Board.model_validate(
        {
            "muster": 1,
            "stock": [
                {"depot_id": depot, "item_id": item, "mode": mode, "quantity": quantity}
                for depot, item, mode, quantity in movements
            ],
        }
    )
    region = relief_county(stock=stock({**AGREED, "supplier": supplier}, mats=mats))
    return dispatch(region, flood_scenario(), board, doctrine=relief_doctrine())


def materials(plan: DispatchPlan) -> MaterialsPlan:
    assert plan.relief is not None
    assert plan.relief.materials is not None
    return plan.relief.materials


def mats(plan: DispatchPlan) -> tuple[int, int]:
    """Pieces from the shelf and called off."""
    (item,) = (item for item in materials(plan).items if item.item_id == "mat")
    return item.sent - item.called, item.called


def warned(plan: DispatchPlan) -> dict[str, tuple[str, ...]]:
    return {one.code: one.records for one in plan.warnings if one.code in ("S255", "S256")}


def test_what_left_the_shelf_is_not_sent() -> None:
    plan = moved(("store", "mat", "physical", -110.0))
    assert mats(plan) == (40, 60)
    assert not warned(plan)


def test_what_came_in_is_sent_in_whole_pieces() -> None:
    assert mats(moved(("store", "mat", "physical", 20.9), mats=70)) == (90, 10)


def test_what_a_supplier_brought_already_is_not_called_off_again() -> None:
    plan = moved(("store", "mat", "agreement", -90.0), ("store", "mat", "physical", 5.0), mats=0)
    assert mats(plan) == (5, 0)


def test_a_new_promise_without_lead_time_is_named_as_source_only() -> None:
    plan = moved(("store", "crate", "agreement", 50.0))
    (crates,) = (one for one in materials(plan).shortages if one.item_id == "crate")
    assert crates.nearest is not None
    assert (crates.nearest.mode, crates.nearest.pieces, crates.nearest.hand_over_s) == ("agreement", 50, None)


def test_a_call_off_from_a_supplier_without_a_name_is_one() -> None:
    stages = materials(moved(mats=70, supplier="")).deliveries
    assert [(one.source, len(one.trips)) for one in stages] == [("stock", 2), ("agreement", 1)]


def test_more_taken_out_than_there_was_leaves_none_and_says_so() -> None:
    plan = moved(("store", "mat", "physical", -151.0), ("store", "mat", "agreement", -91.0))
    assert mats(plan) == (0, 0)
    assert warned(plan) == {"S256": ("store mat",)}


def test_the_order_of_movements_does_not_count() -> None:
    out, back = ("store", "mat", "physical", -180.0), ("store", "mat", "physical", 60.0)
    assert mats(moved(out, back)) == mats(moved(back, out)) == (30, 70)


@pytest.mark.parametrize("place", [("nowhere", "mat"), ("store", "gold")])
def test_unknown_depots_and_items_do_not_count_and_are_named(place: tuple[str, str]) -> None:
    plan = moved((*place, "physical", 1000.0), mats=70)
    assert mats(plan) == (70, 30)
    assert warned(plan) == {"S255": (" ".join(place),)}
