"""py-evm below its blocks: messages on one state, as fast as it goes. The second opinion on whole walks."""

from eth.db.atomic import AtomicDB
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.cancun.state import CancunState
from eth.vm.message import Message
from eth_utils import keccak, to_canonical_address, to_checksum_address
from rlp import encode as rlp

from evm import BLOCK_GAS_LIMIT, CARRIER, CHAIN_ID, GAS_LIMIT, Receipt
from terms import NOW, Party

BLANK_ROOT = keccak(rlp(b""))


class PyEvm:
    """The same interface as `Revm`, without a price for the transaction itself."""

    def __init__(self, chain_id: int = CHAIN_ID):
        self.chain_id = chain_id
        self.context = ExecutionContext(
            coinbase=bytes(20), timestamp=NOW, block_number=1, difficulty=0, mix_hash=bytes(32),
            gas_limit=BLOCK_GAS_LIMIT, prev_hashes=(), chain_id=chain_id, base_fee_per_gas=0,
            excess_blob_gas=0,
        )
        self.db = AtomicDB()
        self.state = CancunState(self.db, self.context, BLANK_ROOT)

    @property
    def time(self) -> int:
        return self.context.timestamp

    @time.setter
    def time(self, value: int) -> None:
        self.context._timestamp = value

    def _run(self, sender: Party, to: bytes, data: bytes, code: bytes, create: bytes | None):
        origin = to_canonical_address(sender.address)
        self.state.increment_nonce(origin)
        self.state.clear_transient_storage()
        message = Message(
            gas=GAS_LIMIT, to=to, sender=origin, value=0, data=data, code=code, create_address=create,
        )
        context = self.state.transaction_context_class(gas_price=0, origin=origin)
        computation_class = self.state.computation_class
        apply = computation_class.apply_create_message if create else computation_class.apply_message
        computation = apply(self.state, message, context)
        self.state.lock_changes()
        return computation

    def deploy(self, code: bytes) -> str:
        sender = to_canonical_address(CARRIER.address)
        address = keccak(rlp([sender, self.state.get_nonce(sender)]))[12:]
        computation = self._run(CARRIER, b"", b"", code, address)
        computation.raise_if_error()
        return to_checksum_address(address)

    def send(self, to: str, data: bytes, sender: Party = CARRIER) -> Receipt:
        target = to_canonical_address(to)
        computation = self._run(sender, target, data, self.state.get_code(target), None)
        logs = [
            (to_checksum_address(address), [topic.to_bytes(32, "big") for topic in topics], log)
            for address, topics, log in computation.get_log_entries()
        ]
        return Receipt(computation.is_success, computation.output, computation.get_gas_used(), logs)

    def call(self, to: str, data: bytes) -> bytes:
        """Reads; in a static call nothing can change."""
        target, origin = to_canonical_address(to), to_canonical_address(CARRIER.address)
        message = Message(
            gas=GAS_LIMIT, to=target, sender=origin, value=0, data=data,
            code=self.state.get_code(target), is_static=True,
        )
        context = self.state.transaction_context_class(gas_price=0, origin=origin)
        computation = self.state.computation_class.apply_message(self.state, message, context)
        computation.raise_if_error()
        return computation.output

    def snapshot(self) -> tuple[bytes, int]:
        self.state.persist()
        return self.state.state_root, self.time

    def restore(self, snapshot: tuple[bytes, int]) -> None:
        self.time = snapshot[1]
        self.state = CancunState(self.db, self.context, snapshot[0])
