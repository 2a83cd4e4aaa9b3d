"""What all tests share: the folder of third-party data, and how its absence is reported."""

import os
from pathlib import Path

import pytest

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
