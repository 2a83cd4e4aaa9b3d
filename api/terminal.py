"""What the command line prints: results on stdout, faults and progress on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper

Progress = Callable[..., bool | None]
"""Called by use cases as ``progress(phase, done, bound=None, incumbent=None)``; ``True`` asks to stop."""


def print_whatever_comes() -> None:
    """Let a terminal or file that cannot show a character get its number instead of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str = "") -> None:
    """One line of result on stdout."""
    print(text, flush=True)  # noqa: T201 - this is the door to the terminal


def fail(text: str) -> None:
    """One line on stderr."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is the door to the terminal


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Progress]:
    """A bar that shows the phase, the share done, and the bound and incumbent of a running solver."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_, **__: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=1.0)

        def show(phase: str, done: float, bound: float | None = None, incumbent: float | None = None) -> None:
            figures = "" if incumbent is None else f"  {incumbent:,.0f}"
            figures += "" if bound is None else f" (bound {bound:,.0f})"
            bars.update(task, description=phase + figures, completed=done)

        yield show
