"""A trade whose terms are amended or novated through the service."""

from __future__ import annotations

import json
from typing import Any

from eth_account import Account

from harness.party import Party
from harness.terms import DAY, UNIT, changed
from harness.trade import Trade
from harness.waiting import until

DEARER = {"strikePrice": 2_400 * 10**8, "sellerCollateral": 11_000 * UNIT, "defaultToSeller": 11_000 * UNIT}
"""A thousand more of the seller's, for a strike a hundred lower."""


class Changing(Trade):
    """A trade whose terms change. What the service prints is the file that the commands read."""

    def opened(self) -> Changing:
        super().opened()
        self.start = self.balances()
        self.first = self.terms
        return self

    def offer(self, **changes: Any) -> str:
        """New terms, from the present ones; the name of their file."""
        self.offered = changed(self.terms, **changes)
        return self.write("offered", self.offered)

    def signed(self, kind: str, party: Party, amended: str | None = None, **fields: Any) -> str:
        words = [
            word for name, value in ({"validUntil": int(self.first["escrow"]["settleBy"]) + 30 * DAY} | fields).items()
            for word in ("--field", f"{name}={value}")]
        options = {"amended": amended} if amended else {}
        document = self.tallystick("escrow", "sign", kind, self.agreement_file(), *words, **party.key, **options)
        return self.write(f"{kind}.{party.name}", json.loads(document))

    def hand_in(self, kind: str, party: Party, amended: str, **fields: Any) -> dict[str, Any]:
        file = self.signed(kind, party, amended, **fields)
        return self.tallystick.data(kind, "submit", self.id, file, url=self.url, amended=amended)

    def allow(self, party: Party, units: int) -> None:
        self.chain.call(self.world.token, "approve", self.vault.address, units, account=Account.from_key(party.private_key()))

    def wait_for_version(self, version: int) -> None:
        until(
            lambda: self.show().get("version") == str(version), f"version {version} of {self.name}",
            between=self.chain.mine)
        shown = self.show()
        assert (shown["terms"], shown["first"]["terms"]) == (self.offered, self.first)
        assert len(shown["changes"]) == version - 1 and "change" not in shown
        self.terms = self.offered
        verified = self.tallystick.data("agreement", "verify", self.agreement_file())
        assert (verified["agreementId"], verified["version"]) == (self.id, str(version))
        state = self.tallystick.data("escrow", "state", self.agreement_file(), rpc_url=self.chain.url)
        assert (state["version"], state["status"]) == (str(version), "open")

    def proof_of(self, route: str, version: int) -> dict[str, Any]:
        """The proof is sound, offline, under the block that the chain itself names."""
        settled = self.wait_for("closed")["settled"]
        assert settled["route"] == route
        proof = self.fetch_proof()
        data = self.tallystick.data("proof", "verify", proof.name, trusted_block=self.block_of(settled["transaction"]))
        assert data["verdict"] == "sound", data
        document = json.loads(proof.read_text())
        assert (len(document["changes"]), document["terms"]) == (version - 1, self.first)
        assert self.vault_balance() == 0
        return settled

    def gains(self) -> dict[str, int]:
        return {name: units - self.start[name] for name, units in self.balances().items()}
