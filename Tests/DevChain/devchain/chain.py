"""The chain: py-evm's `MiningChain`, building one block at a time on any parent.

Two properties of py-evm shape this file. A block's header is completed before its first transaction runs, because the
EVM reads the time from the header it was given and not from the one that is sealed at the end. And py-evm moves its
head only to a branch that is strictly longer, so that a reorganisation builds one more block than it removes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import rlp
from eth.abc import BlockAPI, BlockHeaderAPI, LogAPI, ReceiptAPI, SignedTransactionAPI, StateAPI, VirtualMachineAPI
from eth.chains.base import MiningChain
from eth.db.atomic import AtomicDB
from eth.vm.forks.london.headers import calculate_expected_base_fee_per_gas
from eth.vm.forks.prague import PragueVM
from eth_keys.backends import get_backend_class
from eth_keys.backends.coincurve import CoinCurveECCBackend
from eth_utils import ValidationError

from .clock import Clock
from .settings import Settings


@dataclass(frozen=True)
class Emitted:
    """A log, the transaction it comes from, and its number within the block."""

    log: LogAPI
    transaction_index: int
    index: int


@dataclass(frozen=True)
class Sealed:
    """A block of the chain with the receipts of its transactions. Canonical or not: the chain keeps both."""

    block: BlockAPI
    receipts: tuple[ReceiptAPI, ...]

    @property
    def header(self) -> BlockHeaderAPI:
        return self.block.header

    @property
    def transactions(self) -> tuple[SignedTransactionAPI, ...]:
        return self.block.transactions

    @cached_property
    def hash(self) -> bytes:
        return self.block.header.hash

    @property
    def number(self) -> int:
        return self.block.header.block_number

    @cached_property
    def size(self) -> int:
        """Bytes of the block's RLP."""
        return len(rlp.encode(self.block))

    @cached_property
    def gas_used(self) -> tuple[int, ...]:
        """Gas that each transaction used; receipts carry the running total."""
        totals = [0, *(receipt.gas_used for receipt in self.receipts)]
        return tuple(after - before for before, after in pairwise(totals))

    @cached_property
    def logs(self) -> tuple[Emitted, ...]:
        """All logs of the block, in order."""
        by_transaction = ((number, log) for number, receipt in enumerate(self.receipts) for log in receipt.logs)
        return tuple(Emitted(log, number, index) for index, (number, log) in enumerate(by_transaction))


@dataclass(frozen=True)
class Refusal:
    """A transaction that a block had no place for."""

    transaction: SignedTransactionAPI
    reason: str


@dataclass
class Draft:
    """A block being built: transactions have run, nothing is stored yet."""

    vm: VirtualMachineAPI
    header: BlockHeaderAPI
    transactions: tuple[SignedTransactionAPI, ...]
    receipts: tuple[ReceiptAPI, ...]
    refusals: tuple[Refusal, ...]

    @property
    def state(self) -> StateAPI:
        return self.vm.state

    def block(self) -> BlockAPI:
        """The block without its state root."""
        return self.vm.set_block_transactions_and_withdrawals(
            self.vm.get_block(), self.header, self.transactions, self.receipts
        )


class Chain:
    """Blocks, state and fork choice. Knows nothing of pools, JSON or HTTP. Not thread-safe."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        if get_backend_class() is not CoinCurveECCBackend:
            raise RuntimeError("coincurve is not in use, and without it every signature costs milliseconds")
        self.settings = settings
        self.clock = clock
        genesis = {
            "timestamp": clock.now,
            "gas_limit": settings.gas_limit,
            "base_fee_per_gas": settings.base_fee,
            "coinbase": settings.coinbase,
            "extra_data": b"tallystick devchain",
        }
        accounts = {
            address: {"balance": wei, "nonce": 0, "code": b"", "storage": {}} for address, wei in settings.funds.items()
        }
        chain_class = MiningChain.configure(
            __name__="DevelopmentChain", vm_configuration=((0, PragueVM),), chain_id=settings.chain_id
        )
        self._evm: MiningChain = chain_class.from_genesis(AtomicDB(), genesis, accounts)
        first = Sealed(self._evm.get_canonical_block_by_number(0), ())
        self._blocks: dict[bytes, Sealed] = {first.hash: first}
        self._canonical: list[bytes] = [first.hash]
        self._positions: dict[bytes, tuple[bytes, int]] = {}
        self._reorganisations = 0
        self._head_state: tuple[bytes, StateAPI] | None = None

    # Reading

    @property
    def head(self) -> Sealed:
        return self._blocks[self._canonical[-1]]

    def at(self, number: int) -> Sealed | None:
        """The canonical block of that number."""
        return self._blocks[self._canonical[number]] if 0 <= number < len(self._canonical) else None

    def with_hash(self, block_hash: bytes) -> Sealed | None:
        """Any block ever built, canonical or not."""
        return self._blocks.get(block_hash)

    def is_canonical(self, sealed: Sealed) -> bool:
        return sealed.number < len(self._canonical) and self._canonical[sealed.number] == sealed.hash

    def blocks(self, first: int, last: int) -> Iterator[Sealed]:
        """Canonical blocks, both ends included."""
        return (self._blocks[block_hash] for block_hash in self._canonical[first : last + 1])

    def position(self, transaction_hash: bytes) -> tuple[Sealed, int] | None:
        """The canonical block that holds a transaction, and where in it."""
        found = self._positions.get(transaction_hash)
        return None if found is None else (self._blocks[found[0]], found[1])

    def vm(self, sealed: Sealed) -> VirtualMachineAPI:
        """A fresh machine in the context of that block and the state after it. Nothing it does is kept."""
        return self._evm.get_vm(sealed.header)

    def state(self, sealed: Sealed) -> StateAPI:
        """The state after that block, for reading only."""
        if self._head_state is None or self._head_state[0] != sealed.hash:
            state = self.vm(sealed).state
            if sealed.hash != self.head.hash:
                return state
            self._head_state = (sealed.hash, state)
        return self._head_state[1]

    def next_base_fee(self, sealed: Sealed) -> int:
        """The base fee of that block's children, wei per gas (EIP-1559)."""
        return calculate_expected_base_fee_per_gas(sealed.header)

    # Building

    def draft(
        self,
        transactions: Iterable[SignedTransactionAPI],
        parent: Sealed | None = None,
        timestamp: int | None = None,
    ) -> Draft:
        """Runs transactions on a parent (the head by default), leaving out those that cannot follow."""
        parent = parent or self.head
        header = self._header(parent, timestamp)
        vm = self._evm.get_vm(header)
        included: list[SignedTransactionAPI] = []
        receipts: list[ReceiptAPI] = []
        refusals: list[Refusal] = []
        for transaction in transactions:
            try:
                header, (receipt,), _ = vm.apply_all_transactions((transaction,), header)
            except ValidationError as error:
                refusals.append(Refusal(transaction, str(error)))
                continue
            included.append(transaction)
            receipts.append(receipt)
        return Draft(vm, header, tuple(included), tuple(receipts), tuple(refusals))

    def seal(self, draft: Draft) -> Sealed:
        """Stores a drafted block; it becomes the head if its branch is now the longest."""
        block = draft.vm.mine_block(draft.vm.block_postprocessing(draft.block())).block
        stored = self._evm.persist_block(block)
        sealed = Sealed(stored.imported_block, draft.receipts)
        self._blocks[sealed.hash] = sealed
        self._follow(
            [block.hash for block in stored.new_canonical_blocks], [block.hash for block in stored.old_canonical_blocks]
        )
        return sealed

    def start_branch(self) -> None:
        """Marks the blocks built from here on, so that equal contents still make other blocks."""
        self._reorganisations += 1

    def _header(self, parent: Sealed, timestamp: int | None) -> BlockHeaderAPI:
        header = self._evm.create_header_from_parent(
            parent.header,
            timestamp=self.clock.next_after(parent.header.timestamp) if timestamp is None else timestamp,
            gas_limit=self.settings.gas_limit,
            coinbase=self.settings.coinbase,
        )
        return header.copy(extra_data=f"branch {self._reorganisations}".encode() if self._reorganisations else b"")

    def _follow(self, added: list[bytes], removed: list[bytes]) -> None:
        """Takes over py-evm's decision about which blocks are canonical."""
        for block_hash in removed:
            for transaction in self._blocks[block_hash].transactions:
                self._positions.pop(transaction.hash, None)
        for block_hash in added:
            sealed = self._blocks[block_hash]
            del self._canonical[sealed.number :]
            self._canonical.append(block_hash)
            for index, transaction in enumerate(sealed.transactions):
                self._positions[transaction.hash] = (block_hash, index)
