"""The bundle: its parts agree with each other, and it installs and serves on a machine without a network."""

import configparser
import json
import os
import re
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import bundle, install
from tests.conftest import ROOT

WHOLE = pytest.mark.skipif(
    "MUSTER_TEST_BUNDLE" not in os.environ, reason="fetches 250 MB a platform; MUSTER_TEST_BUNDLE=1 runs it"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The bundle of a platform, made with wheels of the lock and Muster's own."""
    out = tmp_path_factory.mktemp("bundles")
    wheels: list[Path] = []

    def make(platform: str) -> Path:
        if not wheels:
            wheels.append(bundle._build_wheel(out / "dist"))
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        words = ["--platform", platform, "--python", here, "--wheel", str(wheels[0]), "--out", str(out)]
        assert bundle.main(words) == 0
        return next(out.glob(f"muster-*-{platform}-py{here}.zip"))

    return make


@WHOLE
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="takes the network away as root")
def test_it_installs_and_serves_without_a_network(made: Callable[[str], Path], tmp_path: Path) -> None:
    """In a network namespace of its own with an empty environment: Python alone, then the real server."""
    with zipfile.ZipFile(made("linux")) as archive:
        archive.extractall(tmp_path)
    python = Path(sys.base_prefix, "bin", "python3")
    program = textwrap.dedent("""
        import re, subprocess, sys, urllib.request
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        subprocess.run([sys.executable, "muster/install.py", "--into", "env"], check=True)
        server = subprocess.Popen(["env/bin/muster", "serve", "--port", "0", "--database", "x.db"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        lines = iter(server.stdout)
        address = next(found[1] for line in lines if (found := re.search(r"serving at (http\\S+)", line)))
        print(urllib.request.urlopen(address + "/health").read().decode())
        server.terminate()
        sys.exit(server.wait(60))
    """)
    cut_off = ["unshare", "-n", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/nonexistent"]
    done = subprocess.run(
        [*cut_off, str(python), "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    assert '{"status":"ok"}' in done.stdout
    (tmp_path / "muster" / "docs" / "api.md").write_text("altered")
    checked = [str(python), "muster/install.py", "--check"]
    told = subprocess.run(checked, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (told.returncode, "docs/api.md was changed" in told.stderr) == (2, True)


@WHOLE
@pytest.mark.slow
@pytest.mark.parametrize("platform", ["windows", "linux"])
def test_it_holds_a_wheel_for_every_locked_package(platform: str, made: Callable[[str], Path]) -> None:
    """Every requirement has exactly one wheel, which runs on that platform; nothing else is in it."""
    with zipfile.ZipFile(made(platform)) as archive:
        names = archive.namelist()
        wanted = bundle._locked(archive.read("muster/requirements.txt").decode())
        manifest = json.loads(archive.read("muster/manifest.json"))
    wheels = [Path(name).name for name in names if name.endswith(".whl")]
    found = {re.sub(r"[-_.]+", "-", w.split("-")[0]).lower(): w for w in wheels}
    expected = {re.sub(r"[-_.]+", "-", w.partition("==")[0]).lower() for w in wanted}
    assert set(found) == expected | {"muster", "pip"}
    assert {"numba", "ortools", "fastapi", "psycopg-binary", "pyjwt"} <= expected
    foreign = [
        w
        for w in wheels
        if not re.search(r"any\.whl$" + ("|win_amd64" if platform == "windows" else "|linux"), w)
    ]
    assert foreign == []
    assert set(manifest["sha256"]) | {"manifest.json"} == {name.removeprefix("muster/") for name in names}


def test_entries_of_a_lock_are_read_with_their_hashes() -> None:
    one, two = "a" * 64, "b" * 64
    hashes = f"    --hash=sha256:{one} \\\n    --hash=sha256:{two}\n"
    text = f"alpha==1.0 ; python_version < '3.12' \\\n{hashes}beta==2\n"
    assert bundle._locked(text) == {"alpha==1.0": {f"sha256:{one}", f"sha256:{two}"}, "beta==2": set()}
    assert all(bundle._locked((ROOT / "requirements.lock").read_text(encoding="utf-8")).values())


def test_the_installer_refuses_other_machines_and_versions() -> None:
    """Before anything is made."""
    assert install._other_machine({"python": "2.7", "platform": "windows"})[0].startswith("this is Python 3")
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert len(install._other_machine({"python": here, "platform": "windows"})) == (sys.platform != "win32")
    assert set(install.SYSTEMS) == set(install.MACHINES) == set(bundle.PLATFORMS)


def test_what_stands_beside_is_there_and_reads() -> None:
    """The unit is one that systemd would read, and starts the program that the installer made."""
    assert all((ROOT / "deploy" / name).is_file() for name in bundle.BESIDE)
    assert all((ROOT / name).exists() for name in bundle.DOCUMENTS)
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's words are not lower-cased
    unit.read(ROOT / "deploy" / "muster.service")
    assert unit["Service"]["ExecStart"] == "/opt/muster/env/bin/muster serve"
    assert unit["Service"]["User"] == "muster"
    image = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert "install.py --into /opt/muster/env" in image
    assert "\nUSER muster\n" in image
