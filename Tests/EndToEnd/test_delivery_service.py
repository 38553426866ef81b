"""Options settled by delivery, carried by the service: each way to the end, in both tokens, with a proof."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from harness.delivery import BUYERS, PREMIUM, QUANTITY, SPARE, STRIKE_PAYMENT, TOKENS, Delivery, furnish
from harness.escrowed import Escrowed
from harness.terms import UNIT
from harness.typed_data import sign
from harness.waiting import until
from harness.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A chain, a token to deliver, two parties, and a service."""
    with World(tmp_path_factory.mktemp("delivery-service")) as world:
        furnish(world).serve()
        yield world


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


def until_obstacle(trade: Served, text: str) -> None:
    until(lambda: text in trade.show().get("obstacle", ""), f"the obstacle {text}", between=trade.chain.mine)


def test_a_call_is_exercised(world: World) -> None:
    trade = Served(world, "call").opened()
    assert trade.tallystick.data("agreement", "verify", trade.file)["vault"] == trade.vault.address
    assert trade.state()["status"] == "open"
    trade.hand_in("exercise", world.buyer, validUntil=trade.until())
    assert trade.show()["phase"] == "active"
    trade.chain.move_to(trade.number("exerciseStart"))
    # The buyer has not allowed the payment: nothing is exercised, and it is tried again.
    until_obstacle(trade, "exercise: payment refused")
    assert "exercise" in [each["route"] for each in trade.show()["routes"] if each["open"]]
    trade.tallystick("escrow", "approve", trade.terms_file, rpc_url=trade.chain.url, exercise=True, **world.buyer.key)
    assert trade.amounts(trade.settled()) == ("exercised", [BUYERS, STRIKE_PAYMENT, QUANTITY, SPARE])
    assert trade.moved() == [
        -PREMIUM - STRIKE_PAYMENT, PREMIUM + STRIKE_PAYMENT, 0, QUANTITY, -QUANTITY, 0]
    assert trade.outcome()["deliveryToBuyer"] == str(QUANTITY)


def test_a_put_is_exercised(world: World) -> None:
    trade = Served(world, "put", "put").opened()
    trade.tallystick("escrow", "approve", trade.terms_file, rpc_url=trade.chain.url, exercise=True, **world.buyer.key)
    trade.chain.move_to(trade.number("exerciseStart"))
    trade.hand_in("exercise", world.buyer, validUntil=trade.until())
    assert trade.amounts(trade.settled()) == ("exercised", [BUYERS + STRIKE_PAYMENT, SPARE, 0, QUANTITY])
    assert trade.moved() == [STRIKE_PAYMENT - PREMIUM, PREMIUM - STRIKE_PAYMENT, 0, -QUANTITY, QUANTITY, 0]


def test_both_sign_amounts_of_both_tokens(world: World) -> None:
    trade = Served(world, "agreed").opened()
    fields = {"toBuyer": 30 * UNIT, "deliveryToSeller": QUANTITY, "validUntil": trade.until()}
    trade.hand_in("outcome", world.buyer, **fields)
    assert set(trade.show()["outcomes"]) == {"buyer"}
    trade.hand_in("outcome", world.seller, **fields)
    assert trade.amounts(trade.settled()) == ("agreed", [30 * UNIT, BUYERS - 30 * UNIT, SPARE, QUANTITY])
    assert trade.moved() == [30 * UNIT - PREMIUM - BUYERS, PREMIUM + BUYERS - 30 * UNIT, 0, SPARE, -SPARE, 0]


@pytest.mark.parametrize("kind", ["call", "put"])
def test_what_is_not_exercised_goes_back(world: World, kind: str) -> None:
    trade = Served(world, f"expired.{kind}", kind).opened()
    # A notice that nobody paid for does not keep the collaterals in.
    trade.hand_in("exercise", world.buyer, validUntil=trade.until())
    trade.chain.move_to(trade.number("exerciseStart"))
    until_obstacle(trade, "exercise: payment refused")
    trade.chain.move_to(trade.number("expirationTime"))
    locked = trade.number("sellerCollateral")
    back = [BUYERS, 0, 0, locked] if kind == "call" else [BUYERS, locked, 0, 0]
    assert trade.amounts(trade.settled()) == ("expired", back)
    assert trade.moved() == [-PREMIUM, PREMIUM, 0, 0, 0, 0]


def test_a_seller_who_refuses_the_payment_gets_a_claim(world: World) -> None:
    token = world.chain.deploy(TOKENS["BlocklistToken"])
    for party in (world.buyer, world.seller):
        world.chain.call(token, "mint", party.address, 10**6 * UNIT)
    trade = Served(world, "claimed", token=token.address).opened()
    trade.tallystick("escrow", "approve", trade.terms_file, rpc_url=trade.chain.url, exercise=True, **world.buyer.key)
    world.chain.call(token, "setBlocked", world.seller.address, True)
    trade.chain.move_to(trade.number("exerciseStart"))
    trade.hand_in("exercise", world.buyer, validUntil=trade.until())
    assert trade.amounts(trade.settled()) == ("exercised", [BUYERS, STRIKE_PAYMENT, QUANTITY, SPARE])
    assert token.functions.balanceOf(trade.vault.address).call() == STRIKE_PAYMENT
    world.chain.call(token, "setBlocked", world.seller.address, False)
    trade.file = trade.agreement_file()
    assert trade.state()["claims"] == [
        {"claimant": world.seller.address, "token": token.address, "amount": str(STRIKE_PAYMENT)}]
    withdrawal = trade.signed(
        "withdrawal", world.seller, token=token.address, to=world.carrier.address, amount=STRIKE_PAYMENT,
        validUntil=trade.until())
    trade.does("withdraw", withdrawal)
    assert token.functions.balanceOf(world.carrier.address).call() == STRIKE_PAYMENT


def test_what_belongs_to_the_other_settlement_is_refused(world: World) -> None:
    trade = Served(world, "other").opened()
    before = world.service.part(trade.id, "journal")
    for kind in ("outcome", "proposal", "dispute"):
        result = trade.tallystick.run(
            kind, "sign", trade.id, url=trade.url, valid_until=trade.until(), json=True, **world.buyer.key)
        if kind == "outcome":  # It signs the clause's amounts of both tokens.
            assert result.status == 0
            continue
        assert (result.status, result.envelope["errors"][0]["code"]) == (3, "other_settlement"), kind
    cash = {"agreementId": trade.id, "version": "1", "toBuyer": str(BUYERS), "toSeller": "0",
            "validUntil": str(trade.until())}
    signature = sign("Outcome", trade.terms["domain"], cash, world.buyer.private_key())
    reply = world.service.post(f"/v1/agreements/{trade.id}/outcomes", {"message": cash, "signature": signature})
    assert (reply.status_code, reply.json()["code"]) == (422, "other_settlement")
    after = world.service.part(trade.id, "journal")["entries"]
    assert after[:-1] == before["entries"] and after[-1]["event"]["name"] == "deliveryOutcomeSigned"


def test_tokens_that_count_in_other_units_are_refused(world: World) -> None:
    trade = Served(world, "units", quantityDecimals=6, tokenDecimals=6)
    result = trade.tallystick.run(
        "agreement", "submit", trade.terms_file, clause=trade.source, url=trade.url, json=True)
    assert (result.status, result.envelope["errors"][0]["code"]) == (3, "other_decimals")
    assert "economics.quantityDecimals" in result.stdout


def test_a_cash_trade_takes_no_outcome_of_two_tokens(world: World) -> None:
    cash = Escrowed(world, "cash", observers=[world.carrier.address], observerThreshold=1).opened()
    message = {
        "agreementId": cash.id, "version": "1", "toBuyer": str(BUYERS), "toSeller": str(10_000 * UNIT),
        "deliveryToBuyer": "0", "deliveryToSeller": "0", "validUntil": str(cash.until())}
    signature = sign("DeliveryOutcome", cash.terms["domain"], message, world.buyer.private_key())
    reply = world.service.post(f"/v1/agreements/{cash.id}/outcomes", {"message": message, "signature": signature})
    assert (reply.status_code, reply.json()["code"]) == (422, "other_settlement")
