"""Board files: read, checked as a whole, every fault at once."""

import json
from pathlib import Path

from pydantic import ValidationError

from geo.errors import Fault, InputError, refuse
from scenarios.board import Board


def read_board(path: Path | str) -> Board:
    """Read a board.

    Raises
    ------
    InputError
        S215 no such file, S216 not JSON, S217 each value that cannot be used.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as missing:
        raise refuse(
            "S215",
            where=str(path),
            found=missing.strerror or "an unreadable file",
            wanted="a board file",
            fix="Check the path for a typing error.",
        ) from missing
    except (ValueError, RecursionError) as broken:
        raise refuse(
            "S216",
            where=str(path),
            found=str(broken),
            wanted="JSON in UTF-8",
            fix="Export the board again; the file is damaged.",
        ) from broken
    return board_from(content, where=str(path))


def board_from(content: object, *, where: str) -> Board:
    """A board from content that was read before; raises ``InputError`` S217."""
    try:
        return Board.model_validate_json(json.dumps(content))
    except ValidationError as wrong:
        raise InputError(
            Fault(
                code="S217",
                where=f"{where} {'.'.join(map(str, error['loc']))}".rstrip(),
                found="no such key" if error["type"] == "missing" else repr(error["input"])[:60],
                wanted=str(error["msg"]).removeprefix("Input should be "),
                fix="Correct the value; muster schema board prints the form.",
            )
            for error in wrong.errors()
        ) from wrong
