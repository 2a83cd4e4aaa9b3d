"""The code blocks of a Markdown file, as the tests run them."""

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?P<marks>(?:<!-- (?:needs: data|not run: [^>]+) -->\s*)*)"
    r"^(?P<fence>```+)(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=fence)\s*$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, text and first line; ``marks`` are the comments right above it."""

    language: str
    text: str
    line: int
    marks: str

    @property
    def needs_data(self) -> bool:
        """Whether the block reads the third-party data folder."""
        return "needs: data" in self.marks

    @property
    def runs(self) -> bool:
        """Whether a test runs the block; one that cannot run says why in a comment above it."""
        return "not run:" not in self.marks


def blocks(file: Path) -> list[Block]:
    """All fenced blocks of a file, in order."""
    text = file.read_text(encoding="utf-8")
    return [
        Block(m["language"], m["text"], text.count("\n", 0, m.start("text")) + 1, m["marks"])
        for m in _BLOCK.finditer(text)
    ]
