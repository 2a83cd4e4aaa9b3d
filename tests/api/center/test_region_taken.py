"""The region taken into the store, and taken anew when its files change: state stays, records follow."""

import pandas as pd
import pytest
from sqlalchemy import select

from api.region_taken import take_region
from api.stock_ledger import free, move, reserve_for
from api.store.engine import Store
from api.store.tables import MovementRow, StockRow, TeamRow
from api.writing import write
from geo.errors import InputError
from geo.region.region import Region
from tests.scenarios.incident_county import teams
from tests.scenarios.relief_county import relief_county, stock, vehicles
from tests.scenarios.straight_county import straight_county

MATS = ("store", "mat", "physical")


def take(store: Store, region: Region) -> bool:
    with write(store, actor="start", request_id="r") as writing:
        return take_region(writing, region)


def mats(store: Store) -> tuple[float, float]:
    """On the shelf and free."""
    with store.reading() as session:
        row = session.get_one(StockRow, MATS)
        return row.on_hand, free(row)


def test_the_same_region_is_taken_once(store: Store) -> None:
    assert take(store, relief_county())
    assert not take(store, relief_county())
    with store.reading() as session:
        team = session.get_one(TeamRow, "t1")
        assert (team.status, team.capabilities, team.people) == ("available", {"hazmat": 3}, 10)
        assert team.base is not None


def test_state_stays_and_records_follow_the_files(store: Store) -> None:
    """A team off duty stays off duty; one that the files no longer name stays on record, unlisted."""
    take(store, relief_county())
    with store.writing() as (session, _):
        session.get_one(TeamRow, "t0").status = "off_duty"
    fewer: pd.DataFrame = teams(*vehicles())
    fewer = fewer[fewer["id"] != "t3"].assign(people=12)
    assert take(store, relief_county(teams=fewer))
    with store.reading() as session:
        assert session.get_one(TeamRow, "t0").status == "off_duty"
        assert session.get_one(TeamRow, "t0").people == 12
        assert not session.get_one(TeamRow, "t3").listed


@pytest.mark.parametrize(("stated", "then"), [(200, 160.0), (100, 60.0), (0, 10.0)])
def test_stock_follows_the_files_without_losing_what_happened(store: Store, stated: int, then: float) -> None:
    """150 stated, 40 went out, 10 are promised: the files' change counts, down to what is promised."""
    take(store, relief_county())
    with write(store, actor="me", request_id="r") as writing:
        move(writing, "out", MATS, 40)
        reserve_for(writing, "order-1", {MATS: 10})
    assert mats(store) == (110.0, 100.0)
    take(store, relief_county(stock=stock(mats=stated)))
    assert mats(store) == (then, then - 10)
    with store.reading() as session:
        rows = session.scalars(select(MovementRow).where(MovementRow.item_id == "mat")).all()
        sign = {"in": 1, "out": -1}
        assert sum(sign.get(row.kind, 0) * row.quantity for row in rows) == then


def test_the_store_of_another_region_is_refused(store: Store) -> None:
    take(store, relief_county())
    other = straight_county()
    with pytest.raises(InputError, match="A105"):
        take(store, Region(name="elsewhere", tables=other.tables))
