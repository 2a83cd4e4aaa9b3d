"""``muster backup`` and ``muster restore``: one file with everything the command center knows."""

from pathlib import Path
from typing import Annotated

import typer

from api.terminal import fail, say

Database = Annotated[str | None, typer.Option(help="As for muster serve.")]


def backup(
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="File to write, e.g. night.muster.")],
    database: Database = None,
) -> int:
    """Write a backup of a database, also while it is served. 备份."""
    from api.commands.serve import need_server

    need_server()
    from api.service import connect_store
    from api.settings import read_settings
    from api.store.archive import write_archive

    settings = read_settings(database=database)
    need_file(settings.database)
    store = connect_store(settings)
    try:
        written = write_archive(store, to)
    finally:
        store.close()
    say(f"written: {to} ({written.rows} rows; newest row of the audit {written.number}:{written.hash})")
    return 0


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that muster backup wrote.")],
    database: Database = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of what the database holds.")
    ] = False,
) -> int:
    """Fill a database from a backup: an empty one, or with --replace any. 恢复."""
    from api.commands.serve import need_server

    need_server()
    from api import audit
    from api.service import connect_store
    from api.settings import read_settings
    from api.store.archive import Archive
    from api.store.restore import restore as fill
    from api.writing import write

    archive = Archive(file)
    store = connect_store(read_settings(database=database))
    try:
        held = fill(store.engine, archive, replace=replace)
        with store.reading() as session:
            found = audit.verify(session)
        with write(store, actor="muster restore", request_id="restore") as writing:
            gone = {} if held is None else {"replaced_number": held.number, "replaced_hash": held.hash}
            writing.record("store.restored", file.name, number=found.number, hash=found.hash, **gone)
    finally:
        store.close()
    for fault in found.faults:
        fail(f"A139 warning: the audit in the backup does not hold: {fault}")
    say(f"restored: {found.number} rows of the audit, the newest {found.number}:{found.hash}")
    say("Start a server that was running on this database again.")
    return 2 if found.faults else 0


def need_file(database: str) -> None:
    """To connect to an SQLite file that is not there would make it; raises ``InputError`` A280."""
    from api.store.engine import store_url
    from geo.errors import refuse

    url = store_url(database)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise refuse(
            "A280",
            where=f"--database {database}",
            found="no file",
            wanted="the database of a command center",
            fix="Check the path; 'muster serve' says which database it uses.",
        )
