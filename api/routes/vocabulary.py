"""The words of plans and reports in both languages, and the substances that a report may name."""

from fastapi import APIRouter

from api.deps import needs
from api.schemas.edge import problems
from api.schemas.vocabulary import Both, Sentence, SubstanceShown, Vocabulary
from geo.region.layers import LAYERS
from geo.vehicle_file import read_vehicle_classes
from scenarios.hazards.figures import table
from scenarios.hazards.substances import shipped_substances
from scenarios.report.dispatch_words import (
    ACTIONS,
    CAPABILITIES,
    COMPLEMENTS,
    HAZARDS,
    ORDERS,
    SIDES,
    WHY,
    ZONES,
)
from scenarios.report.hazard_words import CERTAINTY, sentences
from scenarios.report.text import Text

router = APIRouter(tags=["region"], dependencies=[needs("read")])
FAMILIES = {
    "hazards": HAZARDS,
    "zones": ZONES,
    "capabilities": CAPABILITIES,
    "sides": SIDES,
    "actions": ACTIONS,
    "complements": COMPLEMENTS,
    "orders": ORDERS,
    "why": WHY,
    "certainty": CERTAINTY,
}


@router.get("/vocabulary", responses=problems())
def vocabulary() -> Vocabulary:
    """Words by family and key, substances of the catalogue, kinds of container."""
    return Vocabulary(
        words={
            **{family: _family(rows) for family, rows in FAMILIES.items()},
            "layers": {layer.name: Both(zh=layer.zh, en=layer.name) for layer in LAYERS.values()},
            "vehicles": {
                one.id: Both(zh=one.name_zh, en=one.name_en) for one in read_vehicle_classes().values()
            },
        },
        substances=tuple(
            SubstanceShown(id=one.id, cas=one.cas, name_zh=one.name_zh, name_en=one.name_en)
            for one in shipped_substances()
        ),
        containers=tuple(table("erg")["containers"]),
        sentences=tuple(Sentence(pattern=pattern, zh=zh) for pattern, zh in sentences()),
    )


def _family(rows: dict[str, Text]) -> dict[str, Both]:
    return {key: Both(zh=words.zh, en=words.en) for key, words in rows.items() if key}
