"""Results of an ensemble on disk: a Parquet file for every task that ended, one for all at the end.

A part is written whole or not at all, and only then is its task done: a run that was killed goes on with what
is missing, and nothing is done or counted twice.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.errors import refuse
from geo.region.atomic import replacing
from scenarios.ensemble_measures import Measures

HEADER, PARTS, MEMBERS = "ensemble.json", "parts", "members.parquet"
SET = "set."
"""What the columns of changed values begin with; their path follows."""
Rows = dict[int, Measures]
"""Figures by member number."""


def identity(content: dict[str, Any]) -> str:
    """Digest of everything that decides the results."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Store:
    """The folder of one ensemble.

    Raises
    ------
    InputError
        S488 the folder holds another ensemble, S489 pyarrow is not installed.
    """

    def __init__(self, folder: Path, header: dict[str, Any]) -> None:
        _arrow()
        self.folder, self._parts = folder, folder / PARTS
        self._parts.mkdir(parents=True, exist_ok=True)
        file, text = folder / HEADER, json.dumps(header, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        if not file.exists():
            with replacing(file) as beside:
                beside.write_text(text, encoding="utf-8", newline="\n")
        elif (kept := _kept(file)).get("digest") != header["digest"]:
            raise refuse(
                "S488",
                where=str(folder),
                found=f"results that differ in {_differences(kept, header)}",
                wanted="an empty folder, or the same ensemble, which goes on where it stopped",
                fix="Name another folder with --out, or remove this one.",
            )

    def done(self) -> Rows:
        """Figures of all members that are done; parts that another machine broke off are not parts."""
        arrow, found = _arrow(), {}
        files = [self.folder / MEMBERS, *sorted(self._parts.glob("*.parquet"))]
        for file in files:
            if file.exists():
                for row in arrow.read_table(file).to_pylist():
                    number = int(row.pop("member"))
                    found[number] = held(
                        {key: row[key] for key in row if key not in _PLACE and not key.startswith(SET)}
                    )
        return found

    def keep(self, rows: Rows) -> None:
        """Write the members of one task, named by the first of them."""
        numbers = sorted(rows)
        with replacing(self._parts / f"{numbers[0]:09d}.parquet") as beside:
            _write(beside, [{"member": number, **rows[number]} for number in numbers])

    def finish(self, rows: Rows, places: Iterable[dict[str, Any]]) -> Path:
        """One file of all members, in order, with their values beside their figures; the parts go.

        Parameters
        ----------
        places
            ``member``, ``combination``, ``replication`` and the values by path, of all members in order.
        """
        path = self.folder / MEMBERS
        with replacing(path) as beside:
            _write(beside, [{**place, **rows[place["member"]]} for place in places])
        shutil.rmtree(self._parts)
        return path


def held(row: Mapping[str, Any]) -> dict[str, Any]:
    """A member's figures as they come back from a file: those that it lacks are not there at all.

    Rows are made so before anything is done with them, so that going on with a run changes nothing.
    """
    return {key: value for key, value in row.items() if value is not None}


_PLACE = ("combination", "replication")


_MOST_NAMED = 5
_NESTED = "made_with", "packages", "figures"


def _kept(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _differences(kept: Mapping[str, Any], header: Mapping[str, Any]) -> str:
    """Which parts of two headers differ, in words; versions with what they were and are."""
    named = list(_different(kept, header))
    more = [f"{len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
    return ", ".join([*named[:_MOST_NAMED], *more]) or "what they hold"


def _different(kept: Mapping[str, Any], header: Mapping[str, Any], within: str = "") -> Iterator[str]:
    for key in sorted({*kept, *header} - {"digest"}):
        was, now, name = kept.get(key), header.get(key), f"{within}{key}"
        if was == now:
            continue
        if key in _NESTED and isinstance(was, dict) and isinstance(now, dict):
            yield from _different(was, now, "" if key == "made_with" else f"{key} ")
        elif key == "muster" or within == "packages ":
            yield f"{name} ({was}, now {now})"
        else:
            yield name


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Rows as one table: numbers of 64 bits, truth values, else text; columns as they first appear."""
    arrow = _arrow()
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [_plain(row.get(name)) for row in rows] for name in names}
    table = arrow.table({name: _column(arrow, values) for name, values in columns.items()})
    arrow.write_table(table, path, compression="zstd")


def _column(arrow: Any, values: list[Any]) -> Any:
    kinds = {type(value) for value in values} - {type(None)}
    if str in kinds or (bool in kinds and len(kinds) > 1):
        texts = [None if value is None else str(value) for value in values]
        return arrow.array(texts, "string")
    kind = "bool" if kinds == {bool} else "int64" if kinds == {int} else "float64"
    return arrow.array(values, kind)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    return json.dumps(value, ensure_ascii=False)


class _Arrow:
    """The few calls of pyarrow that are used, without types of their own."""

    def __init__(self, pa: Any, pq: Any) -> None:
        self.table, self.array = pa.table, lambda values, kind: pa.array(values, type=pa.type_for_alias(kind))
        self.read_table, self.write_table = pq.read_table, pq.write_table


def _arrow() -> Any:
    try:
        import pyarrow  # type: ignore[import-untyped]  # it has no types
        import pyarrow.parquet  # type: ignore[import-untyped]  # the same
    except ModuleNotFoundError as missing:
        raise refuse(
            "S489",
            where="muster ensemble",
            found="pyarrow is not installed",
            wanted="the optional extra 'ensemble'",
            fix="Install muster[ensemble].",
        ) from missing
    return _Arrow(pyarrow, pyarrow.parquet)
