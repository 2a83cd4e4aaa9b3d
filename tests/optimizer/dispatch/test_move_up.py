"""Move-up of up to two teams: looking at all moves gives what the integer program gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.dispatch import move_up as module
from optimizer.dispatch.assign import assign
from optimizer.dispatch.coverage import Zones
from optimizer.dispatch.move_up import MoveUp, move_up
from optimizer.dispatch.problem import DispatchProblem, Slot, Team


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**20), moves=st.integers(1, 2))
def test_all_looked_at_are_as_good_as_the_program(seed: int, moves: int) -> None:
    """As many people covered, for as little driving, and the same bound; the program is asked as well."""
    chance = np.random.default_rng(seed)
    stations, teams, zones = (int(n) for n in chance.integers(1, 8, 3))
    engines = tuple(
        Team(id=f"t{k}", capabilities={"fire": 1}, station=int(chance.integers(stations)))
        for k in range(teams)
    )
    problem = DispatchProblem(
        teams=engines,
        slots=(Slot(incident=0, capability="fire"),),
        travel_s=chance.integers(1, 900, (teams, 1)).astype(float),
    )
    cover = Zones(
        response_s=np.where(chance.random((zones, stations)) < 0.4, 0.0, np.inf),
        limit_s=np.zeros(zones),
        people=chance.integers(0, 50, zones),
    )
    between_s = chance.integers(1, 600, (stations, stations)).astype(float)

    def found(most: int) -> MoveUp:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "MOST_LOOKED_AT", most)
            return move_up(problem, assign(problem), cover, between_s=between_s, within_s=500, moves=moves)

    ours, program = found(20_000_000), found(-1)
    assert (ours.people_after, ours.bound) == (program.people_after, program.bound)
    assert _driven(ours) == _driven(program)


def _driven(found: MoveUp) -> int:
    return sum(round(move.travel_s * 10) for move in found.moves)
