"""Two real EVMs behind one small interface: revm for speed, py-evm as the second opinion."""

import re
from dataclasses import dataclass

import pyrevm
from eth.chains.base import MiningChain
from eth.consensus import NoProofConsensus
from eth.db.atomic import AtomicDB
from eth.vm.forks import CancunVM
from eth.vm.spoof import SpoofTransaction
from eth_abi import decode
from eth_utils import keccak, to_canonical_address, to_checksum_address

from terms import BUYER, NOW, SELLER, Party

CHAIN_ID = 31_337
BLOCK_GAS_LIMIT = 60_000_000  # py-evm moves it a little with each block
GAS_LIMIT = 16_000_000

# Sends every transaction but a party's own approvals, and has no part in any agreement.
CARRIER = Party("carrier")
ERROR = keccak(text="Error(string)")[:4]


@dataclass
class Receipt:
    """What one transaction did. `gas` includes the intrinsic cost."""

    ok: bool
    output: bytes
    gas: int
    logs: list[tuple[str, list[bytes], bytes]]

    @property
    def reason(self) -> str | None:
        """The revert string; "" when it reverted without one, None when it did not revert."""
        if self.ok:
            return None
        if self.output[:4] == ERROR:
            return decode(["string"], self.output[4:])[0]
        return ""


class Revm:
    """Fast; nothing is signed and nothing is mined."""

    def __init__(self, chain_id: int = CHAIN_ID):
        self.chain_id = chain_id
        self.evm = pyrevm.EVM(
            env=pyrevm.Env(cfg=pyrevm.CfgEnv(chain_id=chain_id)), spec_id="CANCUN"
        )
        self.number = 0
        self.time = NOW

    @property
    def time(self) -> int:
        return self._time

    @time.setter
    def time(self, value: int) -> None:
        self._time = value
        self.number += 1
        self.evm.set_block_env(
            pyrevm.BlockEnv(number=self.number, timestamp=value, gas_limit=BLOCK_GAS_LIMIT)
        )

    def deploy(self, code: bytes) -> str:
        self.evm.reset_transient_storage()
        return to_checksum_address(self.evm.deploy(CARRIER.address, code))

    def send(
        self, to: str, data: bytes, sender: Party = CARRIER, gas: int = GAS_LIMIT, value: int = 0
    ) -> Receipt:
        self.evm.reset_transient_storage()
        self.evm.set_balance(sender.address, 10**18)
        try:
            output = self.evm.message_call(
                sender.address, to, calldata=data, gas=gas, value=value
            )
            ok = True
        except RuntimeError as error:
            found = re.search(r"output: 0x([0-9a-f]*)", str(error))
            output = bytes.fromhex(found[1]) if found else b""
            ok = False
        result = self.evm.result
        logs = [
            (
                to_checksum_address(log.address),
                [bytes.fromhex(topic[2:]) for topic in log.topics],
                log.data[1],
            )
            for log in (result.logs if ok else [])
        ]
        return Receipt(ok, output, result.gas_used, logs)

    def call(self, to: str, data: bytes) -> bytes:
        """Reads; whatever it would change is undone."""
        checkpoint = self.evm.snapshot()
        receipt = self.send(to, data)
        self.evm.revert(checkpoint)
        assert receipt.ok, receipt.reason
        return receipt.output

    def snapshot(self):
        return self.evm.snapshot(), self._time

    def restore(self, snapshot) -> None:
        self.evm.revert(snapshot[0])
        self.time = snapshot[1]

    def code(self, address: str) -> bytes:
        padded = self.evm.get_code(address) or b""
        code = padded.removesuffix(b"\0" * 33)  # revm's own end marks
        assert keccak(code) == self.evm.basic(address).code_hash
        return code

    def erase(self, address: str) -> None:
        """Takes an account's code away, as self-destruction once did."""
        self.evm.insert_account_info(address, pyrevm.AccountInfo())


class PyEvm:
    """One block a transaction, signed by its sender."""

    def __init__(self, chain_id: int = CHAIN_ID):
        self.chain_id = chain_id
        self.time = NOW
        chain = MiningChain.configure(
            vm_configuration=((0, CancunVM.configure(consensus_class=NoProofConsensus)),),
            chain_id=chain_id,
        )
        self.chain = chain.from_genesis(
            AtomicDB(),
            {"difficulty": 0, "gas_limit": BLOCK_GAS_LIMIT, "timestamp": NOW - 1},
            {
                party.key.public_key.to_canonical_address(): {
                    "balance": 10**24,
                    "nonce": 0,
                    "code": b"",
                    "storage": {},
                }
                for party in (CARRIER, BUYER, SELLER)
            },
        )

    def deploy(self, code: bytes) -> str:
        _, computation = self._mine(b"", code, CARRIER, GAS_LIMIT, 0)
        computation.raise_if_error()
        return to_checksum_address(computation.msg.storage_address)

    def send(
        self, to: str, data: bytes, sender: Party = CARRIER, gas: int = GAS_LIMIT, value: int = 0
    ) -> Receipt:
        receipt, computation = self._mine(to_canonical_address(to), data, sender, gas, value)
        return Receipt(
            computation.is_success,
            computation.output,
            receipt.gas_used,
            [
                (
                    to_checksum_address(log.address),
                    [topic.to_bytes(32, "big") for topic in log.topics],
                    log.data,
                )
                for log in receipt.logs
            ],
        )

    def call(self, to: str, data: bytes) -> bytes:
        carrier = to_canonical_address(CARRIER.address)
        vm = self.chain.get_vm()
        unsigned = vm.create_unsigned_transaction(
            nonce=vm.state.get_nonce(carrier),
            gas_price=0,
            gas=GAS_LIMIT,
            to=to_canonical_address(to),
            value=0,
            data=data,
        )
        return self.chain.get_transaction_result(
            SpoofTransaction(unsigned, from_=carrier),
            self._pending(),
        )

    def code(self, address: str) -> bytes:
        return self.chain.get_vm().state.get_code(to_canonical_address(address))

    def _mine(self, to: bytes, data: bytes, sender: Party, gas: int, value: int):
        self.chain.header = self._pending()
        unsigned = self._unsigned(to, data, sender, gas, value)
        _, receipt, computation = self.chain.apply_transaction(
            unsigned.as_signed_transaction(sender.key)
        )
        # A block is at least one second after its parent, whatever time was asked for.
        self.time = self.chain.mine_block().header.timestamp
        return receipt, computation

    def _pending(self):
        """The header that the EVM runs under, which must carry the time before execution."""
        return self.chain.header.copy(timestamp=max(self.time, self.chain.header.timestamp))

    def _unsigned(self, to: bytes, data: bytes, sender: Party, gas: int, value: int):
        vm = self.chain.get_vm()
        nonce = vm.state.get_nonce(to_canonical_address(sender.address))
        return vm.get_transaction_builder().new_unsigned_dynamic_fee_transaction(
            self.chain_id, nonce, 0, 10**10, gas, to, value, data, []
        )
