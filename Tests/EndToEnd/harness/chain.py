"""The development chain as a child process, used through web3.py alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from eth_account import Account
from web3 import HTTPProvider, Web3
from web3.contract import Contract

from harness import ROOT
from harness.processes import Child

ETHER = 10**18
_ESCROW = json.loads((ROOT / "Contracts/Escrow/artifact.json").read_text())["contracts"]
_ABI = json.loads((ROOT / "Contracts/Escrow/abi.json").read_text())
_TOKENS = json.loads((ROOT / "Contracts/Escrow/tests/tokens.json").read_text())["contracts"]


class Chain:
    """A fresh chain and an account with ether that deploys, mints and pays for others' gas."""

    def __init__(self, directory: Path, *, genesis_time: int = 1_800_000_000) -> None:
        self.deployer = Account.from_key(b"\x01" * 32)
        command = [
            sys.executable, "-m", "devchain", "--exit-with-parent", "--genesis-time", str(genesis_time),
            "--fund", f"{self.deployer.address}={10**6 * ETHER}",
        ]
        self._child = Child(command, directory=ROOT / "Tests/DevChain", log=directory / "chain.log")
        try:
            self.url: str = self._child.ready_line()["url"]
            self.web3 = Web3(HTTPProvider(self.url))
            self.id: int = self.web3.eth.chain_id
        except BaseException:
            self._child.stop()
            raise

    def stop(self) -> None:
        self._child.stop()

    def ask(self, method: str, *parameters: Any) -> Any:
        """A request that web3.py has no name for; the control interface above all."""
        return self.web3.manager.request_blocking(method, list(parameters))

    # Time and blocks

    @property
    def time(self) -> int:
        """Unix seconds of the latest block."""
        return self.web3.eth.get_block("latest")["timestamp"]

    def mine(self, count: int = 1) -> None:
        self.ask("devchain_mine", count)

    def move_to(self, time: int, blocks: int = 1) -> None:
        """Sets the clock and makes blocks, the first of them at that time."""
        self.ask("devchain_setTime", time)
        self.mine(blocks)

    # Transactions

    def send(self, account: Any, **fields: Any) -> Any:
        """Signs with an eth-account account, sends, and returns the receipt; it must have succeeded."""
        fields = {
            "from": account.address, "nonce": self.web3.eth.get_transaction_count(account.address, "pending"),
            "chainId": self.id, "maxFeePerGas": 100 * 10**9, "maxPriorityFeePerGas": 10**9, "value": 0,
        } | fields
        fields.setdefault("gas", self.web3.eth.estimate_gas(fields))
        sent = self.web3.eth.send_raw_transaction(account.sign_transaction(fields).raw_transaction)
        receipt = self.web3.eth.wait_for_transaction_receipt(sent, timeout=30, poll_latency=0.02)
        assert receipt["status"] == 1, f"reverted: {receipt}"
        return receipt

    def give_ether(self, address: str, ether: int = 10) -> None:
        self.send(self.deployer, to=address, value=ether * ETHER)

    def call(self, contract: Contract, function: str, *arguments: Any, account: Any = None) -> Any:
        """Sends a contract call; the deployer pays unless told otherwise."""
        data = contract.encode_abi(function, args=list(arguments))
        return self.send(account or self.deployer, to=contract.address, data=data)

    # Contracts

    def deploy(self, artifact: dict[str, Any], *arguments: Any) -> Contract:
        factory = self.web3.eth.contract(abi=artifact["abi"], bytecode=artifact["initCode"])
        receipt = self.send(self.deployer, data=factory.constructor(*arguments).data_in_transaction)
        return self.web3.eth.contract(receipt["contractAddress"], abi=artifact["abi"])

    def deploy_token(self, decimals: int = 6) -> Contract:
        """A plain ERC-20 that anyone may mint."""
        return self.deploy(_TOKENS["PlainToken"], "Demo Dollar", "DUSD", decimals)

    def deploy_escrow(self) -> Contract:
        """The factory, which brings the first part of a vault's code, and then every other part."""
        escrow = self.deploy(_ESCROW["EscrowFactory"], bytes.fromhex(_ESCROW["EscrowVault"]["initCode"][2:]))
        for part in ("EscrowVaultPanels", "EscrowVaultChanges", "DeliveryVault"):
            self.call(escrow, "install", bytes.fromhex(_ESCROW[part]["initCode"][2:]))
        return escrow

    def vault(self, escrow: Contract, agreement: str) -> Contract:
        """The vault of an agreement, opened or not, with the functions and events of all parts of its code."""
        address = escrow.functions.vaultOf(bytes.fromhex(agreement[2:])).call()
        return self.web3.eth.contract(address, abi=_ABI["vault"])

    def delivery_vault(self, escrow: Contract, agreement: str) -> Contract:
        """The same for an agreement that is settled by delivery."""
        address = escrow.functions.deliveryVaultOf(bytes.fromhex(agreement[2:])).call()
        return self.web3.eth.contract(address, abi=_ABI["deliveryVault"])
