"""The ``muster`` command: reads arguments, calls one use case, says what came of it.

Exit codes: 0 done, 1 infeasible, 2 bad input, 3 internal error. Only light modules are imported here and in
``api.commands`` (a test lists the heavy ones), so that ``muster --help`` answers at once.
"""

import os
import sys
import traceback
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from api.commands import audit, backup, demo, dispatch, drill, ensemble, plans, region, serve, stock
from api.terminal import fail, print_whatever_comes, say

if TYPE_CHECKING:
    from geo.errors import Fault

INFEASIBLE, BAD_INPUT, INTERNAL, INTERRUPTED = 1, 2, 3, 130

app = typer.Typer(
    name="muster",
    help="Where to build, what to keep, whom to send. 选址、储备、调度。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(region.app, name="region")
app.command("demo")(demo.demo)
app.command("site")(plans.site)
app.command("stock")(stock.stock)
app.command("dispatch")(dispatch.dispatch)
app.command("drill")(drill.drill)
app.command("ensemble")(ensemble.ensemble)
app.command("check")(plans.check)
app.command("serve")(serve.serve)
app.add_typer(audit.app, name="audit")
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("schema")(plans.schema)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed

        say(f"muster {installed('muster')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and stop."),
    ] = False,
) -> None:
    """Options before the command; ``--version`` is handled by its callback."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code, whatever happens inside."""
    print_whatever_comes()
    try:
        code = app(arguments, prog_name="muster", standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except Exception as error:
        return _explain(error)
    if code == INTERRUPTED:  # typer makes this of Ctrl-C by itself
        fail("stopped; earlier results are untouched")
    return code if isinstance(code, int) else 0


def _explain(error: Exception) -> int:
    """Print an error as a person can act on it; returns its exit code."""
    if isinstance(error, TyperException):
        fail(f"{error.format_message()} Try 'muster --help'.")
        return BAD_INPUT
    from geo.errors import InputError

    if isinstance(error, InputError):
        for fault in error.faults:
            fail(str(fault))
        return BAD_INPUT
    if isinstance(error, OSError) and error.filename:
        fail(str(_unusable_file(error)))
        return BAD_INPUT
    fail(f"internal error: {type(error).__name__}: {error}")
    fail("This is a defect of Muster. Set MUSTER_DEBUG=1 and run again for the trace to report.")
    if os.environ.get("MUSTER_DEBUG"):
        traceback.print_exception(error)
    return INTERNAL


def _unusable_file(error: OSError) -> "Fault":
    from geo.errors import Fault

    return Fault(
        code="F301",
        where=str(error.filename),
        found=error.strerror or str(error),
        wanted="a place that can be read and written",
        fix="Check that it exists and that you have the right to use it.",
    )


if __name__ == "__main__":
    sys.exit(main())
