"""A JSON-RPC endpoint in front of the chain that sees every request, and may interfere with it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests
from eth_utils import keccak

Hook = Callable[[str], str | None]
"""Given a method: nothing, or `before` to cut the connection without forwarding, or `after` to forward and then cut, or
`forget` to say that a transaction was taken, and keep it from the chain."""


class Proxy:
    """Listens on the loopback interface. `hook` decides over every request, one at a time."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.hook: Hook = lambda method: None
        self.offered: list[str] = []
        """Every raw transaction that reached this endpoint, also those that it did not pass on."""
        self._lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                reply = proxy._answer(body)
                if reply is None:
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:
                    pass  # The service was killed.

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def hashes(self) -> list[str]:
        """Of every transaction offered, in order of arrival."""
        return ["0x" + keccak(hexstr=raw).hex() for raw in self.offered]

    def _answer(self, body: bytes) -> bytes | None:
        parsed = json.loads(body)
        verdict = None
        with self._lock:
            for call in parsed if isinstance(parsed, list) else [parsed]:
                if call["method"] == "eth_sendRawTransaction":
                    self.offered.append(call["params"][0])
                verdict = verdict or self.hook(call["method"])
        if verdict == "before":
            return None
        if verdict == "forget":
            taken = "0x" + keccak(hexstr=parsed["params"][0]).hex()
            return json.dumps({"jsonrpc": "2.0", "id": parsed["id"], "result": taken}).encode()
        reply = requests.post(self.upstream, data=body, headers={"Content-Type": "application/json"}, timeout=30)
        return None if verdict == "after" else reply.content
