"""What a server is told at its start: by options of ``muster serve``, the rest by environment variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from geo.errors import refuse
from scenarios.shipped import PINGLUO


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Of one server.

    Parameters
    ----------
    region
        Folder, GeoPackage or workbook of the region served.
    database
        Path of an SQLite file, or address of a database.
    host, port
        Where it listens; port 0 = any free one.
    workers
        Processes that compute plans.
    waiting
        Plans that may wait for a process; more are refused with 429.
    plan_limit_s
        Longest time for one plan, seconds, before its process is ended.
    body_bytes, body_s
        Largest body of a request, and longest time for it to arrive.
    rate_per_s, burst
        Requests that one key may make, on average and at once.
    job_workers, jobs_waiting, jobs_per_key
        Processes of the slow lane; jobs that may wait for one; unfinished jobs that one key may have.
    job_limit_s
        Longest time for one job, seconds, before its process is ended.
    heartbeat_s, stream_s
        Longest quiet time of an event stream, and its longest life: who listens comes back then, with a key
        that is still in force.
    streams
        Event streams that may be open at once.
    events_h
        Hours for which events are kept.
    origins
        Origins of pages of other servers that may call this one.
    """

    region: Path = PINGLUO
    database: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    waiting: int = 32
    plan_limit_s: float = 30.0
    body_bytes: int = 2_000_000
    body_s: float = 10.0
    rate_per_s: float = 200.0
    burst: int = 400
    job_workers: int = 2
    jobs_waiting: int = 100
    jobs_per_key: int = 20
    job_limit_s: float = 7_200.0
    heartbeat_s: float = 15.0
    stream_s: float = 600.0
    streams: int = 500
    events_h: float = 48.0
    origins: tuple[str, ...] = ()


def read_settings(
    *,
    region: Path | None = None,
    database: str | None = None,
    host: str | None = None,
    port: int | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Options where given, else ``MUSTER_...`` of the environment, else the default.

    Raises
    ------
    InputError
        A104 for each variable that is no number above 0.
    """
    plain = Settings()
    where = region or Path(environment.get("MUSTER_REGION") or plain.region)
    return Settings(
        region=where,
        database=database or environment.get("MUSTER_DATABASE") or str(_own_database(where)),
        host=host or environment.get("MUSTER_HOST") or plain.host,
        port=plain.port if port is None else port,
        workers=int(_number(environment, "MUSTER_WORKERS", plain.workers)),
        waiting=int(_number(environment, "MUSTER_WAITING", plain.waiting)),
        plan_limit_s=_number(environment, "MUSTER_PLAN_LIMIT_S", plain.plan_limit_s),
        body_bytes=int(_number(environment, "MUSTER_BODY_BYTES", plain.body_bytes)),
        body_s=_number(environment, "MUSTER_BODY_S", plain.body_s),
        rate_per_s=_number(environment, "MUSTER_RATE_PER_S", plain.rate_per_s),
        burst=int(_number(environment, "MUSTER_BURST", plain.burst)),
        job_workers=int(_number(environment, "MUSTER_JOB_WORKERS", plain.job_workers)),
        jobs_waiting=int(_number(environment, "MUSTER_JOBS_WAITING", plain.jobs_waiting)),
        jobs_per_key=int(_number(environment, "MUSTER_JOBS_PER_KEY", plain.jobs_per_key)),
        job_limit_s=_number(environment, "MUSTER_JOB_LIMIT_S", plain.job_limit_s),
        heartbeat_s=_number(environment, "MUSTER_HEARTBEAT_S", plain.heartbeat_s),
        stream_s=_number(environment, "MUSTER_STREAM_S", plain.stream_s),
        streams=int(_number(environment, "MUSTER_STREAMS", plain.streams)),
        events_h=_number(environment, "MUSTER_EVENTS_H", plain.events_h),
        origins=tuple(filter(None, environment.get("MUSTER_ORIGINS", "").split(","))),
    )


def _own_database(region: Path) -> Path:
    """Each region has its own file where programs of this user keep their data."""
    return user_data_path("muster", appauthor=False) / f"{region.resolve().stem}.db"


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name) or str(default)
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise refuse(
            "A104",
            where=f"the environment variable {name}",
            found=repr(text),
            wanted="a number above 0",
            fix="Correct the variable, or remove it to get the default.",
        )
    return number
