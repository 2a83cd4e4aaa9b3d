"""The bundle: its parts agree with each other, and it installs and serves on a machine without a network."""

import configparser
import hashlib
import io
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
LONG = pytest.mark.timeout(3_600)
"""Fetching and installing takes minutes, on a busy machine many."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The bundle of a platform, made with wheels of the lock and Muster's own."""
    out = tmp_path_factory.mktemp("bundles")
    wheels: list[Path] = []
    done: dict[str, Path] = {}

    def make(name: str) -> Path:
        if name in done:
            return done[name]
        if not wheels:
            wheels.append(bundle._build_wheel(out / "dist"))
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        _refuse_without_index(out)
        words = ["--platform", name, "--python", here, "--wheel", str(wheels[0]), "--out", str(out)]
        assert bundle.main(words) == 0
        platform = bundle.OTHER_NAMES.get(name, name)
        done[name] = done[platform] = next(out.glob(f"muster-*-{platform}-py{here}.zip"))
        return done[name]

    return make


def _refuse_without_index(folder: Path) -> None:
    """A visible skip where wheels cannot be had; whatever fails after that is a failure."""
    words = ["download", "-q", "--no-deps", "--no-cache-dir", "-d", str(folder / "asked"), "idna"]
    asked = subprocess.run([sys.executable, "-m", "pip", *words], capture_output=True, check=False)
    if asked.returncode:
        pytest.skip("needs an index of packages that answers")


@WHOLE
@LONG
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
@LONG
@pytest.mark.slow
@pytest.mark.parametrize("platform", ["windows", "linux"])
def test_it_holds_a_wheel_for_every_locked_package(platform: str, made: Callable[[str], Path]) -> None:
    """Every requirement has exactly one wheel, which runs on that platform; nothing else is in it."""
    with zipfile.ZipFile(made(platform)) as archive:
        names = archive.namelist()
        wanted = bundle._locked(archive.read("muster/requirements.txt").decode())
        manifest = json.loads(archive.read("muster/manifest.json"))
    wheels = [Path(name).name for name in names if name.endswith(".whl")]
    found = {_package(w): w for w in wheels}
    expected = {_package(w.partition("==")[0]) for w in wanted}
    assert set(found) == expected | {"muster", "pip"}
    assert len(found) == len(wheels)
    assert {"numba", "ortools", "fastapi", "psycopg-binary", "pyjwt"} <= expected
    foreign = [
        w
        for w in wheels
        if not re.search(r"any\.whl$" + ("|win_amd64" if platform == "windows" else "|linux"), w)
    ]
    assert foreign == []
    assert set(manifest["sha256"]) | {"manifest.json"} == {name.removeprefix("muster/") for name in names}


def _package(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.split("-")[0] if name.endswith(".whl") else name).lower()


@WHOLE
@LONG
@pytest.mark.slow
def test_what_is_made_for_windows_is_of_windows_alone(made: Callable[[str], Path]) -> None:
    """Hashes of the lock, binaries of Windows inside the wheels, an installer to click; nothing of Linux."""
    locked = bundle._locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    known = {digest for digests in locked.values() for digest in digests}
    binaries = 0
    with zipfile.ZipFile(made("win_amd64")) as archive:
        names = [name.removeprefix("muster/") for name in archive.namelist()]
        manifest = json.loads(archive.read("muster/manifest.json"))
        for name, digest in manifest["sha256"].items():
            content = archive.read(f"muster/{name}")
            assert hashlib.sha256(content).hexdigest() == digest, name
            if name.endswith(".whl"):
                if _package(Path(name).name) not in ("muster", "pip"):
                    assert f"sha256:{digest}" in known, name
                with zipfile.ZipFile(io.BytesIO(content)) as wheel:
                    inside = wheel.namelist()
                assert not [one for one in inside if re.search(r"\.(so|dylib)(\.|$)", one)], name
                binaries += sum(one.endswith((".pyd", ".dll")) for one in inside)
        batch = archive.read("muster/install.bat")
    assert (manifest["platform"], binaries > 100) == ("windows", True)
    assert batch.count(b"\r\n") == batch.count(b"\n") > 3
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f'py -{here} "%~dp0install.py" %*'.encode() in batch
    assert "install.py" in names
    assert not {"muster.service", "Containerfile", "nginx.conf"} & set(names)


def test_entries_of_a_lock_are_read_with_their_hashes() -> None:
    one, two = "a" * 64, "b" * 64
    hashes = f"    --hash=sha256:{one} \\\n    --hash=sha256:{two}\n"
    text = f"alpha==1.0 ; python_version < '3.12' \\\n{hashes}beta==2\n"
    assert bundle._locked(text) == {"alpha==1.0": {f"sha256:{one}", f"sha256:{two}"}, "beta==2": set()}
    assert all(bundle._locked((ROOT / "requirements.lock").read_text(encoding="utf-8")).values())


def test_the_batch_file_names_the_python_and_ends_its_lines_as_windows_does(tmp_path: Path) -> None:
    bundle._put_batch_file(tmp_path / "install.bat", "3.12")
    lines = (tmp_path / "install.bat").read_bytes().split(b"\r\n")
    assert lines[-1] == b""
    assert b'py -3.12 "%~dp0install.py" %*' in lines
    assert not [line for line in lines if b"@PYTHON@" in line or b"\n" in line]


def test_the_installer_refuses_other_machines_and_versions() -> None:
    """Before anything is made."""
    assert install._other_machine({"python": "2.7", "platform": "windows"})[0].startswith("this is Python 3")
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert len(install._other_machine({"python": here, "platform": "windows"})) == (sys.platform != "win32")
    assert set(install.SYSTEMS) == set(install.MACHINES) == set(bundle.PLATFORMS)


def test_what_stands_beside_is_there_and_reads() -> None:
    """The unit is one that systemd would read, and starts the program that the installer made."""
    assert set(bundle.BESIDE) == set(bundle.PLATFORMS)
    beside = {name for names in bundle.BESIDE.values() for name in names}
    assert all((ROOT / "deploy" / name).is_file() for name in beside)
    assert set(bundle.OTHER_NAMES.values()) <= set(bundle.PLATFORMS)
    assert all((ROOT / name).exists() for name in bundle.DOCUMENTS)
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's words are not lower-cased
    unit.read(ROOT / "deploy" / "muster.service")
    assert unit["Service"]["ExecStart"] == "/opt/muster/env/bin/muster serve"
    assert unit["Service"]["User"] == "muster"
    image = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert "install.py --into /opt/muster/env" in image
    assert "\nUSER muster\n" in image
