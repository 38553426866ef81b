"""What the endpoint says when it refuses: JSON-RPC errors with the codes and texts that clients meet on mainnet nodes.

Codes follow JSON-RPC 2.0 section 5.1, EIP-1474 and, for reverts, geth's `3`. Texts follow geth, because that is what
clients match on.
"""

from __future__ import annotations

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
SERVER_ERROR = -32000
RESPONSE_TOO_LARGE = -32003
LIMIT_EXCEEDED = -32005
EXECUTION_REVERTED = 3


class RPCError(Exception):
    """One refusal: a number, a sentence and, for reverts, the data that the contract returned."""

    def __init__(self, message: str, code: int = SERVER_ERROR, data: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.data = data

    def body(self) -> dict[str, object]:
        """The `error` member of a JSON-RPC response."""
        body: dict[str, object] = {"code": self.code, "message": self.message}
        if self.data is not None:
            body["data"] = self.data
        return body


class InvalidParams(RPCError):
    """A parameter that cannot be read."""

    def __init__(self, message: str) -> None:
        super().__init__(message, INVALID_PARAMS)
