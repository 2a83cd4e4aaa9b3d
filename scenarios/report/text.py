"""Words in two languages, and how the values of a page are written."""

import html
import math
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and English; where one is empty the other stands for both."""

    zh: str
    en: str

    @classmethod
    def same(cls, words: str) -> "Text":
        """Words that need no translation: a code, an identifier, a number."""
        return cls(words, words)

    def of(self, language: Language) -> str:
        """The words in one language."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)


@dataclass(frozen=True, slots=True)
class Change:
    """A number before and after the plan, written with an arrow between."""

    before: float | None
    after: float | None


Value = Text | Change | str | float | int | bool | None

Format = Literal["text", "integer", "decimal", "percent", "minutes", "hours", "km", "metres", "yuan"]
"""How a number is written.

``percent`` takes a share (0.953 is 95.3 %), ``minutes`` and ``hours`` take seconds, ``km`` and ``metres``
take metres, ``yuan`` takes CNY and is written in units of 10,000.
"""

UNITS: dict[Format, Text] = {
    "text": Text("", ""),
    "integer": Text("", ""),
    "decimal": Text("", ""),
    "percent": Text("%", "%"),
    "minutes": Text("分钟", "min"),
    "hours": Text("小时", "h"),
    "km": Text("公里", "km"),
    "metres": Text("米", "m"),
    "yuan": Text("万元", "10,000 CNY"),
}
MISSING = "–"
UNREACHABLE = Text("不可达", "no road")
YES, NO = Text("是", "yes"), Text("否", "no")

_SCALE: dict[Format, float] = {
    "percent": 100.0,
    "minutes": 1 / 60,
    "hours": 1 / 3600,
    "km": 1e-3,
    "yuan": 1e-4,
}
_DECIMALS: dict[Format, int] = {"text": 0, "integer": 0, "metres": 0}


def scaled(value: float, how: Format) -> float:
    """A stored number in the unit that its format shows."""
    return value * _SCALE.get(how, 1.0)


def written(value: Value, how: Format) -> Text:
    """A value as people read it: thousands separated, one decimal where the format has decimals.

    Unreachable (``inf``) and missing (``None``) are named, never written as a number.
    """
    if isinstance(value, Text):
        return value
    if isinstance(value, Change):
        before, after = written(value.before, how), written(value.after, how)
        return Text(f"{before.zh} → {after.zh}", f"{before.en} → {after.en}")
    if value is None:
        return Text.same(MISSING)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        return Text.same(value)
    return _number(float(value), how)


def _number(value: float, how: Format) -> Text:
    if math.isnan(value):
        return Text.same(MISSING)
    if math.isinf(value):
        return UNREACHABLE
    shown = f"{scaled(value, how):,.{_decimals(value, how)}f}"
    return Text.same(shown.replace("-", "\u2212") if float(shown.replace(",", "")) else shown.lstrip("-"))


def _decimals(value: float, how: Format) -> int:
    if how == "text":
        return 0 if value == int(value) else 1
    return _DECIMALS.get(how, 1)


def both(text: Text, tag: str = "span") -> str:
    """HTML of a text in both languages, of which the page shows one; escaped."""
    zh, en = html.escape(text.of("zh")), html.escape(text.of("en"))
    if zh == en:
        return zh
    return f'<{tag} lang="zh-CN">{zh}</{tag}><{tag} lang="en">{en}</{tag}>'


def feature_attribute(feature: tuple[str, str] | None) -> str:
    """What makes an element lead to its place on the map: keyboard reachable, read by the page's script."""
    if feature is None:
        return ""
    return f' data-layer="{html.escape(feature[0])}" data-feature="{html.escape(feature[1])}"'


def svg_text(x: float, y: float, text: Text, *, anchor: str = "start", turned: bool = False) -> str:
    """Words in a drawing in both languages, of which the page shows one; ``turned`` reads upwards."""
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}'
    zh, en = html.escape(text.of("zh")), html.escape(text.of("en"))
    if zh == en:
        return f"<text {place}>{zh}</text>"
    return f'<text lang="zh-CN" {place}>{zh}</text><text lang="en" {place}>{en}</text>'
