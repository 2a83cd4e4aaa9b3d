"""Relief material: the catalogue, what is held where, what is promised by whom; and the shifts of teams."""

from typing import Any

from scenarios.catalogue import shipped_catalogue
from scenarios.pingluo.sources import facts

Records = list[dict[str, Any]]


def item_records() -> Records:
    """The layer ``items``: the rows of the shipped catalogue."""
    return [row.record() for row in shipped_catalogue().items]


def stock_records() -> Records:
    """The layer ``stock``: each lot in hand by depot, then what agreements and capacities promise."""
    told = facts("stock")
    lots = [
        {
            "item_id": lot["item"],
            "depot_id": depot,
            "mode": "physical",
            "quantity": quantity,
            "supplier": told["holders"][lot["holder"]],
            **({"expires_on": lot["expires_on"].isoformat()} if "expires_on" in lot else {}),
        }
        for lot in told["in_hand"]
        for depot, quantity in lot["at"].items()
    ]
    promises = [_promise(row) for row in told["promised"]]
    return _named([{**told["defaults"], **row} for row in lots + promises])


def _promise(row: dict[str, Any]) -> dict[str, Any]:
    return {"item_id": row["item"], "depot_id": row["at"]} | {
        key: value for key, value in row.items() if key not in ("item", "at")
    }


def _named(rows: Records) -> Records:
    """The rows with a running id and the names of their items."""
    items = {row.id: row for row in shipped_catalogue().items}
    return [
        {
            "id": f"stock-{n:03d}",
            "name_zh": items[row["item_id"]].name_zh,
            "name_en": items[row["item_id"]].name_en,
            **row,
        }
        for n, row in enumerate(rows, 1)
    ]


def roster_records() -> Records:
    """The layer ``rosters``: each shift of each team that keeps one."""
    told = facts("rosters")
    return [
        {
            "id": f"{team}-{shift}",
            "team_id": team,
            "people": people,
            **told["shifts"][shift],
            **told["defaults"],
        }
        for team, shifts in told["people"].items()
        for shift, people in shifts.items()
    ]
