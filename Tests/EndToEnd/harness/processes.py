"""Child processes that end with us, whatever happens."""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Child:
    """A process in a group of its own, so that whatever it starts ends with it. It prints a line of JSON when ready."""

    def __init__(self, command: list[str], *, directory: Path, log: Path) -> None:
        self.command, self.log = command, log
        self._lock = threading.Lock()
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command, cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                start_new_session=True, preexec_fn=_die_with_parent)

    @property
    def is_running(self) -> bool:
        """Waits for a kill under way in another thread, so that nobody talks to a process that is going."""
        with self._lock:
            return self.process.poll() is None

    def ready_line(self, seconds: float = 30) -> dict[str, Any]:
        """The line of JSON that says where it listens."""
        deadline = time.monotonic() + seconds
        stream, line = self.process.stdout.fileno(), b""
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([stream], [], [], left)[0]:
                raise TimeoutError(f"{self.command[0]} said nothing in {seconds} s; its log: {self._tail()}")
            piece = os.read(stream, 1)
            if not piece:
                raise RuntimeError(f"{self.command[0]} ended with {self.process.wait()}; its log: {self._tail()}")
            line += piece
        return json.loads(line)

    def kill(self) -> None:
        """Ends it as kill -9 does, at this instant; any thread may, also while another reads from it."""
        with self._lock:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def stop(self, seconds: float = 5) -> int:
        """Asks it to end, and kills it when it does not. Its exit status."""
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait()

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-2_000:] or "empty"
