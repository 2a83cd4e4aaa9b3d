"""Where the calls of a drill come from: rates, a table of rates, or a log; and times that vary."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from scenarios.durations import Duration
from scenarios.model_base import Records, Strict, Whole, wrong

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=1_000_000)]
Weights24 = Annotated[tuple[Weight, ...], Field(min_length=24, max_length=24)]
Weights7 = Annotated[tuple[Weight, ...], Field(min_length=7, max_length=7)]
MOST_PER_H = 1_000_000
"""Calls per hour in one row of a rate table at most."""
FileName = Annotated[str, Field(min_length=1, description="relative to this file")]


class Time(Strict):
    """A time that varies.

    ``mean``; ``cv``, standard deviation over mean (lognormal); ``exponent`` (weibull).
    """

    law: Literal["fixed", "exponential", "lognormal", "weibull"] = "fixed"
    mean: Duration
    cv: Annotated[float, Field(gt=0, le=10)] = 0.5
    exponent: Annotated[float, Field(gt=0.1, le=20)] = 2.0


def _fixed(value: Any) -> Any:
    return value if isinstance(value, (dict, Time)) else {"mean": value}


Varying = Annotated[Time, BeforeValidator(_fixed)]
"""A time with its law, or a fixed duration."""


class RateRow(Strict):
    """Calls per hour in one hour of a weekday (``None`` = each day), of a kind, from a township."""

    weekday: Annotated[Whole | None, Field(ge=1, le=7)] = None
    hour: Annotated[Whole, Field(ge=0, le=23)]
    kind: str = ""
    township: str = ""
    calls_per_h: Annotated[float, Field(ge=0, le=MOST_PER_H)]


class LoggedCall(Strict):
    """One call of a log: seconds after the start, where, of which kind."""

    at_s: float
    kind: str = ""
    lon: float
    lat: float


class CallsRead(Strict):
    """What a named file said, a log by time; Muster fills it in, or whoever sends it in a document."""

    file: str
    digest: str
    rates: tuple[RateRow, ...] = ()
    log: tuple[LoggedCall, ...] = ()

    @field_validator("log")
    @classmethod
    def _by_time(cls, log: tuple[LoggedCall, ...]) -> tuple[LoggedCall, ...]:
        return tuple(sorted(log, key=lambda call: (call.at_s, call.lon, call.lat, call.kind)))


class CallsSection(Strict):
    """Exactly one source: ``per_day`` with weights of hours and weekdays, ``rates`` or ``log`` (CSV or XLSX).

    ``where``: records of a layer of points that call, by their people where they have any, else alike.
    """

    per_day: Annotated[float | None, Field(ge=0, le=1_000_000)] = None
    hours: Weights24 = (1.0,) * 24
    weekdays: Weights7 = (1.0,) * 7
    where: Records = Records(layer="demand")
    rates: FileName | None = None
    log: FileName | None = None
    read: CallsRead | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "CallsSection":
        said = [key for key in ("per_day", "rates", "log") if self.__dict__[key] is not None]
        if len(said) != 1:
            raise wrong("S462", "one of per_day, rates and log", "Say in one way where calls come from.")
        if self.per_day is not None and not (sum(self.hours) > 0 and sum(self.weekdays) > 0):
            raise wrong("S456", "weights of which one is above 0", "Correct hours or weekdays.")
        if self.read is not None and self.read.file != (self.rates or self.log):
            raise wrong("S283", "no read: Muster fills it in", "Remove it; name the file instead.")
        return self
