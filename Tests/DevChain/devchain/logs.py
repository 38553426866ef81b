"""`eth_getLogs`: which logs a filter means, and how many a client may ask for at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eth.abc import LogAPI

from . import encode, parameters
from .chain import Sealed
from .errors import LIMIT_EXCEEDED, InvalidParams, RPCError
from .node import Node

TOPICS_MAX = 4


def find(node: Node, filter: dict[str, Any]) -> list[Any]:
    """The logs of a block or a range of canonical blocks that match addresses and topics, in order."""
    addresses = _addresses(filter.get("address"))
    topics = _topics(filter.get("topics"))
    limits = node.settings.limits
    found: list[Any] = []
    for sealed in _blocks(node, filter):
        for emitted in sealed.logs:
            if _matches(emitted.log, addresses, topics):
                found.append(encode.log(sealed, emitted))
        if len(found) > limits.log_results:
            raise RPCError(f"query returned more than {limits.log_results} results", LIMIT_EXCEEDED)
    return found


def _blocks(node: Node, filter: dict[str, Any]) -> Iterable[Sealed]:
    if filter.get("blockHash") is not None:
        if filter.get("fromBlock") is not None or filter.get("toBlock") is not None:
            raise InvalidParams("cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other")
        sealed = node.chain.with_hash(parameters.block_hash(filter["blockHash"]))
        if sealed is None:
            raise RPCError("unknown block")
        return [sealed]
    head = node.chain.head.number
    first, last = (_number(node, filter.get(name)) for name in ("fromBlock", "toBlock"))
    if first > last:
        raise RPCError("invalid block range params")
    if last - first >= node.settings.limits.log_block_range:
        raise RPCError(f"query exceeds max block range {node.settings.limits.log_block_range}", LIMIT_EXCEEDED)
    return node.chain.blocks(first, min(last, head))


def _number(node: Node, value: Any) -> int:
    reference = parameters.block_reference(value)
    return node.existing(reference).number if reference.number is None else reference.number


def _addresses(value: Any) -> frozenset[bytes] | None:
    """None matches every address."""
    if value is None or value == []:
        return None
    return frozenset(parameters.address(each) for each in (value if isinstance(value, list) else [value]))


def _topics(value: Any) -> list[frozenset[int] | None]:
    """By position, what is accepted there; None accepts everything."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidParams("topics: not an array")
    if len(value) > TOPICS_MAX:
        raise InvalidParams("exceed max topics")
    return [_alternatives(each) for each in value]


def _alternatives(value: Any) -> frozenset[int] | None:
    values = value if isinstance(value, list) else [value]
    if None in values or not values:
        return None
    return frozenset(int.from_bytes(parameters.block_hash(each), "big") for each in values)


def _matches(log: LogAPI, addresses: frozenset[bytes] | None, topics: list[frozenset[int] | None]) -> bool:
    if addresses is not None and log.address not in addresses:
        return False
    if len(log.topics) < len(topics):
        return False
    return all(accepted is None or topic in accepted for topic, accepted in zip(log.topics, topics))
