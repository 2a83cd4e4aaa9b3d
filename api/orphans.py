"""Processes that compute for a server end with it, also when it was killed."""

import multiprocessing
import os
import sys
import threading


def end_with_the_server() -> None:
    """End this process as soon as the one that started it is gone: it would wait for ever otherwise."""
    threading.Thread(target=_wait_and_end, daemon=True).start()


def _wait_and_end() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def step_back(steps: int) -> None:
    """Let other processes go first: nice levels on POSIX, a lower priority class on Windows.

    Only in a process that another one started for its own ends.
    """
    if multiprocessing.parent_process() is None:
        return
    if sys.platform == "win32":
        import ctypes

        below_normal, idle = 0x4000, 0x40
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), idle if steps > 10 else below_normal)
    else:
        os.nice(steps)
