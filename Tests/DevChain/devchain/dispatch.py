"""JSON-RPC 2.0: from the bytes of a request to the bytes of its answer."""

from __future__ import annotations

import inspect
import json
import threading
import traceback
from collections.abc import Callable
from typing import Any

from .errors import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    RESPONSE_TOO_LARGE,
    InvalidParams,
    RPCError,
)
from .parameters import READERS, argument
from .settings import Limits


class Method:
    """A Python method as a JSON-RPC method: positional parameters, read by their declared types."""

    def __init__(self, body: Callable[..., Any]) -> None:
        self._body = body
        parameters = inspect.signature(body).parameters.values()
        self._readers = [READERS[each.annotation.removesuffix(" | None")] for each in parameters]
        self._required = sum(each.default is inspect.Parameter.empty for each in parameters)

    def __call__(self, arguments: list[Any]) -> Any:
        if len(arguments) > len(self._readers):
            raise InvalidParams(f"too many arguments, want at most {len(self._readers)}")
        for index in range(self._required):
            if index >= len(arguments) or arguments[index] is None:
                raise InvalidParams(f"missing value for required argument {index}")
        while arguments and arguments[-1] is None:
            arguments = arguments[:-1]
        read = []
        for index, value in enumerate(arguments):
            with argument(index):
                read.append(self._readers[index](value))
        return self._body(*read)


class Dispatcher:
    """Answers requests, one at a time whatever the number of connections."""

    def __init__(self, limits: Limits, *groups: object) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._methods = {
            name: Method(body)
            for group in groups
            for name, body in inspect.getmembers(group, inspect.ismethod)
            if not name.startswith("_")
        }

    @property
    def methods(self) -> list[str]:
        """The names of all methods."""
        return sorted(self._methods)

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Runs one method, or raises `RPCError`."""
        method = self._methods.get(name)
        if method is None:
            raise RPCError(f"the method {name} does not exist/is not available", METHOD_NOT_FOUND)
        with self._lock:
            return method(arguments)

    def answer(self, body: bytes) -> bytes:
        """The response to a request or a batch; empty if there were only notifications."""
        try:
            request = json.loads(body)
        except (ValueError, RecursionError):
            return _encoded(_refusal(None, RPCError("parse error", PARSE_ERROR)))
        answer = self._batch(request) if isinstance(request, list) else self._single(request)
        encoded = b"" if answer is None else _encoded(answer)
        if len(encoded) > self._limits.response_bytes:
            return _encoded(_refusal(None, RPCError("response too large", RESPONSE_TOO_LARGE)))
        return encoded

    def _batch(self, requests: list[Any]) -> Any:
        if not requests:
            return _refusal(None, RPCError("empty batch", INVALID_REQUEST))
        if len(requests) > self._limits.batch_items:
            return _refusal(None, RPCError("batch too large", INVALID_REQUEST))
        answers = [answer for request in requests if (answer := self._single(request)) is not None]
        return answers or None

    def _single(self, request: Any) -> Any:
        if not isinstance(request, dict) or not isinstance(request.get("method"), str):
            return _refusal(None, RPCError("invalid request", INVALID_REQUEST))
        identifier, arguments = request.get("id"), request.get("params") or []
        try:
            if not isinstance(arguments, list):
                raise RPCError("non-array args", INVALID_PARAMS)
            answer = {"jsonrpc": "2.0", "id": identifier, "result": self.call(request["method"], arguments)}
        except RPCError as error:
            answer = _refusal(identifier, error)
        except Exception as error:  # A fault of ours must reach the client as an answer, and the log as a trace.
            traceback.print_exc()
            answer = _refusal(identifier, RPCError(f"internal error: {error}", INTERNAL_ERROR))
        return answer if "id" in request else None


def _refusal(identifier: Any, error: RPCError) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identifier, "error": error.body()}


def _encoded(answer: Any) -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode()
