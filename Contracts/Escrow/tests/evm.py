"""Two real EVMs behind one small interface: revm for speed, py-evm as the second opinion."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pyrevm
from eth_abi import decode
from eth_account import Account
from eth_utils import keccak, to_canonical_address, to_checksum_address

from terms import BUYER, NOW, SELLER, Party

sys.path.append(str(Path(__file__).resolve().parents[3] / "Tests" / "DevChain"))

from devchain import DevChain, RPCError  # noqa: E402

CHAIN_ID = 31_337
BLOCK_GAS_LIMIT = 30_000_000
# mutants.py compiles all mutants at once, and a block says by its random value which one is alive.
MUTANT = int(os.environ.get("MUTANT", 0))
CODE_SIZE_MAX = int(os.environ.get("CODE_SIZE_MAX", 24_576))  # bytes, EIP-170
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
            env=pyrevm.Env(
                cfg=pyrevm.CfgEnv(chain_id=chain_id, limit_contract_code_size=CODE_SIZE_MAX)
            ),
            spec_id="CANCUN",
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
            pyrevm.BlockEnv(
                number=self.number, timestamp=value, gas_limit=BLOCK_GAS_LIMIT,
                prevrandao=MUTANT.to_bytes(32, "big"),
            )
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
            if not str(error).startswith(("Revert", "Halt")):
                raise  # not a transaction at all
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


class OnDevChain:
    """py-evm as the project's development chain, in process: signed transactions, one block each."""

    def __init__(self, chain_id: int = CHAIN_ID):
        self.chain_id = chain_id
        self.chain = DevChain(
            chain_id=chain_id,
            genesis_time=NOW,
            funds={to_canonical_address(party.address): 10**24 for party in (CARRIER, BUYER, SELLER)},
        )
        self._time = NOW

    @property
    def time(self) -> int:
        return self._time

    @time.setter
    def time(self, value: int) -> None:
        """A block is at least one second after its parent, whatever time is asked for."""
        self.chain.request("devchain_setTime", value)
        self._time = value

    def deploy(self, code: bytes) -> str:
        receipt = self._mine(None, code, CARRIER, GAS_LIMIT, 0)
        assert receipt["status"] == "0x1"
        return to_checksum_address(receipt["contractAddress"])

    def send(
        self, to: str, data: bytes, sender: Party = CARRIER, gas: int = GAS_LIMIT, value: int = 0
    ) -> Receipt:
        """The output is that of the same call in the next block, which is this one."""
        message = {
            "from": sender.address,
            "to": to,
            "data": "0x" + data.hex(),
            "gas": hex(gas),
            "value": hex(value),
        }
        try:
            output = self.chain.request("eth_call", message, "pending")
        except RPCError as error:
            output = error.data or "0x"
        receipt = self._mine(to, data, sender, gas, value)
        return Receipt(
            receipt["status"] == "0x1",
            bytes.fromhex(output[2:]),
            int(receipt["gasUsed"], 16),
            [
                (
                    to_checksum_address(log["address"]),
                    [bytes.fromhex(topic[2:]) for topic in log["topics"]],
                    bytes.fromhex(log["data"][2:]),
                )
                for log in receipt["logs"]
            ],
        )

    def call(self, to: str, data: bytes) -> bytes:
        message = {"to": to, "data": "0x" + data.hex()}
        return bytes.fromhex(self.chain.request("eth_call", message, "latest")[2:])

    def code(self, address: str) -> bytes:
        return bytes.fromhex(self.chain.request("eth_getCode", address, "latest")[2:])

    def _mine(self, to: str | None, data: bytes, sender: Party, gas: int, value: int) -> dict:
        transaction = {
            "type": 2,
            "chainId": self.chain_id,
            "nonce": int(self.chain.request("eth_getTransactionCount", sender.address, "latest"), 16),
            "maxFeePerGas": 10**10,
            "maxPriorityFeePerGas": 1,
            "gas": gas,
            "value": value,
            "data": data,
        } | ({"to": to} if to else {})
        signed = Account.sign_transaction(transaction, sender.key.to_bytes())
        hash = self.chain.request("eth_sendRawTransaction", "0x" + signed.raw_transaction.hex())
        receipt = self.chain.request("eth_getTransactionReceipt", hash)
        block = self.chain.request("eth_getBlockByHash", receipt["blockHash"])
        self._time = int(block["timestamp"], 16)
        return receipt
