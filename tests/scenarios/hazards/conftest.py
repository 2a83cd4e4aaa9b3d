"""The published input/answer pairs of hazards, by model."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Case = dict[str, Any]
CasesOf = Callable[[str], list[Case]]


@pytest.fixture(scope="session")
def published(shared_data: Path) -> list[Case]:
    """All published cases of chemical releases and floods."""
    path = shared_data / "verification" / "hazard_and_reserve_cases.json"
    cases: list[Case] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if case["domain"] in ("chem", "flood")]


@pytest.fixture(scope="session")
def cases_of(published: list[Case]) -> CasesOf:
    """The cases of one model, at least one."""

    def found(model: str) -> list[Case]:
        cases = [case for case in published if case["inputs"]["model"] == model]
        assert cases, f"no published case of model {model}"
        return cases

    return found
