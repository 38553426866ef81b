"""The node: a chain, its pool and its clock, acting together."""

from __future__ import annotations

from dataclasses import dataclass, field

from eth.abc import SignedTransactionAPI, StateAPI
from eth_utils import keccak

from .chain import Chain, Draft, Refusal, Sealed
from .clock import Clock
from .errors import InvalidParams, RPCError
from .parameters import BlockReference
from .pool import Pool
from .settings import Settings
from .transactions import decode


@dataclass
class Received:
    """A raw transaction that came in over `eth_sendRawTransaction`, however often."""

    raw: bytes
    count: int = 0
    errors: list[str | None] = field(default_factory=list)
    """What was answered each time; None where the transaction was taken."""


@dataclass(frozen=True)
class Reorganisation:
    """What a reorganisation did."""

    old_head: Sealed
    blocks: tuple[Sealed, ...]
    """The new branch, oldest first."""
    dropped: tuple[SignedTransactionAPI, ...]
    """Transactions that the old branch had and the new one has not."""
    refusals: tuple[Refusal, ...]
    """Transactions that were to be on the new branch but cannot follow there."""


class Node:
    """What a client talks to. Not thread-safe: whoever serves it takes one call at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock(settings.genesis_time, settings.wall_clock)
        self.chain = Chain(settings, self.clock)
        self.pool = Pool()
        self.automine = settings.automine
        self.received: dict[bytes, Received] = {}

    # Which block

    def resolve(self, reference: BlockReference) -> Sealed | None:
        """The block meant, if there is one. The pending block is not one: ask `pending`."""
        chain, head = self.chain, self.chain.head
        if reference.hash is not None:
            sealed = chain.with_hash(reference.hash)
            if sealed is not None and reference.require_canonical and not chain.is_canonical(sealed):
                raise RPCError("hash is not currently canonical")
            return sealed
        if reference.number is not None:
            return chain.at(reference.number)
        match reference.tag:
            case "earliest":
                return chain.at(0)
            case "safe":
                return chain.at(max(0, head.number - self.settings.safe_depth))
            case "finalized":
                return chain.at(max(0, head.number - self.settings.finalized_depth))
            case _:
                return head

    def existing(self, reference: BlockReference) -> Sealed:
        """The block meant; an error if there is none."""
        sealed = self.resolve(reference)
        if sealed is None:
            raise RPCError("header not found")
        return sealed

    def pending(self) -> Draft:
        """The block that would come next."""
        return self.chain.draft(self._executable())

    def state(self, reference: BlockReference) -> StateAPI:
        """The state after a block, for reading only."""
        return self.pending().state if reference.tag == "pending" else self.chain.state(self.existing(reference))

    # Transactions

    def send(self, raw: bytes) -> bytes:
        """Takes a raw transaction, and makes a block of it unless blocks are held. Returns its hash."""
        entry = self.received.setdefault(keccak(raw), Received(raw))
        entry.count += 1
        try:
            transaction = decode(raw, self.settings.chain_id)
            head = self.chain.head
            self.pool.add(transaction, head.header, self.chain.state(head))
        except RPCError as error:
            entry.errors.append(error.message)
            raise
        entry.errors.append(None)
        if self.automine:
            self.mine_waiting()
        return transaction.hash

    def _executable(self) -> list[SignedTransactionAPI]:
        state = self.chain.state(self.chain.head)
        base_fee = self.chain.next_base_fee(self.chain.head)
        return self.pool.executable(state.get_nonce, base_fee)

    # Blocks

    def mine(self, timestamp: int | None = None) -> Sealed:
        """Makes one block of what waits, however little."""
        sealed = self.chain.seal(self.chain.draft(self._executable(), timestamp=timestamp))
        self.pool.prune(self.chain.state(self.chain.head))
        return sealed

    def mine_waiting(self) -> None:
        """Makes blocks until nothing that could go into one waits."""
        while self._executable() and self.mine().transactions:
            pass

    def reorganise(
        self,
        depth: int,
        contents: list[list[SignedTransactionAPI]],
        timestamps: list[int | None],
        requeue: bool,
    ) -> Reorganisation:
        """Replaces the last `depth` blocks with blocks of these contents, which must be more.

        Where no timestamp is given, a block happens when the one it replaces did, and one beyond those at present.
        """
        chain, old_head = self.chain, self.chain.head
        if not 0 < depth <= old_head.number:
            raise InvalidParams(f"depth {depth}: between 1 and {old_head.number} blocks can be removed")
        if len(contents) <= depth:
            raise InvalidParams(f"{len(contents)} blocks cannot replace {depth}: a branch must be longer to win")
        removed = list(chain.blocks(old_head.number - depth + 1, old_head.number))
        parent = chain.at(old_head.number - depth)
        usual = [sealed.header.timestamp for sealed in removed] + [self.clock.now] * (len(contents) - depth)
        times = _times(parent.header.timestamp, timestamps, usual)
        blocks: list[Sealed] = []
        refusals: list[Refusal] = []
        chain.start_branch()
        for transactions, timestamp in zip(contents, times, strict=True):
            draft = chain.draft(transactions, parent, timestamp)
            parent = chain.seal(draft)
            blocks.append(parent)
            refusals.extend(draft.refusals)
        dropped = tuple(
            transaction
            for sealed in removed
            for transaction in sealed.transactions
            if chain.position(transaction.hash) is None
        )
        if requeue:
            for transaction in dropped:
                self.pool.put_back(transaction)
        self.pool.prune(chain.state(chain.head))
        return Reorganisation(old_head, tuple(blocks), dropped, tuple(refusals))


def _times(parent: int, wanted: list[int | None], usual: list[int]) -> list[int]:
    """When the blocks of a branch happen: as wanted, or as usual, and each later than its parent."""
    times: list[int] = []
    for want, default in zip(wanted, usual, strict=True):
        if want is not None and want <= parent:
            raise InvalidParams(f"timestamp {want} is not after the parent's, {parent}")
        parent = max(parent + 1, default) if want is None else want
        times.append(parent)
    return times
