"""Structured logs: one JSON document a line on stderr; no key, no body, no query ever stands in it."""

import json
import logging
import sys
from typing import Any

from api.clock import now, written

LOG = logging.getLogger("muster")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; members of ``extra={"facts": {...}}`` stand beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": written(now()),
            "level": record.levelname.lower(),
            "source": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Send what Muster and the web server log to stderr, as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("muster", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
