"""What exactly is asked of a siting problem: the question with its figures."""

from dataclasses import dataclass

from optimizer.problem import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and the figures that only some questions have.

    Parameters
    ----------
    share
        LSCP: share of the people to cover, above 0, at most 1.
    second
        Backup coverage: worth of a second cover of 1 in all; the first is worth the rest.
    busy
        Expected coverage (MEXCLP): share of time that each unit is busy.
    units
        Expected coverage: most units at one site.
    worth
        Decay: (response in seconds, worth up to it, inclusive) in order of time; 0 beyond the last.
    uncovered, mean, worst
        Mix: weight of the share of people beyond their limit, of the mean and of the longest response, both
        in units of ``per_s``.
    """

    question: Question
    share: float = 1.0
    second: float = 0.5
    busy: float = 0.0
    units: int = 1
    worth: tuple[tuple[float, float], ...] = ()
    uncovered: float = 0.0
    mean: float = 0.0
    worst: float = 0.0
    per_s: float = 600.0

    @property
    def more_is_better(self) -> bool:
        """Whether a higher objective is the better one."""
        return self.question in ("mclp", "backup", "mexclp", "decay")
