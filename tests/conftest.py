"""What all tests share: the folder of third-party data, how its absence is reported, how examples are drawn.

Continuous integration (``MUSTER_REQUIRE_DATA=1``) draws the same examples each time: a change is judged by
what it changes. New ones are drawn wherever else the tests run, and what fails is kept there until mended.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("integration", derandomize=True)
if os.environ.get("MUSTER_REQUIRE_DATA") == "1":
    settings.load_profile("integration")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of third-party data; a visible skip without it, a failure where it is required."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        reason = "needs the third-party data folder ../shared/data"
        if os.environ.get("MUSTER_REQUIRE_DATA") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
