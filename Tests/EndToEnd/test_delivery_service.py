"""Options settled by delivery, carried by the service: each way to the end, in both tokens, with a proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from harness.delivery import BUYERS, PREMIUM, QUANTITY, SPARE, STRIKE_PAYMENT, TOKENS, Served, furnish
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
    trade.allow_exercise()
    assert trade.amounts(trade.settled()) == ("exercised", [BUYERS, STRIKE_PAYMENT, QUANTITY, SPARE])
    assert trade.moved() == [
        -PREMIUM - STRIKE_PAYMENT, PREMIUM + STRIKE_PAYMENT, 0, QUANTITY, -QUANTITY, 0]
    assert trade.outcome()["deliveryToBuyer"] == str(QUANTITY)


def test_a_put_is_exercised(world: World) -> None:
    trade = Served(world, "put", "put").opened()
    trade.allow_exercise()
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
    trade.allow_exercise()
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


def outcome(trade: Served, **changes: Any) -> dict[str, Any]:
    message = {
        "agreementId": trade.id, "version": "1", "toBuyer": str(BUYERS), "toSeller": "0", "deliveryToBuyer": "5",
        "deliveryToSeller": str(QUANTITY + SPARE - 5), "validUntil": str(trade.until())} | changes
    return {name: value for name, value in message.items() if value is not None}


def notice(trade: Served, **changes: Any) -> dict[str, Any]:
    return {"agreementId": trade.id, "version": "1", "holder": trade.buyer.address, "validUntil": str(trade.until())} | changes


# What is handed in, by whom, and what is said of it.
BAD_MESSAGES: dict[str, tuple[str, str, Callable[[Served], dict[str, Any]], str, str]] = {
    "parts that are not the whole": (
        "outcomes", "buyer", lambda it: outcome(it, toSeller="1"), "not_the_whole", str(BUYERS)),
    "delivery parts that are not the whole": (
        "outcomes", "buyer", lambda it: outcome(it, deliveryToBuyer="6"), "not_the_whole", str(QUANTITY + SPARE)),
    "another version": ("outcomes", "buyer", lambda it: outcome(it, version="2"), "other_agreement", "version"),
    "another agreement": (
        "outcomes", "buyer", lambda it: outcome(it, agreementId="0x" + "ab" * 32), "other_agreement", "agreement"),
    "an outcome that is over": (
        "outcomes", "buyer", lambda it: outcome(it, validUntil=str(it.chain.time)), "expired", "validity"),
    "an outcome of a stranger": ("outcomes", "carrier", outcome, "not_a_party", "party"),
    "a notice of the seller": (
        "exercises", "seller", lambda it: notice(it, holder=it.seller.address), "wrong_signer", "exercise"),
    "a notice in the buyer's name": ("exercises", "seller", notice, "wrong_signer", "exercise"),
    "a notice of another version": (
        "exercises", "buyer", lambda it: notice(it, version="2"), "other_agreement", "version"),
    "a notice that is over": (
        "exercises", "buyer", lambda it: notice(it, validUntil=str(it.chain.time)), "expired", "validity"),
}


@pytest.fixture(scope="module")
def standing(world: World) -> Served:
    """An option that nothing happens to."""
    return Served(world, "standing").opened()


@pytest.mark.parametrize("fault", BAD_MESSAGES)
def test_a_message_that_does_not_hold_changes_nothing(world: World, standing: Served, fault: str) -> None:
    path, signer, make, code, word = BAD_MESSAGES[fault]
    message = make(standing)
    kind = "DeliveryOutcome" if path == "outcomes" else "ExerciseNotice"
    signature = sign(kind, standing.terms["domain"], message, getattr(world, signer).private_key())
    before = world.service.part(standing.id, "journal")
    reply = world.service.post(
        f"/v1/agreements/{standing.id}/{path}", {"message": message, "signature": signature})
    assert (reply.status_code, reply.json()["code"]) == (422, code), reply.text
    assert word in reply.json()["detail"]
    assert world.service.part(standing.id, "journal") == before


@pytest.mark.parametrize("change", [
    {"deliveryToSeller": None}, {"toBuyer": 5}, {"deliveryToBuyer": "-1"}, {"deliveryToBuyer": "5.0"}, {"colour": "red"}])
def test_an_outcome_that_cannot_be_read_is_refused_by_member(
    world: World, standing: Served, change: dict[str, Any]) -> None:
    message = outcome(standing, **change)
    reply = world.service.post(
        f"/v1/agreements/{standing.id}/outcomes", {"message": message, "signature": "0x" + "01" * 64 + "1b"})
    assert (reply.status_code, reply.json()["code"]) == (400, "document_malformed")
    assert [each["path"] for each in reply.json()["faults"]] == [f"message.{next(iter(change))}"]


def test_what_does_not_belong_to_a_delivery_is_refused_by_name(world: World, standing: Served) -> None:
    price = {
        "feed": standing.terms["escrow"]["feed"], "observedAt": str(standing.number("expirationTime")),
        "publishedAt": str(standing.number("expirationTime")), "value": "1"}
    signature = sign("Observation", standing.terms["domain"], price, world.carrier.private_key())
    reply = world.service.post(
        f"/v1/agreements/{standing.id}/evidence", {"message": price, "signature": signature})
    assert (reply.status_code, reply.json()["code"]) == (422, "other_settlement")
