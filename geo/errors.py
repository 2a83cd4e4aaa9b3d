"""Faults of input: what a person did not mean to write, and what to do about it.

``InputError`` (a ``ValueError``)
    one or more faults of severity ``error``; raised once with all faults of a file, exit code 2
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of an input, with its place and its remedy.

    Parameters
    ----------
    code
        Letter and three digits; each code has its row in ``docs/errors.md``.
    where
        File and place a person can go to, e.g. ``"demand.csv row 12, column people"``.
    found, wanted
        What stands there and what should.
    fix
        What to do, as one sentence.
    severity
        ``error`` stops the run; a ``warning`` is listed and the run goes on.
    """

    code: str
    where: str
    found: str
    wanted: str
    fix: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return (
            f"{self.code} {self.severity}: {self.where}: found {self.found}; wanted {self.wanted}. {self.fix}"
        )


class InputError(ValueError):
    """The input cannot be used; ``faults`` holds every fault found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type["InputError"], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


def refuse(code: str, *, where: str, found: str, wanted: str, fix: str) -> InputError:
    """An ``InputError`` of one fault, to be raised by the caller."""
    return InputError([Fault(code=code, where=where, found=found, wanted=wanted, fix=fix)])
