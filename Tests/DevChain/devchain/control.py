"""The `devchain_` methods: what a test may do to the chain that nobody can do to a real one."""

from __future__ import annotations

from typing import Any

from eth.abc import SignedTransactionAPI

from . import encode, parameters
from .chain import Refusal
from .errors import InvalidParams
from .node import Node
from .parameters import Count, Hash
from .transactions import decode

MINE_MAX = 10_000
"""Blocks that one call may make."""


class ControlMethods:
    """JSON-RPC methods for tests, on the same port as the others."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def devchain_time(self) -> str:
        """The chain's clock, Unix seconds."""
        return encode.quantity(self._node.clock.now)

    def devchain_setTime(self, time: Count) -> str:
        """Moves the clock. The next block happens then, or a second after its parent if that is later.

        `latest` stays where it is until a block is made; `devchain_mine` with a timestamp does both.
        """
        head = self._node.chain.head.header.timestamp
        if time < head:
            raise InvalidParams(f"time {time} is before the head's, {head}")
        self._node.clock.set(time)
        return self.devchain_time()

    def devchain_advanceTime(self, seconds: Count) -> str:
        """Moves the clock forward from the later of its time and the head's."""
        head = self._node.chain.head.header.timestamp
        self._node.clock.set(max(self._node.clock.now, head) + seconds)
        return self.devchain_time()

    def devchain_mine(self, count: Count = Count(1), options: dict[str, Any] | None = None) -> list[str]:
        """Makes blocks, the first of what waits in the pool. Options: `timestamp` of the first block."""
        options = _known(options, "timestamp")
        if count > MINE_MAX:
            raise InvalidParams(f"at most {MINE_MAX} blocks in one call")
        if count and "timestamp" in options:
            time = parameters.count(options["timestamp"])
            head = self._node.chain.head.header.timestamp
            if time <= head:
                raise InvalidParams(f"timestamp {time} is not after the head's, {head}")
            self._node.clock.set(time)
        return [encode.data(self._node.mine().hash) for _ in range(count)]

    def devchain_setAutomine(self, on: bool) -> bool:
        """Off: accepted transactions wait, and blocks come from `devchain_mine` alone. On: what waits is mined."""
        self._node.automine = on
        if on:
            self._node.mine_waiting()
        return on

    def devchain_hold(self) -> bool:
        """Holds blocks back: the same as automine off."""
        self.devchain_setAutomine(False)
        return True

    def devchain_release(self) -> bool:
        """Ends `devchain_hold`."""
        self.devchain_setAutomine(True)
        return True

    def devchain_reorganise(self, depth: Count, options: dict[str, Any] | None = None) -> dict[str, Any]:
        """Replaces the last blocks by a longer branch.

        Without options: the same transactions at the same times, and one empty block more. Options:
        `blocks` (per new block an array of transactions, raw or by a known hash), `drop` (hashes to leave out),
        `timestamps` (of the first blocks; null for the old ones), `length` (of the branch), `requeue` (whether what
        the new branch has not goes back to the pool, as a node would have it; otherwise it is forgotten).
        """
        options = _known(options, "blocks", "drop", "timestamps", "length", "requeue")
        chain = self._node.chain
        removed = list(chain.blocks(max(1, chain.head.number - depth + 1), chain.head.number))
        contents = (
            [[self._transaction(each) for each in _array(block)] for block in _array(options["blocks"])]
            if "blocks" in options
            else [list(sealed.transactions) for sealed in removed]
        )
        drop = {parameters.block_hash(each) for each in _array(options.get("drop", []))}
        for each in drop - {transaction.hash for block in contents for transaction in block}:
            raise InvalidParams(f"transaction {encode.data(each)} is not in those blocks")
        contents = [[each for each in block if each.hash not in drop] for block in contents]
        length = parameters.count(options.get("length", max(depth + 1, len(contents))))
        if not len(contents) <= length <= MINE_MAX:
            raise InvalidParams(f"length {length}: between {len(contents)} and {MINE_MAX}")
        contents += [[] for _ in range(length - len(contents))]
        given = [None if each is None else parameters.count(each) for each in _array(options.get("timestamps", []))]
        timestamps = (given + [None] * length)[:length]
        done = self._node.reorganise(depth, contents, timestamps, bool(options.get("requeue", False)))
        return {
            "oldHead": encode.data(done.old_head.hash),
            "newHead": encode.data(done.blocks[-1].hash),
            "blocks": [encode.data(sealed.hash) for sealed in done.blocks],
            "dropped": [encode.data(each.hash) for each in done.dropped],
            "refused": [_refusal(each) for each in done.refusals],
        }

    def _transaction(self, value: Any) -> SignedTransactionAPI:
        """A transaction given raw, or by the hash of one that the chain, the pool or the endpoint has seen."""
        raw = parameters.data(value)
        if len(raw) != 32:
            return decode(raw, self._node.settings.chain_id)
        if (waiting := self._node.pool.get(raw)) is not None:
            return waiting
        if (position := self._node.chain.position(raw)) is not None:
            return position[0].transactions[position[1]]
        if (received := self._node.received.get(raw)) is not None:
            return decode(received.raw, self._node.settings.chain_id)
        raise InvalidParams(f"transaction {value} is not known")

    def devchain_received(self, hash: Hash | None = None) -> list[dict[str, Any]]:
        """Every raw transaction that `eth_sendRawTransaction` was ever given, in order of first arrival.

        `count` is how often; `errors` what was answered each time, null where it was taken. Of one hash, if given.
        """
        return [
            {"hash": encode.data(key), "raw": encode.data(entry.raw), "count": entry.count, "errors": entry.errors}
            for key, entry in self._node.received.items()
            if hash is None or key == hash
        ]

    def devchain_pool(self) -> list[dict[str, Any]]:
        """The transactions that wait, in order of arrival."""
        return [encode.transaction(each) for each in self._node.pool]

    def devchain_dropPending(self, hash: Hash | None = None) -> list[str]:
        """Forgets one waiting transaction, or all. Returns the hashes of what was forgotten."""
        hashes = [each.hash for each in self._node.pool] if hash is None else [hash]
        return [encode.data(each) for each in hashes if self._node.pool.remove(each) is not None]


def _known(options: dict[str, Any] | None, *names: str) -> dict[str, Any]:
    options = options or {}
    for name in options:
        if name not in names:
            raise InvalidParams(f"unknown option {name}; there are {', '.join(names)}")
    return options


def _array(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidParams("not an array")
    return value


def _refusal(refusal: Refusal) -> dict[str, str]:
    return {"hash": encode.data(refusal.transaction.hash), "reason": refusal.reason}
