"""One trade, told step by step as it happens."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from harness.command import Tallystick
from harness.offline import without_network
from harness.party import Party
from harness.terms import call_payout
from harness.trade import Trade
from harness.world import World
from narrator import Narrator
from words import amount, moment

CONFIRMATIONS = 3


class ToldTrade(Trade):
    """A trade whose steps say what they do and check it against the chain."""

    def __init__(
        self, narrator: Narrator, world: World, name: str, buyer: Party, seller: Party, **changes: Any
    ) -> None:
        self.narrator = narrator
        self.call: dict[str, Any] | None = None
        super().__init__(world, name, buyer, seller, **changes)
        self.balances_before = self.balances()

    def agree(self, step: str) -> None:
        buyer, seller, economics = self.buyer.name, self.seller.name, self.terms["economics"]
        self.narrator.step(step, f"{buyer} and {seller} sign the same terms and hand them in over HTTP")
        self.narrator.say(
            f"{buyer} buys from {seller} a cash-settled European call on {amount(int(economics['quantity']), 18)} ETH "
            f"at {amount(int(economics['strikePrice']), 8)} USD,\nfor a premium of {amount(self.number('premium'))} "
            f"DUSD, expiring {moment(self.number('expirationTime'))}")
        self.narrator.say(self.tallystick("terms", "check", self.terms_file))
        self.submit()
        for party in self.parties:
            self.narrator.say(f"{party.name} signed; {self.sign(party)}", party=party.name)

    def open(self, step: str) -> None:
        self.narrator.step(step, "The escrow opens: premium and both collaterals move in one transaction")
        before = self.balances()
        for party in self.parties:
            self.approve(party)
        self.wait_for("active")
        premium, vault = self.number("premium"), self.vault_balance()
        expected = {
            self.buyer.name: before[self.buyer.name] - premium - self.number("buyerCollateral"),
            self.seller.name: before[self.seller.name] + premium - self.number("sellerCollateral"),
        }
        after = self.balances()
        for name, units in after.items():
            self.narrator.say(f"{name:<8}{amount(before[name]):>18} -> {amount(units):>18} DUSD")
        self.narrator.say(f"{'vault':<8}{amount(0):>18} -> {amount(vault):>18} DUSD", vault=self.vault.address)
        assert after == expected, f"the parties hold {after}, not {expected}"
        assert vault == self.number("buyerCollateral") + self.number("sellerCollateral"), f"the vault holds {vault}"

    def observe(self, step: str, *prices: int) -> None:
        self.narrator.step(step, "Expiry: three observers sign the price, two are enough")
        self.chain.move_to(self.number("expirationTime") + 60)
        self.narrator.say(f"it is {moment(self.chain.time)}")
        for count, (observer, price) in enumerate(zip(self.world.observers, prices), start=1):
            held = self.submit_observation(observer, price)
            self.narrator.say(f"{observer.name} saw {amount(price, 8)} USD; {held}", price=str(price))
            if count == self.number("observerThreshold"):
                self.narrator.say(
                    "that is enough for an outcome:\n"
                    + self.tallystick("outcome", "show", self.id, url=self.url))
        # What the literal terms and prices come to: the lower median, and the definition of a call.
        self.price = sorted(prices)[(len(prices) - 1) // 2]
        self.payout = call_payout(self.terms, self.price)
        outcome = self.outcome()
        self.narrator.say(
            f"with all three: at {amount(int(outcome['settlementPrice']), 8)} USD {self.buyer.name} receives "
            f"{amount(int(outcome['toBuyer']))} and {self.seller.name} {amount(int(outcome['toSeller']))} DUSD "
            "of the escrow", **outcome)

    def settle_alone(self, step: str) -> None:
        self.narrator.step(step, f"{self.seller.name} loses the key; {self.buyer.name} alone proposes, and waits")
        self.seller.delete_key()
        self.narrator.say(f"{self.seller.key_file} is deleted")
        dispute_by = self.propose(self.buyer)
        self.narrator.say(f"the proposal is on chain; an objection is possible until {moment(dispute_by)}")
        self.call = self.tallystick.data("escrow", "finalise", self.agreement_file())["call"]
        self.narrator.say(
            f"the settlement call, derived from the agreement alone: {len(self.call['data']) // 2 - 1} bytes to "
            f"{self.call['to']}\n{self.call['data'][:74]}...", **self.call)
        self.chain.move_to(dispute_by)
        self.follow()

    def settle_together(self, step: str) -> None:
        self.narrator.step(step, "Both sign the outcome, and it is settled at once")
        for party in self.parties:
            self.narrator.say(f"{party.name}: {self.claim('outcome', party)}", party=party.name)
        self.follow()

    def follow(self) -> None:
        """Follows the settlement to the depth that the service was told to wait for."""
        settled = self.wait_for("closed")["settled"]
        sent = self.chain.web3.eth.get_transaction(settled["transaction"])
        receipt = self.chain.web3.eth.get_transaction_receipt(settled["transaction"])
        data = "0x" + bytes(sent["input"]).hex()
        self.narrator.say(f"the call that was sent: {data[:74]}...", to=sent["to"], data=data)
        assert receipt["status"] == 1 and sent["to"] == self.vault.address
        assert self.call is None or self.call["data"] == data, "another call was sent than was derived"
        depth = self.chain.web3.eth.block_number - receipt["blockNumber"] + 1
        assert depth >= CONFIRMATIONS, f"closed at depth {depth}"
        self.block = self.block_of(settled["transaction"])
        self.narrator.say(
            f"settled ({settled['route']}) by {settled['transaction']},\n"
            f"{receipt['gasUsed']:,} gas, in block {receipt['blockNumber']}, which is {depth} deep", **settled)

    def prove(self, step: str) -> None:
        self.narrator.step(step, "The proof, verified in a new process without network or database")
        self.proof = self.fetch_proof()
        wrapper, manner = without_network()
        self.narrator.say(f"trusted block {self.block}, read from the chain by web3.py\n{manner}")
        with tempfile.TemporaryDirectory(dir=self.world.directory) as empty:
            shutil.copy(self.proof, empty)
            alone = Tallystick(Path(empty), before=self.narrator.command)
            result = alone.run("proof", "verify", self.proof.name, wrapper=wrapper, trusted_block=self.block)
        self.narrator.say((result.stdout + result.stderr).strip())
        assert result.status == 0, f"proof verify ended with {result.status}"

    def reckon(self, step: str) -> None:
        premium = self.number("premium")
        self.compare(step, {self.buyer: self.payout - premium, self.seller: premium - self.payout})

    def compare(self, step: str, gains: dict[Party, int]) -> None:
        """Whether everybody has what a few lines of Python make of it, and the vault nothing."""
        self.narrator.step(step, "The balances on chain, against a few lines of Python over the literal terms")
        expected = {party.name: self.balances_before[party.name] + gain for party, gain in gains.items()} | {"vault": 0}
        found = {party.name: self.world.balance(party.address) for party in gains} | {"vault": self.vault_balance()}
        self.narrator.say(f"{'':<12}{'expected':>20}{'on chain':>20}   DUSD")
        for name, units in expected.items():
            verdict = "equal" if found[name] == units else "DIFFERENT"
            self.narrator.say(
                f"{name:<12}{amount(units):>20}{amount(found[name]):>20}   {verdict}", holder=name,
                expected=str(units), onChain=str(found[name]))
        assert found == expected, "the chain paid other amounts"
