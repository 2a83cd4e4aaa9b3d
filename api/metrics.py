"""Figures of a running server for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "muster_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "muster_request_seconds",
            "From the first byte of a request to the last of its answer",
            ["method", "route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.plan_seconds = Histogram(
            "muster_plan_seconds",
            "Computing of a plan, waiting for a process included",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.plans_waiting = Gauge(
            "muster_plans_waiting", "Plans computed or waiting", registry=self.registry
        )
        self.workers_lost = Counter(
            "muster_workers_lost", "Planning processes that ended unasked", registry=self.registry
        )
        self.streams = Gauge("muster_streams", "Open event streams", registry=self.registry)
        self.streams_dropped = Counter(
            "muster_streams_dropped", "Streams ended because nobody took them", registry=self.registry
        )
        self.events_told = Counter(
            "muster_events_told", "Events given to the live feed", registry=self.registry
        )
        self.positions = Counter("muster_positions", "Positions of teams received", registry=self.registry)
        self.jobs_waiting = Gauge(
            "muster_jobs_waiting", "Jobs that wait for a process", registry=self.registry
        )
        self.jobs_running = Gauge("muster_jobs_running", "Jobs that are computed", registry=self.registry)
        self.jobs_ended = Counter(
            "muster_jobs_ended", "Jobs that ended, by how", ["process", "status"], registry=self.registry
        )
        self.job_workers_lost = Counter(
            "muster_job_workers_lost", "Processes of jobs that ended unasked", registry=self.registry
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request by its route, not by its path: ids would make a series each."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self.registry)


__all__ = ["CONTENT_TYPE", "Metrics"]
