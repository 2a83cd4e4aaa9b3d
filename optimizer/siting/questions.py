"""The siting questions by name: one problem, many questions."""

from collections.abc import Callable
from functools import partial

from optimizer.problem import Question, SitingAnswer, SitingProblem
from optimizer.siting.center import p_center
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.median import p_median
from optimizer.siting.set_covering import set_covering
from optimizer.watch import Watch

Model = Callable[[SitingProblem, Watch], SitingAnswer]
"""Answers one question about a problem."""


def model_of(question: Question, *, share: float = 1.0) -> Model:
    """The model that answers a question; ``share`` of the people to cover, LSCP only."""
    if question == "lscp":
        return lambda problem, watch: partial(set_covering, share=share)(problem, watch=watch)
    models = {"mclp": maximal_covering, "p_median": p_median, "p_center": p_center}
    return lambda problem, watch: models[question](problem, watch=watch)


def more_is_better(question: Question) -> bool:
    """Whether a higher objective is the better one."""
    return question == "mclp"
