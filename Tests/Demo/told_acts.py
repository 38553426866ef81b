"""Trades that do not end well: one that is disputed, and one about which everybody is silent."""

from __future__ import annotations

import json
from typing import Any

from eth_utils import keccak

from harness.party import Party
from harness.terms import UNIT
from harness.world import World
from narrator import Narrator
from told_trade import ToldTrade
from words import amount, moment

BOND, FEE = 150 * UNIT, 41 * UNIT + 1


class DisputedTrade(ToldTrade):
    """A seller claims what is not owed; three arbitrators are there to decide, and a fourth to whom one could appeal."""

    def __init__(
        self, narrator: Narrator, world: World, name: str, buyer: Party, seller: Party, arbitrators: list[Party],
        last: Party, **changes: Any,
    ) -> None:
        self.arbitrators = arbitrators
        super().__init__(
            narrator, world, name, buyer, seller, arbitrators=[each.address for each in arbitrators],
            arbitratorThreshold=2, fallbackArbitrators=[last.address], fallbackThreshold=1, bond=BOND,
            arbitrationFee=FEE, **changes)
        self.balances_before |= {each.name: world.balance(each.address) for each in arbitrators}

    def message(self, kind: str, party: Party, **fields: Any) -> str:
        """A message, signed from the agreement's file; the name of its file."""
        words = [word for name, value in fields.items() for word in ("--field", f"{name}={value}")]
        document = self.tallystick("escrow", "sign", kind, self.file, *words, **party.key)
        return self.write(f"{kind}.{party.name}", json.loads(document))

    def carry(self, party: Party, act: str, *messages: str) -> None:
        """Sends an act; whoever sends it, it is the same."""
        self.narrator.say(
            self.tallystick("escrow", act, self.file, *messages, send=True, rpc_url=self.chain.url, **party.key))

    def dispute(self, step: str) -> None:
        buyer, seller = self.buyer.name, self.seller.name
        self.narrator.step(step, f"{seller} claims that nothing is owed, past the service; {buyer} disputes it")
        self.chain.move_to(self.number("settleFrom"))
        self.file = self.agreement_file()
        nothing = self.number("buyerCollateral")
        proposal = self.message(
            "proposal", self.seller, toBuyer=nothing, validUntil=self.number("settleBy"))
        self.carry(self.seller, "propose", proposal)
        self.wait_for("proposed")
        self.narrator.say(
            f"the service has read it on chain: {amount(nothing)} DUSD for {buyer}, {seller}'s bond of {amount(BOND)} "
            f"behind it;\nit would be paid from {moment(self.dispute_by())} on")
        self.narrator.say(self.claim("dispute", self.buyer))
        self.wait_for("disputed")
        self.narrator.say(
            f"{buyer}'s counter-outcome is the clause's, on the evidence: {self.outcome()['toBuyer']} base units; her bond "
            f"is in too.\nThe vault holds {amount(self.vault_balance())} DUSD and pays nobody", vault=self.vault.address)

    def rule(self, step: str) -> None:
        first, _, third = self.arbitrators
        self.narrator.step(step, "Two arbitrators of three run the clause on the same file, and sign what it says")
        self.file = self.agreement_file()
        findings = f"at the fixing the observers' prices establish {amount(self.price, 8)} USD\n"
        self.narrator.say(f"what they write down: {findings}")
        self.narrator.say(self.tallystick("outcome", "compute", self.file))
        owed = self.tallystick.data("outcome", "compute", self.file)
        assert int(owed["toBuyer"]) == self.number("buyerCollateral") + self.payout
        digest = "0x" + keccak(text=findings).hex()
        for each in (first, third):
            ruling = self.message("ruling", each, round=1, toBuyer=owed["toBuyer"], bondTo=1, findingsDigest=digest)
            held = self.tallystick("ruling", "submit", self.id, ruling, url=self.url)
            self.narrator.say(f"{each.name} hands it to the service; {held}", arbitrator=each.address)
        self.wait_for("ruled")
        shown = self.tallystick("escrow", "state", self.file, rpc_url=self.chain.url)
        self.narrator.say(f"the ruling stands, and may be appealed\n{shown}")

    def uphold(self, step: str) -> None:
        self.narrator.step(step, "Nobody appeals; the service has the ruling paid")
        (ruled,) = self.vault.events.Ruled.get_logs(from_block=0)
        self.chain.move_to(ruled["args"]["ruledAt"] + self.number("disputeWindow"))
        self.call = self.tallystick.data("escrow", "uphold", self.file)["call"]
        self.follow()

    def reckon(self, step: str) -> None:
        """The loser's bond pays the arbitrators, and what is left of it goes to the winner."""
        premium, (first, second, third) = self.number("premium"), self.arbitrators
        lower, upper = sorted((first, third), key=lambda each: each.address.lower())
        self.compare(step, {
            self.buyer: self.payout - premium + BOND - FEE, self.seller: premium - self.payout - BOND,
            lower: FEE - FEE // 2, second: 0, upper: FEE // 2})


class SilentTrade(ToldTrade):
    """Nobody observes, nobody proposes, and the service is gone."""

    def fall_silent(self, step: str, stranger: Party) -> None:
        self.narrator.step(step, "Expiry comes and goes: no observer signs, no party proposes, and the service stops")
        self.file = self.agreement_file()
        self.chain.move_to(self.number("settleBy") - 60)
        self.world.service.stop()
        self.narrator.say(self.tallystick("escrow", "state", self.file, rpc_url=self.chain.url))
        self.narrator.say(f"a minute before settleBy, {stranger.name} can do nothing:")
        early = self.tallystick.run("escrow", "default", self.file, rpc_url=self.chain.url)
        self.narrator.say((early.stdout + early.stderr).strip())
        assert early.status == 3, f"a default in time of proposals: status {early.status}"

    def close(self, step: str, stranger: Party) -> None:
        self.narrator.step(step, f"From settleBy on anyone closes it: {stranger.name}, who has no part in it")
        self.chain.move_to(self.number("settleBy"))
        self.narrator.say(
            self.tallystick(
                "escrow", "default", self.file, send=True, rpc_url=self.chain.url, **stranger.key))

    def reckon(self, step: str) -> None:
        """What the terms say for this case, and no bond was ever paid."""
        premium = self.number("premium")
        self.compare(step, {
            self.buyer: self.number("defaultToBuyer") - self.number("buyerCollateral") - premium,
            self.seller: self.number("defaultToSeller") - self.number("sellerCollateral") + premium})
