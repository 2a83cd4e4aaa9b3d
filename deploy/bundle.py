"""Make one archive from which a machine with Python alone, and no network, installs Muster and serves.

python dev.py bundle [--platform linux|linux-arm|windows|macos] [--python 3.11] [--extras LIST] [--out FOLDER]

Stands here, beside what it packs, and needs the standard library alone: ``dev.py`` sets up the environment
whose pip and uv it calls. Wheels are those of ``requirements.lock``, each checked by its hash when it is
fetched and again when it is installed.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
HERE = Path(__file__).resolve().parent
PIP = "pip>=24.2"
"""Travels along: Python on some systems comes without it. From this version on it runs out of its wheel."""
EXTRAS = "server,postgres,oidc,routing"
BESIDE = {
    "linux": ("install.py", "muster.service", "Containerfile", "nginx.conf"),
    "linux-arm": ("install.py", "muster.service", "Containerfile", "nginx.conf"),
    "windows": ("install.py", "install.bat"),
    "macos": ("install.py", "nginx.conf"),
}
"""What stands beside the wheels: what that system can use, and nothing for others."""
DOCUMENTS = ("README.md", "README.zh-CN.md", "LICENSE", "CHANGELOG.md", "docs", "scenarios/data")
OLDEST_DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in the archive, so that the same content is the same bytes."""


@dataclass(frozen=True, slots=True)
class Platform:
    """What uv resolves for, and the tags of the wheels that run there."""

    uv: str
    tags: tuple[str, ...]


def _manylinux(machine: str) -> tuple[str, ...]:
    numbered = tuple(f"manylinux_2_{minor}_{machine}" for minor in (28, 27, 26, 24, 17, 12, 5))
    return (*numbered, f"manylinux2014_{machine}", f"manylinux2010_{machine}", f"manylinux1_{machine}")


PLATFORMS = {
    "linux": Platform("x86_64-manylinux_2_28", _manylinux("x86_64")),
    "linux-arm": Platform("aarch64-manylinux_2_28", _manylinux("aarch64")),
    "windows": Platform("x86_64-pc-windows-msvc", ("win_amd64",)),
    "macos": Platform("aarch64-apple-darwin", tuple(f"macosx_{n}_0_arm64" for n in (14, 13, 12, 11))),
}


OTHER_NAMES = {
    "win_amd64": "windows",
    "manylinux_x86_64": "linux",
    "manylinux_aarch64": "linux-arm",
    "macosx_arm64": "macos",
}
"""Platforms by the tags of their wheels."""


def main(arguments: list[str] | None = None) -> int:
    """Make the archive and say where it is."""
    asked = _arguments(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "muster")
        folder.mkdir()
        wanted = _requirements(folder / "requirements.txt", asked)
        _fetch(folder / "wheels", folder / "requirements.txt", asked)
        own = asked.wheel or _build_wheel(Path(scratch, "dist"))
        shutil.copy(own, folder / "wheels")
        _put_documents(folder, asked)
        _write_manifest(folder, asked, own.name)
        out = asked.out / f"muster-{own.name.split('-')[1]}-{asked.platform}-py{asked.python}.zip"
        _pack(folder, out)
    sys.stdout.write(f"{out}: {len(wanted)} locked packages, {out.stat().st_size / 1e6:.0f} MB\n")
    return 0


def _requirements(out: Path, asked: argparse.Namespace) -> list[str]:
    """The part of the lock that the extras need on that platform; every line of it is in the lock."""
    extras = [word for extra in asked.extras.split(",") for word in ("--extra", extra)]
    plain = ["--no-header", "--no-annotate", "--no-emit-index-url", "--generate-hashes"]
    target = ["--python-platform", PLATFORMS[asked.platform].uv, "--python-version", asked.python]
    _run(
        "-m",
        "uv",
        "pip",
        "compile",
        "-q",
        *plain,
        *target,
        *extras,
        "-c",
        LOCK,
        ROOT / "pyproject.toml",
        "-o",
        out,
    )
    locked, wanted = _locked(LOCK.read_text("utf-8")), _locked(out.read_text("utf-8"))
    strange = [name for name, hashes in wanted.items() if not hashes or not hashes <= locked.get(name, set())]
    if strange:
        raise SystemExit(f"not as requirements.lock has them: {', '.join(strange)}; run 'python dev.py lock'")
    return list(wanted)


def _locked(text: str) -> dict[str, set[str]]:
    """Hashes by ``name==version``."""
    found: dict[str, set[str]] = {}
    for entry in re.split(r"\n(?=\S)", text.replace("\\\n", " ")):
        if named := re.match(r"([A-Za-z0-9._-]+==[^\s;]+)", entry):
            found.setdefault(named[1], set()).update(re.findall(r"sha256:[0-9a-f]{64}", entry))
    return found


def _fetch(folder: Path, requirements: Path, asked: argparse.Namespace) -> None:
    tags = [word for tag in PLATFORMS[asked.platform].tags for word in ("--platform", tag)]
    only = ["--only-binary", ":all:", "--no-deps", "--python-version", asked.python, *tags]
    quiet = ["-q", "--disable-pip-version-check", "-d", folder]
    _run("-m", "pip", "download", *quiet, *only, "--require-hashes", "-r", requirements)
    _run("-m", "pip", "download", *quiet, "--no-deps", "--only-binary", ":all:", PIP)


def _build_wheel(folder: Path) -> Path:
    _run(
        "-m", "uv", "build", "-q", "--wheel", "--no-build-isolation", "-p", sys.executable, "-o", folder, ROOT
    )
    return next(folder.glob("*.whl"))


def _put_documents(folder: Path, asked: argparse.Namespace) -> None:
    for name in BESIDE[asked.platform]:
        if name.endswith(".bat"):
            _put_batch_file(folder / name, asked.python)
        else:
            shutil.copy(HERE / name, folder / name)
    shutil.copy(LOCK, folder / LOCK.name)
    for name in DOCUMENTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        else:
            shutil.copy(source, folder / name)


def _put_batch_file(out: Path, python: str) -> None:
    """A file that Windows runs by a double click: it names the Python, and its lines end as there."""
    text = (HERE / out.name).read_text("utf-8").replace("@PYTHON@", python)
    out.write_bytes(text.replace("\n", "\r\n").encode("ascii"))


def _write_manifest(folder: Path, asked: argparse.Namespace, own: str) -> None:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    manifest = {
        "platform": asked.platform,
        "python": asked.python,
        "wheel": own,
        "sha256": {
            file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in files
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def _pack(folder: Path, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_suffix(".part")
    with zipfile.ZipFile(beside, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(folder.parent).as_posix(), OLDEST_DATE)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_STORED if file.suffix == ".whl" else zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())
    beside.replace(out)


def _run(*words: object) -> None:
    subprocess.run([sys.executable, *map(str, words)], cwd=ROOT, check=True)


def _platform(name: str) -> str:
    return OTHER_NAMES.get(name, name)


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bundle", description=(__doc__ or "").splitlines()[0])
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    parser.add_argument(
        "--platform", choices=PLATFORMS, type=_platform, default="linux", help="where it will be installed"
    )
    parser.add_argument("--python", default=here, metavar="3.N", help=f"its Python; {here} unless said")
    parser.add_argument("--extras", default=EXTRAS, metavar="A,B", help=f"{EXTRAS} unless said")
    parser.add_argument("--out", type=Path, default=ROOT / "out", metavar="FOLDER")
    parser.add_argument("--wheel", type=Path, metavar="FILE", help="Muster's own wheel, built before")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
