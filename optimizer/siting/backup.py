"""Backup coverage: people who are covered by one site, and those whom a second one covers too (BACOP2)."""

from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.siting.coverage_answer import answered
from optimizer.siting.coverage_problem import lean
from optimizer.siting.coverage_search import most_covered
from optimizer.watch import Watch


def backup_covering(
    problem: SitingProblem, *, second: float = 0.5, watch: Watch | None = None
) -> SitingAnswer:
    """Choose at most ``places`` sites for the most people covered once and twice.

    max sum_g a_g ((1 - w) y_g + w u_g)  s.t.  y_g + u_g <= sum_{j covers g} x_j,  sum_j x_j <= p,  rules,
    floors,  x binary, 0 <= u, y <= 1; Hogan & ReVelle (1986), doi:10.1287/mnsc.32.11.1434, there with
    u_g <= y_g, which holds by itself while w <= 1/2. ``objective`` and ``bound`` are this weighted sum of
    people; floors count those covered once. Infeasible when no choice keeps the rules and floors.

    Parameters
    ----------
    second
        w, the weight of a second cover; 0 is maximal covering, 1/2 counts both alike.

    Raises
    ------
    ValueError
        A weight outside 0 to 1/2, where a second cover would be worth more than the first; or capacities.
    """
    if not 0 <= second <= 0.5:
        raise ValueError(f"second: want 0 to 0.5, got {second}")
    if problem.capacity is not None:
        raise ValueError("capacity: backup coverage does not share people between sites")
    watch = watch or Watch()
    watch.tell("backup coverage", 0.0)
    worth = (1 - second, second) if second else (1.0,)
    return answered(problem, "backup", most_covered(lean(problem, worth=worth), watch=watch), watch)
