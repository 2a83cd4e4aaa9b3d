"""Limits as OpenStreetMap writes them."""

import pytest

from geo.osm_limits import height_m, speed_kmh, weight_t


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 48.28),
        ("30mph", 48.28),
        ("CH:urban", 50),
        ("CN:motorway", 120),
        ("DE:zone30", 30),
        ("DE:zone:20", 20),
        ("FR:30", 30),
        ("walk", 6),
        ("60;40", 40),
        ("60; none", 60),
    ],
)
def test_speed_limits(text: str, kmh: float) -> None:
    assert speed_kmh(text) == pytest.approx(kmh, abs=0.01)


@pytest.mark.parametrize(
    "text", ["", "none", "signals", "fast", "0", "-30", "999", "XX:urban", "DE:motorway", "50 furlongs"]
)
def test_no_or_no_believable_speed_limit(text: str) -> None:
    assert speed_kmh(text) is None


@pytest.mark.parametrize(
    ("text", "tonnes"),
    [
        ("7.5", 7.5),
        ("7,5", 7.5),
        ("7.5 t", 7.5),
        ("7.5t", 7.5),
        ("7500 kg", 7.5),
        ("16000 lbs", 7.257),
        ("5 st", 4.536),
    ],
)
def test_weight_limits(text: str, tonnes: float) -> None:
    assert weight_t(text) == pytest.approx(tonnes, abs=0.001)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3.6", 3.6),
        ("3.6 m", 3.6),
        ("360 cm", 3.6),
        ("12'6\"", 3.81),
        ("12 ft 6 in", 3.81),
        ("12 ft", 3.658),
        ("12'", 3.658),
    ],
)
def test_height_limits(text: str, metres: float) -> None:
    assert height_m(text) == pytest.approx(metres, abs=0.001)


@pytest.mark.parametrize("text", ["", "default", "none", "below_default", "no_sign", "12 wide"])
def test_no_weight_or_height_limit(text: str) -> None:
    assert height_m(text) is None
    assert weight_t(text) is None
