"""The siting questions by name: one problem, many questions."""

from collections.abc import Callable
from functools import partial

from optimizer.problem import Question, SitingAnswer, SitingProblem
from optimizer.siting.asked import Asked
from optimizer.siting.backup import backup_covering
from optimizer.siting.center import p_center
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.decay import decay_covering
from optimizer.siting.expected import expected_covering
from optimizer.siting.median import p_median
from optimizer.siting.mix import weighted_mix
from optimizer.siting.set_covering import set_covering
from optimizer.watch import Watch

Model = Callable[[SitingProblem, Watch], SitingAnswer]
"""Answers one question about a problem."""


def model_of(asked: Asked | Question) -> Model:
    """The model that answers a question, with the figures it is asked with."""
    said = Asked(question=asked) if isinstance(asked, str) else asked
    models: dict[str, Callable[..., SitingAnswer]] = {
        "lscp": partial(set_covering, share=said.share),
        "mclp": maximal_covering,
        "backup": partial(backup_covering, second=said.second),
        "mexclp": partial(expected_covering, busy=said.busy, most=said.units),
        "decay": partial(decay_covering, worth=said.worth),
        "mix": partial(
            weighted_mix,
            uncovered=said.uncovered,
            mean=said.mean,
            worst=said.worst,
            per_s=said.per_s,
        ),
        "p_median": p_median,
        "p_center": p_center,
    }
    model = models[said.question]
    return lambda problem, watch: model(problem, watch=watch)


def more_is_better(question: Question) -> bool:
    """Whether a higher objective is the better one."""
    return Asked(question=question).more_is_better
