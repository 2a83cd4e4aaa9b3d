"""Install Muster from this folder, without any network: ``python install.py [--into FOLDER]``.

Checks every file against the manifest, makes an environment of its own, and installs the wheels into it, each
checked by its hash once more. Needs Python alone, of the version that the bundle was made for. An environment
that is there is brought to this version; its data lies elsewhere and is not touched.
"""

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
SYSTEMS = {"linux": "Linux", "linux-arm": "Linux", "windows": "Windows", "macos": "Darwin"}
MACHINES = {
    "linux": "x86_64 amd64",
    "linux-arm": "aarch64 arm64",
    "windows": "amd64 x86_64",
    "macos": "arm64",
}


def main(arguments: "list[str] | None" = None) -> int:
    """Install, and say how to go on; 2 where this machine is not the one the bundle is for."""
    parser = argparse.ArgumentParser(description="Install Muster from this folder, without any network.")
    parser.add_argument("--into", type=Path, default=Path("muster-env"), help="folder of the environment")
    parser.add_argument("--check", action="store_true", help="check the files only")
    asked = parser.parse_args(arguments)
    manifest = json.loads((HERE / "manifest.json").read_text("utf-8"))
    faults = [*_other_machine(manifest), *_broken_files(manifest["sha256"])]
    for fault in faults:
        sys.stderr.write(f"install.py: {fault}\n")
    if faults or asked.check:
        return 2 if faults else 0
    program = _install(asked.into.resolve(), manifest["wheel"])
    sys.stdout.write(f"installed: {program}\nserve with: {program} serve\nand read docs/operations.md\n")
    return 0


def _other_machine(manifest: "dict[str, str]") -> "list[str]":
    found = f"{sys.version_info.major}.{sys.version_info.minor}"
    wanted, made_for = manifest["python"], manifest["platform"]
    faults = []
    if found != wanted:
        faults.append(f"this is Python {found}; the bundle is for {wanted}: call it with that one")
    machine = platform.machine().lower()
    if platform.system() != SYSTEMS[made_for] or machine not in MACHINES[made_for].split():
        faults.append(f"this is {platform.system()} on {machine}; the bundle is for {made_for}")
    return faults


def _broken_files(expected: "dict[str, str]") -> "list[str]":
    faults = []
    for name, digest in expected.items():
        file = HERE / name
        if not file.is_file():
            faults.append(f"{name} is missing: unpack the archive anew")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            faults.append(f"{name} was changed or damaged: unpack the archive anew")
    return faults


def _install(env: Path, wheel: str) -> Path:
    """The program, in its environment."""
    folder = env / ("Scripts" if os.name == "nt" else "bin")
    python = folder / ("python.exe" if os.name == "nt" else "python")
    if not python.exists():
        venv.create(env, with_pip=False)
    pip = next((HERE / "wheels").glob("pip-*.whl"))
    install = [python, pip / "pip", "install", "-q", "--disable-pip-version-check", "--no-index"]
    wheels = ["--find-links", HERE / "wheels"]
    _run(*install, *wheels, "--require-hashes", "--no-deps", "-r", HERE / "requirements.txt")
    _run(*install, "--no-deps", "--force-reinstall", HERE / "wheels" / wheel)
    return folder / ("muster.exe" if os.name == "nt" else "muster")


def _run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True)


if __name__ == "__main__":
    sys.exit(main())
