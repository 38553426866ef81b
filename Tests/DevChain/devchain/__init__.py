"""A real Ethereum chain for tests and the demo: py-evm behind standard JSON-RPC, time and forks in the test's hands.

with DevChain(funds={address: 10**20}) as chain:
    web3 = Web3(HTTPProvider(chain.url))
    chain.request("devchain_advanceTime", 3600)
"""

from __future__ import annotations

import threading
from typing import Any

from .control import ControlMethods
from .dispatch import Dispatcher
from .errors import RPCError
from .node import Node
from .rpc import StandardMethods
from .server import Server
from .settings import ETHER, GWEI, Limits, Settings

__all__ = ["DevChain", "ETHER", "GWEI", "Limits", "RPCError", "Settings"]


class DevChain:
    """A chain and its endpoint. Usable without the endpoint, through `request`, from any thread."""

    def __init__(self, settings: Settings | None = None, /, *, port: int = 0, **changes: Any) -> None:
        """Takes settings whole, or by name: `DevChain(chain_id=1, funds={...})`. Port 0 is any free one."""
        self.settings = settings or Settings(**changes)
        self.node = Node(self.settings)
        self._dispatcher = Dispatcher(self.settings.limits, StandardMethods(self.node), ControlMethods(self.node))
        self._port = port
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The endpoint's address; only while started."""
        if self._server is None:
            raise RuntimeError("the chain is not listening: call start() first")
        return self._server.url

    def request(self, method: str, *arguments: Any) -> Any:
        """One JSON-RPC call without the socket. Raises `RPCError`."""
        return self._dispatcher.call(method, list(arguments))

    def start(self) -> DevChain:
        """Listens; returns when connections are accepted."""
        self._server = Server(self._port, self._dispatcher, self.settings.limits.body_bytes)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stops listening and closes all connections. The chain itself stays, and may be started again."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> DevChain:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
