"""A contract wallet of several owners (ERC-1271), as somebody who trades."""

from __future__ import annotations

import json
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from harness import ROOT
from harness.world import World

_WALLETS = json.loads((ROOT / "Contracts/Escrow/tests/wallets.json").read_text())["contracts"]
_DOMAIN = [{"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"}]


class Wallet:
    """Enough of its owners sign, in the order of their addresses, what is bound to this wallet."""

    def __init__(self, world: World, name: str, *, owners: int = 3, threshold: int = 2, units: int = 0) -> None:
        self.world, self.name, self.threshold = world, name, threshold
        self.owners = sorted(
            (Account.from_key(keccak(text=f"{name} {number}")) for number in range(owners)), key=lambda each: each.address.lower())
        self.contract = world.chain.deploy(
            _WALLETS["ThresholdWallet"], [each.address for each in self.owners], threshold)
        self.address: str = self.contract.address
        if units:
            world.chain.call(world.token, "mint", self.address, units)

    def sign(self, digest: str, *, by: int | None = None) -> str:
        """What the owners sign instead of a digest: a message that names it."""
        return self._signed("SafeMessage", {"message": "bytes"}, {"message": bytes.fromhex(digest[2:])}, by)

    def execute(self, to: str, data: str) -> None:
        raw = bytes.fromhex(data[2:])
        kinds = {"to": "address", "data": "bytes", "nonce": "uint256"}
        values = {"to": to, "data": raw, "nonce": self.contract.functions.nonce().call()}
        signature = self._signed("Execution", kinds, values, None)
        self.world.chain.call(self.contract, "execute", to, raw, bytes.fromhex(signature[2:]))

    def _signed(self, kind: str, kinds: dict[str, str], values: dict[str, Any], by: int | None) -> str:
        encoded = encode_typed_data(full_message={
            "types": {"EIP712Domain": _DOMAIN, kind: [{"name": name, "type": each} for name, each in kinds.items()]},
            "primaryType": kind, "message": values,
            "domain": {"chainId": self.world.chain.id, "verifyingContract": self.address}})
        signers = self.owners[: self.threshold if by is None else by]
        return "0x" + b"".join(Account.sign_message(encoded, each.key).signature for each in signers).hex()
