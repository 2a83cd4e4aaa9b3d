"""Board files: read, checked as a whole, every fault at once."""

from pathlib import Path

from scenarios.board import Board
from scenarios.json_file import JsonKind, json_content, json_model

BOARD = JsonKind(
    missing="S215",
    damaged="S216",
    value="S217",
    called="a board file",
    damaged_fix="Export the board again; the file is damaged.",
    value_fix="Correct the value; muster schema board prints the form.",
)


def read_board(path: Path | str) -> Board:
    """Read a board.

    Raises
    ------
    InputError
        S215 no such file, S216 not JSON, S217 each value that cannot be used.
    """
    return board_from(json_content(path, BOARD), where=str(path))


def board_from(content: object, *, where: str) -> Board:
    """A board from content that was read before; raises ``InputError`` S217."""
    return json_model(content, BOARD, Board, where=where)
