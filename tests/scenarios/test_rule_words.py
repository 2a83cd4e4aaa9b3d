"""Rules by Chinese names."""

import pytest

from scenarios.forces import forces
from scenarios.rule_words import floor_zh, rule_zh


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("budget", "预算"),
        ("apart: a, b", "a、b 不得并设"),
        ("together: a, b, c (2)", "a、b、c 须并设"),
        ("a needs b, c (1)", "设 a 须先设 b、c"),
        ("group: east bank", "分组“east bank”的数目"),
        ("must open: taole", "必设 taole"),
        ("places by 2024", "2024 年前的站数"),
    ],
)
def test_each_form_of_rule_has_its_words(name: str, words: str) -> None:
    assert rule_zh(name) == words


def test_every_force_is_said_in_chinese() -> None:
    for name, force in forces().items():
        assert rule_zh(f"teams of {name}") == f"{force.name_zh}的队数"
        assert floor_zh(f"姚伏镇, {name} within 20 min") == f"姚伏镇（{force.name_zh} 20 分钟内）"


def test_a_floor_names_its_zone() -> None:
    name = next(iter(forces()))
    assert floor_zh(f"姚伏镇, {name} town within 5 min").startswith("姚伏镇（城区")


def test_a_name_of_no_known_form_stays() -> None:
    assert rule_zh("a rule of the house") == "a rule of the house"
    assert floor_zh("somewhere") == "somewhere"
