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

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request by its route, not by its path: ids would make a series each."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self.registry)


__all__ = ["CONTENT_TYPE", "Metrics"]
