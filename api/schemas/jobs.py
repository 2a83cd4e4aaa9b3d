"""Processes and jobs in the shape of OGC API - Processes (OGC 18-062r2), with what a search knows besides."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.edge import Instant, Shown

JobStatus = Literal["accepted", "running", "successful", "failed", "dismissed"]


class Link(Shown):
    """Where to go on."""

    href: str
    rel: str
    type: str | None = None
    title: str | None = None


class ProcessShown(Shown):
    """A process in the list."""

    id: str
    version: str
    title: str
    title_zh: str
    description: str
    jobControlOptions: tuple[str, ...] = ("async-execute", "dismiss")  # noqa: N815 - a name of the standard
    outputTransmission: tuple[str, ...] = ("value",)  # noqa: N815 - a name of the standard
    links: tuple[Link, ...]


class ProcessDescribed(ProcessShown):
    """A process with the JSON Schema of what it takes, and of what it gives."""

    inputs: dict[str, Any]
    outputs: dict[str, Any]


class ProcessList(Shown):
    """All processes."""

    processes: tuple[ProcessShown, ...]
    links: tuple[Link, ...]


class JobShown(Shown):
    """How a job stands.

    ``value``, ``bound`` and ``gap``: best found so far, what is proven to be impossible to beat, and their
    relative distance. ``problem``: why it failed. ``plan_id``: the plan that was proposed.
    """

    jobID: str  # noqa: N815 - a name of the standard
    processID: str  # noqa: N815 - a name of the standard
    type: Literal["process"] = "process"
    status: JobStatus
    message: Annotated[str, Field(description="the step that is done now, or why it failed")]
    progress: Annotated[int, Field(ge=0, le=100, description="percent of the present step's whole")]
    created: Instant
    started: Instant | None
    finished: Instant | None
    updated: Instant
    by: str
    attempts: Annotated[int, Field(description="processes that took it up")]
    handed_back: Annotated[int, Field(description="times the end of a server took it from one")]
    value: float | None
    bound: float | None
    gap: float | None
    problem: dict[str, Any] | None
    plan_id: str | None
    links: tuple[Link, ...]


class JobList(Shown):
    """Jobs, newest first, and the id to go on after (missing at the end)."""

    jobs: tuple[JobShown, ...]
    links: tuple[Link, ...]
    next: str | None
