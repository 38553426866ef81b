"""`tallystick serve` as a child process, and its HTTP interface."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import requests

from harness.command import BINARY
from harness.processes import Child


class Service:
    """A service over one data directory, to be started, and started again after `kill` or `stop`."""

    def __init__(
        self, directory: Path, *, rpc_url: str, escrow: str, confirmations: int = 3, poll_ms: int = 50,
        data: str = "tallystick-data", max_fee_gwei: int | None = None,
    ) -> None:
        self.directory, self.rpc_url = directory, rpc_url
        self.options = [
            "serve", "--rpc-url", rpc_url, "--escrow", escrow, "--data", data, "--port", "0",
            "--confirmations", str(confirmations), "--poll-ms", str(poll_ms),
        ]
        if max_fee_gwei is not None:
            self.options += ["--max-fee-gwei", str(max_fee_gwei)]
        self._child: Child | None = None

    def start(self) -> None:
        """Starts it, after the one before has ended."""
        if self._child:
            self._child.stop()
        self._child = Child([str(BINARY), *self.options], directory=self.directory, log=self.directory / "service.log")
        ready = self._child.ready_line()
        self.url: str = ready["url"]
        self.sender: str = ready["sender"]

    @property
    def is_running(self) -> bool:
        return self._child.is_running

    def kill(self) -> None:
        self._child.kill()

    def stop(self) -> int:
        """Its exit status, 0 where it was never started."""
        return self._child.stop() if self._child else 0

    # HTTP

    def get(self, path: str) -> requests.Response:
        return requests.get(self.url + path, timeout=30)

    def post(self, path: str, body: Any) -> requests.Response:
        """A JSON body; bytes are sent as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return requests.post(self.url + path, data=raw, headers={"Content-Type": "application/json"}, timeout=30)

    def agreement(self, agreement: str) -> dict[str, Any]:
        """The document of one agreement."""
        reply = self.get(f"/v1/agreements/{agreement}")
        assert reply.status_code == 200, reply.text
        return reply.json()

    def part(self, agreement: str, name: str) -> dict[str, Any]:
        """`settlement`, `journal`, `outcome` or `proof` of an agreement."""
        reply = self.get(f"/v1/agreements/{agreement}/{name}")
        assert reply.status_code == 200, reply.text
        return reply.json()
