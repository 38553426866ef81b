"""A trade that is settled by delivery: no price is looked up, the buyer pays and receives in one transaction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness import ROOT
from harness.party import Party
from harness.terms import HOUR, ZERO
from harness.waiting import until
from harness.world import World
from narrator import Narrator
from told_trade import ToldTrade
from words import amount, moment

CLAUSE = ROOT / "Contracts/Clauses/payoff/physical-call.clause"
TOKENS = ROOT / "Contracts/Escrow/tests/tokens.json"
LOCKED = 15 * 10**18


class DeliveredTrade(ToldTrade):
    """An American call on a token: its seller locks what it delivers, and the buyer exercises by a signed notice."""

    def __init__(
        self, narrator: Narrator, world: World, name: str, buyer: Party, seller: Party, **changes: Any
    ) -> None:
        token = json.loads(Path(TOKENS).read_text())["contracts"]["PlainToken"]
        self.coin = world.chain.deploy(token, "Demo Ether", "DETH", 18)
        world.chain.call(self.coin, "mint", seller.address, LOCKED)
        super().__init__(
            narrator, world, name, buyer, seller, exerciseStyle="American", settlementType="Physical", payoffKind=3,
            clause=world.tallystick("clause", "compile", str(CLAUSE)), deliveryToken=self.coin.address,
            exerciseStart=world.chain.time + HOUR, sellerCollateral=LOCKED, defaultToSeller=LOCKED, observers=[ZERO],
            observerThreshold=0, bond=0, **changes)
        # What the literal terms come to: quantity times strike, rounded up to a base unit.
        economics = {field: int(text) for field, text in self.terms["economics"].items() if text.isdigit()}
        scale = 10 ** (economics["quantityDecimals"] + economics["priceDecimals"])
        self.quantity = economics["quantity"]
        self.payment = -(-self.quantity * economics["strikePrice"] * 10 ** economics["tokenDecimals"] // scale)
        self.coins_before = self.coins()

    def find_vault(self) -> Any:
        return self.chain.delivery_vault(self.world.escrow, self.id)

    def coins(self) -> dict[str, int]:
        return {party.name: self.coin.functions.balanceOf(party.address).call() for party in self.parties}

    def agree(self, step: str) -> None:
        buyer, seller = self.buyer.name, self.seller.name
        self.narrator.step(step, f"{buyer} and {seller} sign a call that is settled by delivery")
        self.narrator.say(
            f"{buyer} may buy {amount(self.quantity, 18)} DETH of {seller} for {amount(self.payment)} DUSD, from "
            f"{moment(self.number('exerciseStart'))}\nuntil {moment(self.number('expirationTime'))}; no price is looked up",
            deliveryToken=self.coin.address)
        self.narrator.say(self.tallystick("terms", "check", self.terms_file))
        self.submit(str(CLAUSE))
        for party in self.parties:
            self.narrator.say(f"{party.name} signed; {self.sign(party)}", party=party.name)

    def open(self, step: str) -> None:
        self.narrator.step(step, f"The escrow opens: {self.seller.name} locks the token, not its price")
        for party in self.parties:
            self.approve(party)
        self.wait_for("active")
        locked = self.coin.functions.balanceOf(self.vault.address).call()
        self.narrator.say(
            f"the vault holds {amount(self.vault_balance())} DUSD and {amount(locked, 18)} DETH", vault=self.vault.address)
        assert (self.vault_balance(), locked) == (self.number("buyerCollateral"), LOCKED)

    def exercise(self, step: str) -> None:
        self.narrator.step(step, f"{self.buyer.name} signs a notice of exercise; unpaid it is none")
        file = self.agreement_file()
        document = self.tallystick(
            "escrow", "sign", "exercise", file, "--field", f"validUntil={self.number('expirationTime')}", **self.buyer.key)
        notice = self.write("notice", json.loads(document))
        self.tallystick("exercise", "submit", self.id, notice, url=self.url)
        self.chain.move_to(self.number("exerciseStart"))
        obstacle = self.wait_for_obstacle()
        self.narrator.say(f"the service holds it, and cannot carry it: {obstacle}")
        self.narrator.say(
            self.tallystick(
                "escrow", "approve", self.terms_file, exercise=True, rpc_url=self.chain.url, **self.buyer.key))
        self.call = self.tallystick.data("escrow", "exercise", file, notice)["call"]
        self.follow()

    def wait_for_obstacle(self) -> str:
        return until(
            lambda: "exercise" in self.show().get("obstacle", "") and self.show()["obstacle"], "the obstacle",
            between=self.chain.mine)

    def reckon(self, step: str) -> None:
        """Payment against delivery; what the seller locked beyond it is its own again."""
        premium = self.number("premium")
        self.compare(step, {self.buyer: -premium - self.payment, self.seller: premium + self.payment})
        expected = {
            self.buyer.name: self.coins_before[self.buyer.name] + self.quantity,
            self.seller.name: self.coins_before[self.seller.name] - self.quantity}
        found = self.coins()
        for name, units in expected.items():
            verdict = "equal" if found[name] == units else "DIFFERENT"
            self.narrator.say(
                f"{name:<8}{amount(units, 18):>27}{amount(found[name], 18):>27}   {verdict}   DETH", holder=name,
                expected=str(units), onChain=str(found[name]))
        assert found == expected, "the chain delivered other amounts"
        assert self.coin.functions.balanceOf(self.vault.address).call() == 0
