"""The chain's own time, which belongs to the test."""

from __future__ import annotations

import time

from .errors import InvalidParams


class Clock:
    """Says when the next block happens. Stands still between calls unless it follows the machine's clock."""

    def __init__(self, start: int, follows_machine: bool) -> None:
        self._now = start
        self._machine_start = int(time.time()) if follows_machine else None

    @property
    def now(self) -> int:
        """Unix seconds."""
        if self._machine_start is None:
            return self._now
        return self._now + int(time.time()) - self._machine_start

    def set(self, now: int) -> None:
        """Moves the clock; what runs goes on running from there."""
        if now >= 2**63:
            raise InvalidParams(f"time {now} is beyond 2^63 seconds")
        self._now = now
        if self._machine_start is not None:
            self._machine_start = int(time.time())

    def next_after(self, parent_timestamp: int) -> int:
        """The timestamp of a block on that parent: a header's must be later than its parent's."""
        return max(parent_timestamp + 1, self.now)
