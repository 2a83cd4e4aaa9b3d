"""The documents hold together: generated parts are current, links lead somewhere, codes are explained."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs import generate

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SOURCES = [ROOT / name for name in ("api", "benchmarks", "geo", "optimizer", "scenarios")]


@pytest.mark.parametrize("path", sorted(generate.documents()), ids=str)
def test_generated_part_is_current(path: str) -> None:
    """``python dev.py docs`` would change nothing."""
    assert (ROOT / path).read_text(encoding="utf-8") == generate.documents()[path], (
        f"{path} is out of date: run 'python dev.py docs'"
    )


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(file: Path) -> None:
    """Every relative link of a document names a file that exists."""
    text = file.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    assert [t for t in targets if not (file.parent / t).exists()] == []


def test_each_code_in_the_source_is_documented_and_each_documented_code_is_used() -> None:
    """``docs/errors.md`` and the code name the same faults."""
    used = {
        code
        for folder in SOURCES
        for file in folder.rglob("*.py")
        for code in re.findall(r"[\"']([FLNVSPXHMCA]\d{3})[\"']", file.read_text(encoding="utf-8"))
    }
    documented = {row["code"] for row in generate.error_rows()}
    assert used == documented


def test_no_two_rows_document_one_code() -> None:
    """Each code has one meaning."""
    codes = [row["code"] for row in generate.error_rows()]
    assert len(codes) == len(set(codes))
