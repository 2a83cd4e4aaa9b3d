"""Set up Muster in ``.venv`` and run one of its jobs. Needs nothing but Python 3.11 or newer.

python dev.py demo               set up, then plan for the shipped Pingluo region and answer three incidents
python dev.py test [PYTEST ...]  set up, then run all tests
python dev.py check              ruff, mypy --strict, import-linter, documents
python dev.py muster ...         the command line of Muster
python dev.py bench SUITE ...    benchmarks; --peers-setup first installs the programs compared with
python dev.py faults [--rounds]  kill, race and starve the real server
python dev.py docs               write the generated parts of the documents
python dev.py web                build the map package again
python dev.py wheel              build the wheel and test it in a clean environment
python dev.py bundle             one archive that installs and serves without a network
python dev.py lock               resolve the dependencies anew into requirements.lock
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
BIN = ENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
UV_VERSION = "uv>=0.9,<1"
LOCK = ROOT / "requirements.lock"
Command = list[str | Path]
PEERS = ROOT / ".venv-peers"
PEERS_LOCK = ROOT / "benchmarks" / "peers.lock"
WEB_SOURCES = (
    "web/package*.json",
    "web/.npmrc",
    "web/tsconfig.json",
    "web/*.ts",
    "web/src/**/*",
)


def main(arguments: list[str]) -> int:
    """Run the job named by the first argument."""
    if sys.version_info < (3, 11):
        return complain(f"Muster needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    job, rest = arguments[0], arguments[1:]
    if job not in JOBS:
        return complain(f"unknown job {job!r}; known: {', '.join(JOBS)}")
    try:
        if job != "lock":
            set_up()
        return JOBS[job](rest)
    except subprocess.CalledProcessError as failed:
        return complain(f"{Path(str(failed.cmd[0])).name} failed with exit code {failed.returncode}")
    except KeyboardInterrupt:
        return 130


def complain(message: str) -> int:
    """Print a one-line error; returns the exit code for it."""
    print(f"dev.py: {message}", file=sys.stderr)
    return 2


def set_up() -> None:
    """Make ``.venv`` match the lock and the map its sources; does nothing when both stamps are current."""
    if stale(ENV / ".stamp", want := digest([LOCK, ROOT / "pyproject.toml", ROOT / "hatch_build.py"])):
        install(ENV)
        (ENV / ".stamp").write_text(want)
        (ENV / ".web").write_text(digest(web_sources()))
    elif stale(ENV / ".web", want := digest(web_sources())):
        subprocess.run([PYTHON, "hatch_build.py"], cwd=ROOT, check=False)
        (ENV / ".web").write_text(want)


def install(env: Path) -> None:
    """Install the locked packages and Muster itself, every file checked by its hash."""
    print("dev.py: setting up the environment (first run or changed lock)", file=sys.stderr)
    python = env / PYTHON.relative_to(ENV)
    if not python.exists():
        venv.create(env, with_pip=True)
    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", UV_VERSION)
    uv: Command = [python, "-m", "uv", "pip"]
    run(*uv, "sync", "-q", "-p", python, "--require-hashes", LOCK)
    run(*uv, "install", "-q", "-p", python, "--no-deps", "--no-build-isolation", "-e", ROOT)


def set_up_peers() -> None:
    """Install the peers of the benchmarks in an environment of their own: some cannot share a process."""
    stamp, want = PEERS / ".stamp", digest([PEERS_LOCK])
    if not stale(stamp, want):
        return
    print("dev.py: setting up the benchmark peers", file=sys.stderr)
    python = PEERS / PYTHON.relative_to(ENV)
    if not python.exists():
        venv.create(PEERS)
    run(PYTHON, "-m", "uv", "pip", "sync", "-q", "-p", python, "--require-hashes", PEERS_LOCK)
    stamp.write_text(want)


def stale(stamp: Path, want: str) -> bool:
    """Whether a stamp file differs from the digest it should hold."""
    return not stamp.exists() or stamp.read_text() != want


def digest(files: Iterable[Path]) -> str:
    """SHA-256 over names and contents of files."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def web_sources() -> list[Path]:
    """The files that the map is built from, sorted."""
    return sorted({f for pattern in WEB_SOURCES for f in ROOT.glob(pattern) if f.is_file()})


def run(*command: object) -> None:
    """Run a command in the project's folder; a failure raises ``CalledProcessError``."""
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def muster(rest: list[str]) -> int:
    """Run the command line in the caller's folder, so that relative paths mean what they say."""
    return subprocess.run([PYTHON, "-m", "api.cli", *rest], check=False, env=with_root()).returncode


def with_root(bytecode: Path = ENV / "bytecode") -> dict[str, str]:
    """The environment for child processes: UTF-8 also on Windows; bytecode is kept, away from the sources.

    Tests start hundreds of processes; where bytecode is not kept each would compile all its modules anew.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONUTF8": "1", "PYTHONPYCACHEPREFIX": str(bytecode)}


def demo(rest: list[str]) -> int:
    """Plan for the shipped region, answer three incidents, and name the pages to open."""
    return muster(["demo", *rest])


def test(rest: list[str]) -> int:
    """Run all tests, or those that the pytest arguments select."""
    command: Command = [PYTHON, "-m", "pytest", "-q", *rest]
    return subprocess.run(command, cwd=ROOT, check=False, env=with_root()).returncode


def check(rest: list[str]) -> int:
    """Run every static check, also after one failed; the exit code says whether all passed."""
    commands: dict[str, Command] = {
        "ruff": [PYTHON, "-m", "ruff", "check", "."],
        "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "mypy": [PYTHON, "-m", "mypy"],
        "layers": [BIN / "lint-imports"],
        "documents": [PYTHON, "-m", "pytest", "-q", "tests/docs/test_documents.py"],
    }
    failed = []
    for name, command in commands.items():
        print(f"== {name}", flush=True)
        if subprocess.run([*command, *rest], cwd=ROOT, check=False, env=with_root()).returncode:
            failed.append(name)
    print(f"check: {'failed: ' + ', '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0


def bench(rest: list[str]) -> int:
    """Run benchmarks; ``--peers-setup`` makes ``.venv-peers`` match ``benchmarks/peers.lock`` before."""
    if "--peers-setup" in rest:
        set_up_peers()
        rest = [argument for argument in rest if argument != "--peers-setup"]
        if not rest:
            return 0
    command: Command = [PYTHON, "-m", "benchmarks.run", *rest]
    return subprocess.run(command, cwd=ROOT, check=False, env=with_root()).returncode


def faults(rest: list[str]) -> int:
    """Kill, race and starve the real server; ``--rounds 200`` is the full run."""
    command: Command = [PYTHON, "-m", "tests.faults.run", *rest]
    return subprocess.run(command, cwd=ROOT, check=False, env=with_root()).returncode


def docs(rest: list[str]) -> int:
    """Write the generated parts of the documents."""
    command: Command = [PYTHON, "-m", "tests.docs.generate", *rest]
    return subprocess.run(command, cwd=ROOT, check=False, env=with_root()).returncode


def web(rest: list[str]) -> int:
    """Build the map package again."""
    return subprocess.run([PYTHON, "hatch_build.py", *rest], cwd=ROOT, check=False).returncode


def wheel(rest: list[str]) -> int:
    """Build the wheel, install it in an empty environment and run the tests against what it installed."""
    with tempfile.TemporaryDirectory() as scratch:
        env, out = Path(scratch, "env"), Path(scratch, "dist")
        uv: Command = [PYTHON, "-m", "uv"]
        run(*uv, "build", "-q", "--wheel", "--no-build-isolation", "-p", PYTHON, "-o", out, ROOT)
        built = next(out.glob("*.whl"))
        venv.create(env)
        python = env / PYTHON.relative_to(ENV)
        run(*uv, "pip", "sync", "-q", "-p", python, "--require-hashes", LOCK)
        run(*uv, "pip", "install", "-q", "-p", python, "--no-deps", built)
        tests = ["-m", "pytest", "-q", "-o", "pythonpath=", *(rest or ["-m", "not slow and not browser"])]
        # "python -m" puts the project's folder first on the path: its sources would be tested instead.
        away = {**with_root(Path(scratch, "bytecode")), "PYTHONSAFEPATH": "1", "MUSTER_TEST_WHEEL": "1"}
        return subprocess.run([python, *tests], cwd=ROOT, check=False, env=away).returncode


def bundle(rest: list[str]) -> int:
    """Make one archive for machines without a network; see ``deploy/bundle.py``."""
    command: Command = [PYTHON, "-m", "deploy.bundle", *rest]
    return subprocess.run(command, cwd=ROOT, check=False, env=with_root()).returncode


def lock(rest: list[str]) -> int:
    """Resolve all extras and the development group into hashes without addresses."""
    if not PYTHON.exists():
        venv.create(ENV, with_pip=True)
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", UV_VERSION)
    plain = ["--no-header", "--no-annotate", "--no-emit-index-url"]
    every = ["--universal", "--generate-hashes", "-p", "3.11", "--all-extras", "--group", "dev"]
    run(
        PYTHON,
        "-m",
        "uv",
        "pip",
        "compile",
        "-q",
        *plain,
        *every,
        "pyproject.toml",
        "-o",
        LOCK,
        *rest,
    )
    return 0


JOBS = {
    "demo": demo,
    "test": test,
    "check": check,
    "muster": muster,
    "bench": bench,
    "faults": faults,
    "docs": docs,
    "web": web,
    "wheel": wheel,
    "bundle": bundle,
    "lock": lock,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
