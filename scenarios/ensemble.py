"""Use case: one scenario many times, with some of its values changed, on any number of workers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

from geo.errors import refuse
from geo.region.region import Region
from optimizer.watch import Progress
from scenarios.ensemble_base import Base, member_measures, read_base
from scenarios.ensemble_members import Batches, BatchSize, combination_values, member, members
from scenarios.ensemble_models import EnsembleScenario, EnsembleSection
from scenarios.ensemble_store import SET, Rows, Store, held, identity
from scenarios.ensemble_summary import Combination, summary
from scenarios.made_with import made_with
from scenarios.task_pool import Engine, Job, TaskError

PARTIAL_S = 3.0
"""Between two looks at partial results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsembleResult:
    """An ensemble, whole or in part: the figures of each combination, in order of their number.

    ``plan_names``: Chinese and English name of each plan that is swept over, where it has one.
    """

    scenario: EnsembleScenario
    base_kind: str
    plan_names: Mapping[str, tuple[str, str]]
    done: int
    combinations: tuple[Combination, ...]
    store: Path

    @property
    def whole(self) -> bool:
        """Whether all members are done."""
        return self.done == self.scenario.ensemble.members

    @property
    def swept(self) -> tuple[str, ...]:
        """Paths that have more than one value to be tried."""
        return tuple(vary.path for vary in self.scenario.ensemble.vary if len(vary.values or ()) > 1)

    def values(self, combination: int) -> dict[str, Any]:
        """The swept values of a combination, by path."""
        return combination_values(self.scenario.ensemble, combination)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    base: Base
    section: EnsembleSection
    seed: int


def ensemble(
    region: Region,
    scenario: EnsembleScenario,
    *,
    beside: Path | Base,
    out: Path,
    engine: Engine,
    progress: Progress | None = None,
    partial: Callable[[EnsembleResult], None] | None = None,
) -> EnsembleResult:
    """Run all members that are not done yet and sum them up.

    Each member depends on the scenario, the region and its own number alone, so that neither the number of
    workers nor what happened to them changes a figure. Tasks last from a quarter to
    three quarters of a second; each is written to ``out`` when it ends. Where ``out`` holds the same ensemble
    it goes on.

    Parameters
    ----------
    beside
        Folder of the ensemble file, from which it names others, or the scenario that it varies.
    partial
        Hears of partial results every few seconds.

    Raises
    ------
    InputError
        S480, S481, S485 to S490, and the faults of the files that the ensemble names.
    """
    base = beside if isinstance(beside, Base) else read_base(scenario, beside, region)
    _refuse_bad_members(base, scenario)
    store = Store(out, _header(base, scenario))
    rows = store.done()
    looked = monotonic()
    for found in _tasks(base, scenario, rows, engine):
        rows |= found
        store.keep(found)
        if progress is not None and progress("members", len(rows) / scenario.ensemble.members, None, None):
            break
        if partial is not None and monotonic() - looked > PARTIAL_S:
            partial(_result(base, scenario, rows, out))
            looked = monotonic()
    if len(rows) == scenario.ensemble.members:
        store.finish(rows, _places(scenario))
    return _result(base, scenario, rows, out)


def _tasks(base: Base, scenario: EnsembleScenario, rows: Rows, engine: Engine) -> Iterator[Rows]:
    section, size = scenario.ensemble, BatchSize()
    job = Job(_run, _Shared(base=base, section=section, seed=scenario.seed))
    results = engine.results(job, Batches(section, set(rows), size))
    try:
        for numbers, (figures, seconds) in results:
            size.learn(len(numbers), seconds)
            yield {number: held(row) for number, row in zip(numbers, figures, strict=True)}
    except TaskError as failed:
        raise refuse(
            "S490",
            where="muster ensemble",
            found=str(failed).strip().splitlines()[-1],
            wanted="members that can be run",
            fix="What is done is kept: mend the cause, and run the same command again.",
        ) from failed
    finally:
        with suppress(AttributeError):
            results.close()  # type: ignore[attr-defined]  # a generator lets its processes go


def _run(shared: _Shared, numbers: tuple[int, ...]) -> tuple[list[Any], float]:
    """One task: the figures of some members, and the seconds they took."""
    begun, own = perf_counter(), shared.section.replications > 1
    figures = [
        member_measures(shared.base, member(shared.section, shared.seed, number), own_seed=own)
        for number in numbers
    ]
    return figures, perf_counter() - begun


def _refuse_bad_members(base: Base, scenario: EnsembleScenario) -> None:
    """The first replication of every combination must make a scenario; others are judged as they come."""
    section = scenario.ensemble
    for combination in range(min(section.combinations, 1_000)):
        number = combination * section.replications
        base.changed(member(section, scenario.seed, number).changes, None)


def _header(base: Base, scenario: EnsembleScenario) -> dict[str, Any]:
    content = {
        "ensemble": scenario.model_dump(mode="json"),
        "scenario": base.content,
        "board": base.board,
        "doctrine": None if base.doctrine is None else base.doctrine.model_dump(mode="json"),
        "region": base.region.digest(),
        "made_with": made_with(),
        **({"plans": _plans(base)} if base.plans else {}),
    }
    return {"muster": 1, "kind": "ensemble", "digest": identity(content), **content}


def _plans(base: Base) -> dict[str, str]:
    """Digest of each plan by its name."""
    return {name: identity(plan.model_dump(mode="json")) for name, plan in sorted(base.plans.items())}


def _plan_names(base: Base) -> dict[str, tuple[str, str]]:
    """Chinese and English names of the scenarios that the plans answer; one stands for both."""
    found = {}
    for name, plan in base.plans.items():
        told = plan.inputs.scenario.content
        zh, en = told.get("name_zh") or told.get("name_en"), told.get("name_en") or told.get("name_zh")
        if zh and en:
            found[name] = (str(zh), str(en))
    return found


def _places(scenario: EnsembleScenario) -> Iterator[dict[str, Any]]:
    for one in members(scenario.ensemble, scenario.seed):
        place = {"member": one.number, "combination": one.combination, "replication": one.replication}
        yield place | {SET + path: value for path, value in one.changes.items()}


def _result(base: Base, scenario: EnsembleScenario, rows: Rows, out: Path) -> EnsembleResult:
    section = scenario.ensemble
    return EnsembleResult(
        scenario=scenario,
        base_kind=base.kind,
        plan_names=_plan_names(base),
        done=len(rows),
        combinations=summary(
            rows,
            combinations=section.combinations,
            replications=section.replications,
            confidence=section.confidence,
        ),
        store=out,
    )
