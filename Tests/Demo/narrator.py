"""Tells what happens: as text for a person, or as JSON lines for a program."""

from __future__ import annotations

import json
import os
import shlex
import sys
from typing import Any


class Narrator:
    """Every line carries what a program needs as well, as keywords."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        styled = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._dim, self._bold, self._plain = ("\033[2m", "\033[1m", "\033[0m") if styled else ("", "", "")
        self._step = ""

    def title(self, text: str) -> None:
        self._tell("title", text, f"{self._bold}{text}{self._plain}")

    def step(self, name: str, text: str) -> None:
        """Begins a step; what follows belongs to it."""
        self._step = name
        self._tell("step", text, f"\n{self._bold}{name}  {text}{self._plain}")

    def say(self, text: str, **data: Any) -> None:
        self._tell("fact", text, "\n".join("    " + line for line in text.splitlines()), data)

    def command(self, words: list[str]) -> None:
        """A command line that the reader can repeat."""
        self._tell("command", shlex.join(words), f"    {self._dim}$ {shlex.join(words)}{self._plain}")

    def _tell(self, kind: str, text: str, shown: str, data: dict[str, Any] | None = None) -> None:
        if self._as_json:
            shown = json.dumps({"step": self._step, "kind": kind, "text": text} | ({"data": data} if data else {}))
        print(shown, flush=True)
