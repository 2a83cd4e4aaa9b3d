"""The shipped catalogue of relief material."""

import pytest

from geo.region.layers import LAYERS
from scenarios.catalogue import CatalogueRow, shipped_catalogue

HAZARDS = {"toxic_gas", "flammable_liquid", "gully_flood", "river_flood", "ice_jam", "collapse"}


def test_each_item_is_named_once_and_weighs_and_fills_something() -> None:
    items = shipped_catalogue().items
    assert len({item.id for item in items}) == len(items) >= 25
    assert all(item.mass_kg and item.volume_m3 and item.unit_cost and item.source for item in items)
    assert all("|" in item.unit for item in items), "unit in both languages"


def test_items_are_rows_of_the_layer() -> None:
    columns = {column.name for column in LAYERS["items"].columns}
    for item in shipped_catalogue().items:
        assert item.record().keys() <= columns


def test_items_counted_per_incident_name_hazards_that_exist() -> None:
    for item in shipped_catalogue().items:
        assert set(filter(None, item.hazards.split(";"))) <= HAZARDS
        assert not item.hazards or item.per == "incident", item.id


def test_one_for_is_the_quantity_turned_round() -> None:
    told = {"id": "x", "name_zh": "", "name_en": "", "unit": "", "per": "person", "certainty": "low"}
    row = CatalogueRow(**told, source="assumed", one_for=0.6)  # type: ignore[arg-type]  # keywords of one dict
    assert row.record()["quantity_per"] == pytest.approx(5 / 3)
    with pytest.raises(ValueError, match="one of quantity_per and one_for"):
        CatalogueRow(**told, source="assumed")  # type: ignore[arg-type]  # keywords of one dict


def test_what_cannot_freeze_or_burns_is_not_stored_like_a_tent() -> None:
    """Water, food and foam freeze; fuel and disinfectant burn or eat."""
    by_class: dict[str | None, set[str]] = {}
    for item in shipped_catalogue().items:
        by_class.setdefault(item.storage_class, set()).add(item.id)
    assert {"water-bottled", "meal", "foam"} <= by_class["frost_free"]
    assert {"diesel", "disinfectant"} <= by_class["hazardous"]
    assert by_class["bulk"] == {"water-bulk"}
    assert None not in by_class


def test_the_reserve_is_sized_for_1_200_people() -> None:
    assert shipped_catalogue().planning.people.value == 1_200
