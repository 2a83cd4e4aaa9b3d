"""Stock that a depot never held: it comes in, is seen by plans, and every movement stays."""

from tests.api.center.client import made
from tests.api.center.conftest import Center


def test_an_item_of_the_catalogue_may_come_to_any_depot(center: Center) -> None:
    """In and requisition open a shelf, out and unknown items do not; the ledger adds up."""
    planner = center.clients["planner"]
    held = {row["item_id"] for row in made(planner.get("/depots/far/stock"))["items"]}
    catalogue = {one["id"] for one in made(planner.get("/region/layers/items"))["features"]}
    new = min(catalogue - held)
    move = {"depot_id": "far", "item_id": new, "quantity": 30}
    assert planner.post("/stock/movements", move | {"kind": "out"}).body["code"] == "A118"
    assert planner.post("/stock/movements", move | {"kind": "in", "depot_id": "nowhere"}).status == 404
    made(planner.post("/stock/movements", move | {"kind": "requisition", "note": "from the market"}))
    made(planner.post("/stock/movements", move | {"kind": "expire", "quantity": 10}))
    row = next(one for one in made(planner.get("/depots/far/stock"))["items"] if one["item_id"] == new)
    assert (row["stated"], row["on_hand"], row["free"]) == (0, 20, 20)
    moved = [
        (one["kind"], one["quantity"])
        for one in made(planner.get("/stock/movements?depot_id=far&limit=1000"))["items"]
        if one["item_id"] == new
    ]
    assert moved == [("requisition", 30), ("expire", 10)]
