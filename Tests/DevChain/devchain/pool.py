"""Transactions that wait for a block, and who may wait. Texts and order of the rules are geth's."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from eth.abc import BlockHeaderAPI, SignedTransactionAPI, StateAPI

from . import transactions
from .errors import RPCError

PRICE_BUMP_PERCENT = 10
"""By how much both fees must rise for a replacement."""


@dataclass(frozen=True)
class Waiting:
    """A transaction and its place in the order of arrival."""

    transaction: SignedTransactionAPI
    arrival: int


class Pool:
    """One transaction per sender and nonce; nonces may leave gaps, and then wait."""

    def __init__(self) -> None:
        self._by_sender: dict[bytes, dict[int, Waiting]] = {}
        self._by_hash: dict[bytes, Waiting] = {}
        self._arrivals = count()

    def __iter__(self) -> Iterator[SignedTransactionAPI]:
        """In order of arrival."""
        return (waiting.transaction for waiting in sorted(self._by_hash.values(), key=lambda each: each.arrival))

    def __len__(self) -> int:
        return len(self._by_hash)

    def get(self, transaction_hash: bytes) -> SignedTransactionAPI | None:
        waiting = self._by_hash.get(transaction_hash)
        return None if waiting is None else waiting.transaction

    def add(self, transaction: SignedTransactionAPI, head: BlockHeaderAPI, state: StateAPI) -> None:
        """Lets a transaction in, in place of one it outbids, or says why not."""
        if transaction.hash in self._by_hash:
            raise RPCError("already known")
        transactions.check(transaction, head)
        self._check_against_state(transaction, state)
        queue = self._by_sender.setdefault(transaction.sender, {})
        replaced = queue.get(transaction.nonce)
        if replaced is not None:
            if not _outbids(transaction, replaced.transaction):
                raise RPCError("replacement transaction underpriced")
            del self._by_hash[replaced.transaction.hash]
        self._put(transaction)

    def put_back(self, transaction: SignedTransactionAPI) -> None:
        """Returns a transaction of an abandoned block, unless another has its nonce."""
        if transaction.nonce not in self._by_sender.get(transaction.sender, {}):
            self._put(transaction)

    def _put(self, transaction: SignedTransactionAPI) -> None:
        waiting = Waiting(transaction, next(self._arrivals))
        self._by_sender.setdefault(transaction.sender, {})[transaction.nonce] = waiting
        self._by_hash[transaction.hash] = waiting

    def _check_against_state(self, transaction: SignedTransactionAPI, state: StateAPI) -> None:
        sender = transaction.sender
        code = state.get_code(sender)
        if code and not code.startswith(b"\xef\x01\x00"):
            raise RPCError("sender not an eoa")
        next_nonce = state.get_nonce(sender)
        if transaction.nonce < next_nonce:
            raise RPCError(f"nonce too low: next nonce {next_nonce}, tx nonce {transaction.nonce}")
        balance, cost = state.get_balance(sender), transactions.cost(transaction)
        if balance < cost:
            raise RPCError(
                "insufficient funds for gas * price + value: "
                f"balance {balance}, tx cost {cost}, overshot {cost - balance}"
            )
        queued = sum(
            transactions.cost(waiting.transaction)
            for nonce, waiting in self._by_sender.get(sender, {}).items()
            if nonce != transaction.nonce
        )
        if balance < queued + cost:
            raise RPCError(
                "insufficient funds for gas * price + value: "
                f"balance {balance}, queued cost {queued}, tx cost {cost}, overshot {queued + cost - balance}"
            )

    def next_nonce(self, sender: bytes, state: StateAPI) -> int:
        """The nonce after what the chain and the pool hold without a gap."""
        nonce = state.get_nonce(sender)
        queue = self._by_sender.get(sender, {})
        while nonce in queue:
            nonce += 1
        return nonce

    def executable(self, nonce_of: Callable[[bytes], int], base_fee: int) -> list[SignedTransactionAPI]:
        """What a block of that base fee may hold: by arrival, each sender's in order of nonces, none after a gap."""
        heads: list[tuple[int, bytes, int]] = []

        def offer(sender: bytes, nonce: int) -> None:
            waiting = self._by_sender[sender].get(nonce)
            if waiting is not None and waiting.transaction.max_fee_per_gas >= base_fee:
                heapq.heappush(heads, (waiting.arrival, sender, nonce))

        for sender in self._by_sender:
            offer(sender, nonce_of(sender))
        ordered: list[SignedTransactionAPI] = []
        while heads:
            _, sender, nonce = heapq.heappop(heads)
            ordered.append(self._by_sender[sender][nonce].transaction)
            offer(sender, nonce + 1)
        return ordered

    def remove(self, transaction_hash: bytes) -> SignedTransactionAPI | None:
        """Forgets one transaction."""
        waiting = self._by_hash.pop(transaction_hash, None)
        if waiting is None:
            return None
        queue = self._by_sender[waiting.transaction.sender]
        del queue[waiting.transaction.nonce]
        if not queue:
            del self._by_sender[waiting.transaction.sender]
        return waiting.transaction

    def prune(self, state: StateAPI) -> None:
        """Forgets what the chain has overtaken."""
        for transaction in list(self):
            if transaction.nonce < state.get_nonce(transaction.sender):
                self.remove(transaction.hash)


def _outbids(new: SignedTransactionAPI, old: SignedTransactionAPI) -> bool:
    return all(
        offered * 100 >= standing * (100 + PRICE_BUMP_PERCENT)
        for offered, standing in (
            (new.max_fee_per_gas, old.max_fee_per_gas),
            (new.max_priority_fee_per_gas, old.max_priority_fee_per_gas),
        )
    )
