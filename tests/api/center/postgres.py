"""A PostgreSQL server with PostGIS of our own, on loopback, for the time of the tests."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def found_programs() -> Path | None:
    """Folder of ``initdb`` and ``postgres`` of the newest installed server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """A cluster in a scratch folder; gives the address of a database to connect to, by password."""
    with postgres_cluster(programs) as cluster:
        yield cluster.address


@contextmanager
def postgres_cluster(programs: Path) -> Iterator["Cluster"]:
    """A cluster in a scratch folder that runs, for the time of a block."""
    with tempfile.TemporaryDirectory(prefix="muster-pg-", ignore_cleanup_errors=True) as scratch:
        folder, port = Path(scratch), _free_port()
        folder.chmod(0o711)
        home = folder / "cluster"
        home.mkdir(mode=0o700)
        (folder / "password").write_text("drill\n")
        if user := _other_user():
            shutil.chown(home, user)
            shutil.chown(folder / "password", user)
        words = ["-A", "scram-sha-256", "-U", "drill", "--pwfile", str(folder / "password"), "-E", "UTF8"]
        _run([programs / "initdb", "-D", home, "--no-sync", "--locale=C", *words], user)
        cluster = Cluster(programs, home, port)
        cluster.begin()
        try:
            yield cluster
        finally:
            cluster.stop(signal.SIGINT)


@dataclass(slots=True)
class Cluster:
    """A PostgreSQL server that can be stopped and started again where it was."""

    programs: Path
    home: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"postgresql://drill:drill@127.0.0.1:{self.port}/postgres"

    def begin(self) -> None:
        self.process = subprocess.Popen(
            [
                self.programs / "postgres",
                "-D",
                self.home,
                "-p",
                str(self.port),
                "-h",
                "127.0.0.1",
                "-k",
                "",
                "-F",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=_other_user(),
        )
        _wait(self.programs, self.port)

    def stop(self, how: signal.Signals) -> None:
        """SIGINT does not wait for clients; SIGQUIT leaves everything as a crash would."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def _other_user() -> str | None:
    """Whom to run as: PostgreSQL refuses to serve the superuser."""
    return "postgres" if sys.platform != "win32" and os.geteuid() == 0 else None


def _run(command: list[object], user: str | None) -> None:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, user=user, cwd="/", check=False
    )
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _wait(programs: Path, port: int) -> None:
    for _ in range(150):
        asked = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"]
        if subprocess.run(asked, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError("PostgreSQL did not start")
