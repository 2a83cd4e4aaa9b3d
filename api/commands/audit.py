"""``muster audit``: whether the record of changes holds."""

from typing import Annotated

import typer

from api.terminal import fail, say

app = typer.Typer(help="The record of changes of a command center. 审计。", no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """Keeps ``verify`` a command of its own."""


@app.command()
def verify(
    database: Annotated[str | None, typer.Option(help="As for muster serve.")] = None,
    noted: Annotated[
        str | None, typer.Option(metavar="NUMBER:HASH", help="A row noted before: it must still be the same.")
    ] = None,
) -> int:
    """Recompute the chain of hashes; exit code 2 when it does not hold. 校验审计链."""
    from api.commands.backup import need_file
    from api.commands.serve import need_server

    need_server()
    from api import audit
    from api.service import open_store
    from api.settings import read_settings
    from geo.errors import Fault

    settings = read_settings(database=database)
    need_file(settings.database)
    store = open_store(settings)
    try:
        with store.reading() as session:
            found = audit.verify(session, expected=_noted(noted))
    finally:
        store.close()
    for fault in found.faults:
        fail(
            str(
                Fault(
                    code="A139",
                    where=store.engine.url.render_as_string(),
                    found=fault,
                    wanted="every row as it was written",
                    fix="Keep the database as it is, and compare it with the last backup.",
                )
            )
        )
    if found.faults:
        return 2
    say(f"the audit holds: {found.rows} rows; note elsewhere {found.number}:{found.hash}")
    return 0


def _noted(text: str | None) -> tuple[int, str] | None:
    from geo.errors import refuse

    if text is None:
        return None
    number, _, digest = text.partition(":")
    if not number.isdigit() or not digest:
        raise refuse(
            "A140",
            where="--noted",
            found=repr(text),
            wanted="NUMBER:HASH as a verification printed it",
            fix="Copy both from the line that was noted.",
        )
    return int(number), digest
