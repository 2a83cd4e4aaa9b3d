"""What zones rest on is said in Chinese too."""

import re

import pytest

from scenarios.dispatch_plan import DispatchPlan
from scenarios.incident_models import IncidentScenario
from scenarios.report.hazard_words import certainty_words, hazard_words

CHINESE = re.compile("[\u4e00-\u9fff]")


def test_every_note_of_the_shipped_incidents_is_said_in_chinese(
    shipped: tuple[IncidentScenario, DispatchPlan],
) -> None:
    incidents = shipped[1].decisions.incidents
    for note in (note for incident in incidents for note in incident.notes):
        words = hazard_words(note)
        assert words.en == note
        assert CHINESE.search(words.zh), note
    for zone in (zone for incident in incidents for zone in incident.zones):
        assert CHINESE.search(certainty_words(zone.certainty).zh), zone.certainty


@pytest.mark.parametrize(
    ("said", "zh"),
    [
        ("wind unknown: 1.5 m/s taken", "风速未知，按 1.5 m/s 计"),
        ("rest on figures recalled, not read: protective", "所依据的数值凭记忆、未核对原文：防护行动区"),
        (
            "water 0.4 m deep (a (b); c); class H4 of AIDR Guideline 7-3",
            "水深 0.4 米（a (b); c）；AIDR 7-3 指南 H4 级",
        ),
        ("the county's own survey", "the county's own survey"),
    ],
)
def test_words_by_hand(said: str, zh: str) -> None:
    assert hazard_words(said).zh == zh
