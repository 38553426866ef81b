"""Waiting for something to become true, up to a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
POLL_SECONDS = 0.05


def until(
    condition: Callable[[], T], what: str, *, between: Callable[[], object] | None = None, seconds: float = 60
) -> T:
    """The condition's first true value. `between` runs after each look that found none."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s for {what}")
        if between:
            between()
        time.sleep(POLL_SECONDS)
    return value
