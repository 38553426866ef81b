"""Options settled by delivery: their terms, and what both tokens moved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness import ROOT
from harness.escrowed import Escrowed
from harness.terms import HOUR, UNIT, ZERO
from harness.world import World

TOKENS = json.loads((ROOT / "Contracts/Escrow/tests/tokens.json").read_text())["contracts"]
CLAUSES = {kind: ROOT / f"Contracts/Clauses/payoff/physical-{kind}.clause" for kind in ("call", "put")}
QUANTITY = 12_345_678_901_234_567_890
STRIKE_PAYMENT = 30_864_197_254
"""12.34567890123456789 at 2,500, in units of six decimals: 30,864.197253..., rounded up."""
PREMIUM, BUYERS = 420 * UNIT, 100 * UNIT
SPARE = 1_000


def furnish(world: World) -> World:
    """A token to deliver, two parties and somebody who carries calls."""
    world.observers = []
    world.buyer, world.seller, world.carrier = (
        world.party(name, 10**6 * UNIT) for name in ("buyer", "seller", "carrier"))
    return supply(world)


def supply(world: World) -> World:
    """A token to deliver, of which both parties have enough, and the clauses."""
    world.coin = world.chain.deploy(TOKENS["PlainToken"], "Demo Ether", "DETH", 18)
    for party in (world.buyer, world.seller):
        world.chain.call(world.coin, "mint", party.address, 1_000 * 10**18)
    world.clauses = {kind: world.tallystick("clause", "compile", str(path)) for kind, path in CLAUSES.items()}
    return world


class Delivery(Escrowed):
    """A call whose seller locks what it delivers and a little more, or a put whose seller locks the strike."""

    def __init__(self, world: World, name: str, kind: str = "call", **changes: Any) -> None:
        locked = (QUANTITY if kind == "call" else STRIKE_PAYMENT) + SPARE
        terms = {
            "optionType": kind.capitalize(), "exerciseStyle": "American", "settlementType": "Physical",
            "payoffKind": 3 if kind == "call" else 4, "clause": world.clauses[kind],
            "deliveryToken": world.coin.address, "exerciseStart": world.chain.time + HOUR,
            "buyerCollateral": BUYERS, "sellerCollateral": locked, "defaultToBuyer": BUYERS, "defaultToSeller": locked,
            "observers": [ZERO], "observerThreshold": 0, "bond": 0,
        }
        super().__init__(world, name, source=CLAUSES[kind], **terms | changes)
        self.start = self.holdings()

    @property
    def source(self) -> str:
        """The path of its clause."""
        return str(CLAUSES[self.terms["economics"]["optionType"].lower()])

    def find_vault(self) -> Any:
        return self.chain.delivery_vault(self.world.escrow, self.id)

    def holdings(self) -> list[int]:
        """Of the token, then of the delivery token: buyer, seller, vault."""
        holders = [each.address for each in (*self.parties, self.vault)]
        return [
            token.functions.balanceOf(holder).call()
            for token in (self.world.token, self.world.coin) for holder in holders]

    def moved(self) -> list[int]:
        return [now - then for now, then in zip(self.holdings(), self.start)]

    def allow_exercise(self) -> None:
        self.tallystick("escrow", "approve", self.terms_file, rpc_url=self.chain.url, exercise=True, **self.buyer.key)

    def exchanged(self) -> list[int]:
        """What an exercise moves in all, premium included: of the token, then of the delivery token."""
        if self.terms["economics"]["optionType"] == "Call":
            return [-PREMIUM - STRIKE_PAYMENT, PREMIUM + STRIKE_PAYMENT, 0, QUANTITY, -QUANTITY, 0]
        return [STRIKE_PAYMENT - PREMIUM, PREMIUM - STRIKE_PAYMENT, 0, -QUANTITY, QUANTITY, 0]

    def exercised(self) -> dict[str, Any]:
        self.chain.move_to(self.number("exerciseStart"))
        self.allow_exercise()
        return self.does("exercise", self.signed("exercise", self.buyer, validUntil=self.until()))

    def assert_logged(self, route: int) -> None:
        """What the vault says that it paid is what the rule of deliveries gave before."""
        event = self.vault.events.DeliverySettled().get_logs(from_block=0)[0]["args"]
        paid = [event[name] for name in ("toBuyer", "toSeller", "deliveryToBuyer", "deliveryToSeller")]
        assert (event["route"], paid) == (route, self.foretold)

    def foretell(self, place: int) -> Delivery:
        deadline = self.state()["deadlines"][place]
        names = ("toBuyer", "toSeller", "deliveryToBuyer", "deliveryToSeller")
        self.foretold = [int(deadline[name]) for name in names]
        return self


class Served(Delivery):
    """An option by delivery that the service carries. What the service prints is the file that the commands read."""

    def opened(self) -> Served:
        self.submit(self.source)
        for party in self.parties:
            self.sign(party)
        for party in self.parties:
            self.approve(party)
        self.wait_for("active")
        self.file = self.agreement_file()
        return self

    def hand_in(self, kind: str, party: Any, **fields: Any) -> dict[str, Any]:
        """Signs a message from the service's own document, and hands it in."""
        file = self.signed(kind, party, **fields)
        return self.tallystick.data(kind, "submit", self.id, file, url=self.url)

    def settled(self) -> dict[str, Any]:
        """What the service says it came to, once it is closed; the proof of it is sound offline."""
        settled = self.wait_for("closed")["settled"]
        proof = self.fetch_proof()
        block = self.block_of(settled["transaction"])
        assert block == settled["blockHash"]
        data = self.tallystick.data("proof", "verify", proof.name, trusted_block=block)
        assert data["verdict"] == "sound", data
        basis = json.loads(proof.read_text())["basis"]
        assert basis["route"] == settled["route"]
        return settled

    def amounts(self, settled: dict[str, Any]) -> tuple[str, list[int]]:
        names = ("toBuyer", "toSeller", "deliveryToBuyer", "deliveryToSeller")
        return settled["route"], [int(settled[name]) for name in names]
