"""Conditions on columns, such as ``status in ('planned', 'candidate') and opening_cost <= 5e6``.

    condition   = both { "or" both }
    both        = single { "and" single }
    single      = "not" single | "(" condition ")" | column test
    test        = ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) value | [ "not" ] "in" "(" value { "," value } ")"

Values are numbers or quoted text. A missing number meets no test but ``!=`` and ``not in``. Nothing is ever
evaluated as program text.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

Value = str | float
Record = Mapping[str, Any]
Test = Callable[[Record], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign>==|!=|<=|>=|<|>|\(|\)|,|\[|\]))"
)
_KEYWORDS = ("and", "or", "not", "in")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class WhereError(ValueError):
    """A condition that cannot be read; the message says what was found where."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read.

    Parameters
    ----------
    uses
        Each column with the values it is compared with.
    test
        Whether a record meets the condition.
    """

    uses: tuple[tuple[str, tuple[Value, ...]], ...]
    test: Test


def read_condition(text: str) -> Condition:
    """Read a condition; raises ``WhereError``."""
    parser = _Parser(text)
    test = parser.condition()
    if parser.kind:
        parser.fail("'and', 'or' or the end")
    return Condition(tuple(parser.uses), test)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.kind: str | None = ""
        self.token = ""
        self.depth = 0
        self.uses: list[tuple[str, tuple[Value, ...]]] = []
        self.step()

    def step(self) -> str:
        """Take the token; the next one becomes current, its kind ``None`` at the end."""
        taken = self.token
        if not self.text[self.at :].strip():
            self.kind, self.token = None, ""
            return taken
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            self.token = self.text[self.at :].strip()[0]
            self.fail("a column, a value or an operator")
        self.at, self.kind = match.end(), match.lastgroup
        self.token = match[match.lastgroup or 0]
        return taken

    def fail(self, wanted: str) -> NoReturn:
        raise WhereError(
            f"{self.token!r} where {wanted} should stand" if self.token else f"no {wanted} at the end"
        )

    def accept(self, token: str) -> bool:
        """Take the token if it is this one."""
        if self.kind != "text" and self.token == token:
            self.step()
            return True
        return False

    def expect(self, token: str) -> None:
        if not self.accept(token):
            self.fail(repr(token))

    def condition(self) -> Test:
        tests = [self.both()]
        while self.accept("or"):
            tests.append(self.both())
        return tests[0] if len(tests) == 1 else lambda record: any(test(record) for test in tests)

    def both(self) -> Test:
        tests = [self.single()]
        while self.accept("and"):
            tests.append(self.single())
        return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in tests)

    def single(self) -> Test:
        self.depth += 1
        if self.depth > 100:
            raise WhereError("more than 100 nested parts")
        try:
            if self.accept("not"):
                inner = self.single()
                return lambda record: not inner(record)
            if self.accept("("):
                inner = self.condition()
                self.expect(")")
                return inner
            return self.comparison()
        finally:
            self.depth -= 1

    def comparison(self) -> Test:
        if self.kind != "word" or self.token in _KEYWORDS:
            self.fail("a column")
        column = self.step()
        if self.token in _COMPARE and self.kind == "sign":
            compare, value = _COMPARE[self.step()], self.value()
            self.uses.append((column, (value,)))
            return lambda record: compare(_plain(record.get(column), value), value)
        denied = self.accept("not")
        self.expect("in")
        values = self.values()
        self.uses.append((column, values))
        return lambda record: (_plain(record.get(column), values[0]) in values) != denied

    def values(self) -> tuple[Value, ...]:
        close = "]" if self.accept("[") else ")"
        if close == ")":
            self.expect("(")
        values = [self.value()]
        while self.accept(","):
            values.append(self.value())
        self.expect(close)
        return tuple(values)

    def value(self) -> Value:
        if self.kind == "number":
            return float(self.step())
        if self.kind != "text":
            self.fail("a number or quoted text")
        return self.step()[1:-1]


def _plain(cell: Any, like: Value) -> Value:
    """A cell as text or number, whichever it is compared with; a missing number is not a number."""
    if isinstance(like, str):
        return "" if cell is None else str(cell)
    try:
        return float(cell)
    except (TypeError, ValueError):
        return math.nan
