"""Numbers in, decisions out: no maps, no files, no HTTP.

The names below are loaded at first use, so that importing this package stays cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.check import violations
    from optimizer.problem import SitingAnswer, SitingProblem
    from optimizer.siting.center import p_center
    from optimizer.siting.coverage import maximal_covering
    from optimizer.siting.marginal import marginal_curve
    from optimizer.siting.median import p_median
    from optimizer.siting.reasons import reasons
    from optimizer.siting.set_covering import set_covering
    from optimizer.solver import SolverError
    from optimizer.watch import Progress, Watch

__all__ = [
    "Progress",
    "SitingAnswer",
    "SitingProblem",
    "SolverError",
    "Watch",
    "marginal_curve",
    "maximal_covering",
    "p_center",
    "p_median",
    "reasons",
    "set_covering",
    "violations",
]

_HOME = {
    "Progress": "optimizer.watch",
    "SitingAnswer": "optimizer.problem",
    "SitingProblem": "optimizer.problem",
    "SolverError": "optimizer.solver",
    "Watch": "optimizer.watch",
    "marginal_curve": "optimizer.siting.marginal",
    "maximal_covering": "optimizer.siting.coverage",
    "p_center": "optimizer.siting.center",
    "p_median": "optimizer.siting.median",
    "reasons": "optimizer.siting.reasons",
    "set_covering": "optimizer.siting.set_covering",
    "violations": "optimizer.check",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
