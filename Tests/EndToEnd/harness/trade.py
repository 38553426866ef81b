"""One trade, step by step, through the command line and over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.chain import Chain
from harness.party import Party
from harness.terms import CALL, european_call
from harness.waiting import until
from harness.world import World


class Trade:
    """Terms between two parties, and what has become of them. `name` also names the trade's files."""

    def __init__(self, world: World, name: str, buyer: Party, seller: Party, **changes: Any) -> None:
        self.world, self.name, self.buyer, self.seller = world, name, buyer, seller
        self.tallystick = world.tallystick
        self.terms = european_call(
            now=world.chain.time, chain_id=world.chain.id, escrow=world.escrow.address, buyer=buyer.address,
            seller=seller.address, **{
                "token": world.token.address, "clause": world.clause,
                "observers": [each.address for each in world.observers]} | changes)
        self.terms_file = self.write("terms", self.terms)

    @property
    def chain(self) -> Chain:
        return self.world.chain

    @property
    def url(self) -> str:
        return self.world.service.url

    @property
    def parties(self) -> tuple[Party, Party]:
        return self.buyer, self.seller

    def number(self, name: str) -> int:
        """A number of the escrow's terms."""
        return int(self.terms["escrow"][name])

    def write(self, name: str, document: Any) -> str:
        """Writes a file of this trade; its name."""
        file = f"{self.name}.{name}.json"
        (self.world.directory / file).write_text(json.dumps(document, indent=2) + "\n")
        return file

    # Agreeing

    def submit(self, clause: str = CALL.name) -> str:
        self.id = self.tallystick("agreement", "submit", self.terms_file, clause=clause, url=self.url)
        self.vault = self.find_vault()
        return self.id

    def find_vault(self) -> Any:
        return self.chain.vault(self.world.escrow, self.id)

    def sign(self, party: Party) -> str:
        """Signs the terms and hands the signature in; what the command printed."""
        signature = party.sign_terms(self.terms_file)
        return self.tallystick("agreement", "sign", self.id, signature=signature, url=self.url)

    def approve(self, party: Party) -> str:
        return self.tallystick("escrow", "approve", self.terms_file, rpc_url=self.chain.url, **party.key)

    def agreed(self) -> Trade:
        self.submit()
        for party in self.parties:
            self.sign(party)
        return self

    def opened(self) -> Trade:
        self.agreed()
        for party in self.parties:
            self.approve(party)
        self.wait_for("active")
        return self

    # Settling

    def observe(self, *prices: int) -> None:
        """Moves past expiration; one observer signs each price."""
        self.chain.move_to(self.number("expirationTime") + 60)
        for observer, price in zip(self.world.observers, prices):
            self.submit_observation(observer, price)

    def submit_observation(self, observer: Party, price: int, **options: int) -> str:
        file = self.write(observer.name, observer.observe(self.terms_file, price, self.chain.time, **options))
        return self.tallystick("observation", "submit", self.id, file, url=self.url)

    def outcome(self) -> dict[str, Any]:
        """What the command line computes from the served agreement."""
        return self.tallystick.data("outcome", "show", self.id, url=self.url)

    def claim(self, kind: str, party: Party) -> str:
        """Signs an `outcome`, a `proposal` or a `dispute` and hands it in. Both sides' outcomes must be the same to the
        letter, so all are valid up to one agreed second."""
        return self.tallystick(
            kind, "sign", self.id, url=self.url, valid_until=self.number("settleBy"), **party.key)

    def settle_together(self) -> dict[str, Any]:
        """The buyer names the second up to which the outcome is valid; the seller countersigns that very outcome."""
        self.claim("outcome", self.buyer)
        assert set(self.show()["outcomes"]) == {"buyer"}
        self.tallystick("outcome", "sign", self.id, url=self.url, **self.seller.key)
        return self.wait_for("closed")["settled"]

    def propose(self, party: Party) -> int:
        """Proposes at the first second at which it is allowed. The second from which it can no longer be disputed."""
        self.chain.move_to(self.number("settleFrom"))
        self.claim("proposal", party)
        self.wait_for("proposed")
        return self.dispute_by()

    def dispute_by(self) -> int:
        return self.vault.functions.state().call()[4] + self.number("disputeWindow")

    # Looking

    def show(self) -> dict[str, Any]:
        return self.world.service.agreement(self.id)

    def wait_for(self, phase: str) -> dict[str, Any]:
        """Until the service holds the agreement to be in that phase, with blocks coming in meanwhile."""
        return until(
            lambda: (found := self.show())["phase"] == phase and found, f"phase {phase} of {self.name}",
            between=self.chain.mine)

    def agreement_file(self) -> str:
        """The agreement as the service shows it, written for offline commands."""
        return self.write("agreement", self.show())

    def balances(self) -> dict[str, int]:
        return {party.name: self.world.balance(party.address) for party in self.parties}

    def vault_balance(self) -> int:
        return self.world.balance(self.vault.address)

    def block_of(self, transaction: str) -> str:
        """The hash of the block that holds a transaction, by the chain's own word."""
        return "0x" + bytes(self.chain.web3.eth.get_transaction_receipt(transaction)["blockHash"]).hex()

    def fetch_proof(self) -> Path:
        until(lambda: self.show()["proof"], f"the proof of {self.name}", between=self.chain.mine)
        file = f"{self.name}.proof.json"
        self.tallystick("proof", "fetch", self.id, url=self.url, out=file)
        return self.world.directory / file
