"""What one running server has: settings, store, region, planning processes, figures."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from api.fast_lane import FastLane
from api.feed import Feed
from api.job_lane import JobLane
from api.keys import MadeKey, first_key
from api.limits import RateLimit
from api.logins import Logins, read_login_settings
from api.metrics import Metrics
from api.region_taken import take_region
from api.settings import Settings
from api.store.engine import Store, open_engine, store_url
from api.store.migrate import upgrade
from api.writing import write
from geo.errors import InputError, refuse
from geo.region.files import read_region
from geo.region.region import Region

STARTER = "muster serve"
"""Who the audit names for what the start of a server does."""


@dataclass(slots=True, kw_only=True)
class Service:
    """One server; ``first`` is the key made at its very first start."""

    settings: Settings
    store: Store
    region: Region
    lane: FastLane
    jobs: JobLane
    feed: Feed
    metrics: Metrics
    rate: RateLimit
    first: MadeKey | None = None
    logins: Logins | None = None

    def close(self) -> None:
        """End processes and connections; jobs that run go back into the queue."""
        self.lane.close()
        self.jobs.close()
        self.store.close()


def open_service(settings: Settings) -> Service:
    """Read the region, bring the database up to date, take the region into it, and make the first key.

    Raises
    ------
    InputError
        A101 to A105 for the database, A108 where it does not answer, and every fault of the region.
    """
    logins = _open_logins()
    region = read_region(settings.region)
    store = open_store(settings)
    with write(store, actor=STARTER, request_id="start") as writing:
        take_region(writing, region)
        first = first_key(writing)
    metrics = Metrics()
    return Service(
        settings=settings,
        store=store,
        region=region,
        lane=FastLane(settings, region.digest(), metrics),
        jobs=JobLane(settings, store, region.digest(), metrics),
        feed=Feed(settings, store, metrics),
        metrics=metrics,
        rate=RateLimit(settings.rate_per_s, settings.burst),
        first=first,
        logins=logins,
    )


def _open_logins() -> Logins | None:
    """Logins of an issuer, where the environment names one; raises ``InputError`` A106, A284."""
    asked = read_login_settings()
    if asked is None:
        return None
    from api.issuer_keys import IssuerKeys  # only now is its package known to be installed

    return Logins(asked, IssuerKeys(asked.issuer))


def open_store(settings: Settings) -> Store:
    """The database with the tables of this version; raises ``InputError`` A101 to A103, A108."""
    return _opened(settings, upgrade)


def connect_store(settings: Settings) -> Store:
    """The database as it is, its tables untouched; raises ``InputError`` A101, A106, A108."""
    return _opened(settings, lambda engine: engine.connect().close())


def _opened(settings: Settings, begin: Callable[[Engine], None]) -> Store:
    url = store_url(settings.database)
    try:
        engine = open_engine(url)
        begin(engine)
    except (ImportError, DBAPIError, OSError) as error:
        raise _unreachable(url.render_as_string(hide_password=True), error) from error
    return Store(engine)


def _unreachable(where: str, error: Exception) -> InputError:
    if isinstance(error, ImportError):
        return refuse(
            "A106",
            where=f"--database {where}",
            found="no driver for PostgreSQL",
            wanted="the extra 'postgres'",
            fix="Install it: pip install 'muster[postgres]', or python dev.py test once.",
        )
    return refuse(
        "A108",
        where=f"--database {where}",
        found=str(getattr(error, "orig", error)).strip().splitlines()[0],
        wanted="a database that answers and may be written",
        fix="Check that it runs, the address, and your rights.",
    )
