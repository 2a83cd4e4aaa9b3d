"""The short run of every case of the faults; ``dev.py faults --rounds 200`` is the full one."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.api.center.postgres import Cluster, found_programs, postgres_cluster
from tests.faults.cases import all_cases
from tests.faults.outcome import Ground

NAMES = [case.name for case in all_cases(None, None)]  # type: ignore[arg-type]  # names need no ground

Where = tuple[Ground, Cluster | None]


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Where]:
    """The county, a PostgreSQL server where there is one, and the servers that cases share."""
    with ExitStack() as stack:
        programs = found_programs()
        cluster = None if programs is None else stack.enter_context(postgres_cluster(programs))
        ground = Ground(tmp_path_factory.mktemp("faults"), None if cluster is None else cluster.address)
        stack.callback(ground.close)
        yield ground, cluster


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_and_everybody_is_told(name: str, where: Where) -> None:
    """Each case asserts its facts; what the machine lacks is told, and fails where all must run."""
    case = next(one for one in all_cases(*where) if one.name == name)
    if case.missing:
        if os.environ.get("MUSTER_REQUIRE_DATA") == "1" and name != "clock":
            pytest.fail(f"needs {case.missing}")
        pytest.skip(f"needs {case.missing}")
    outcome = case.run(case.short)
    assert outcome.rounds >= case.short
    assert outcome.facts >= outcome.rounds
