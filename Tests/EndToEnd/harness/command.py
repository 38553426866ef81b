"""The tallystick command: every call is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import ROOT

BINARY = Path(os.environ.get("TALLYSTICK", ROOT / ".build/release/tallystick"))


@dataclass(frozen=True)
class Result:
    """What a call left: its exit status and both streams."""

    status: int
    stdout: str
    stderr: str

    @property
    def line(self) -> str:
        return self.stdout.strip()

    @property
    def envelope(self) -> dict[str, Any]:
        """What `--json` prints."""
        return json.loads(self.stdout)


class Tallystick:
    """Calls of the command in one directory. Options are keywords: `valid_until=9` is `--valid-until 9`; a list stands
    for the option repeated, and None for none."""

    def __init__(self, directory: Path, *, before: Callable[[list[str]], object] | None = None) -> None:
        self.directory = directory
        self._before = before

    def run(self, *words: str, wrapper: tuple[str, ...] = (), **options: Any) -> Result:
        """A call, whatever its status."""
        command = [*words]
        for name, value in options.items():
            flag = "--" + name.replace("_", "-")
            for each in value if isinstance(value, list) else [value]:
                if each is not None:
                    command += [flag] if each is True else [flag, str(each)]
        if self._before:
            self._before(["tallystick", *command])
        done = subprocess.run(
            [*wrapper, BINARY, *command], cwd=self.directory, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60, env={"PATH": os.environ["PATH"], "HOME": str(self.directory)})
        return Result(done.returncode, done.stdout, done.stderr)

    def __call__(self, *words: str, **options: Any) -> str:
        """What a call prints; it must succeed."""
        result = self.run(*words, **options)
        assert result.status == 0, f"tallystick {' '.join(words)} ended with {result.status}: {result.stderr}"
        return result.line

    def data(self, *words: str, **options: Any) -> Any:
        """The data of a call's envelope; it must succeed."""
        result = self.run(*words, json=True, **options)
        assert result.status == 0, f"tallystick {' '.join(words)} ended with {result.status}: {result.stdout}"
        return result.envelope["data"]
