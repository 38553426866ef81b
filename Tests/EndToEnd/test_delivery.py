"""Options settled by delivery, through the command line: every route ends in balances of both tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from harness.delivery import BUYERS, CLAUSES, PREMIUM, QUANTITY, SPARE, STRIKE_PAYMENT, TOKENS, Delivery, furnish
from harness.escrowed import Escrowed
from harness.terms import UNIT
from harness.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A chain, a token to deliver, two parties and somebody who carries calls."""
    with World(tmp_path_factory.mktemp("delivery")) as world:
        yield furnish(world)


def test_a_call_is_exercised_against_payment(world: World) -> None:
    trade = Delivery(world, "call").open()
    assert trade.moved() == [-PREMIUM - BUYERS, PREMIUM, BUYERS, 0, -QUANTITY - SPARE, QUANTITY + SPARE]
    notice = trade.signed("exercise", world.buyer, validUntil=trade.until())
    assert trade.fails("exercise", notice) == ["exercise: before exerciseStart", "exercise: payment refused"]
    state = trade.foretell(0).state()
    assert state["status"] == "open"
    assert [int(each["time"]) for each in state["deadlines"]] == [
        trade.number("exerciseStart"), trade.number("expirationTime")]
    assert f"{STRIKE_PAYMENT} of {world.token.address}" in state["deadlines"][0]["meaning"]
    trade.exercised()
    assert trade.moved() == [
        -PREMIUM - STRIKE_PAYMENT, PREMIUM + STRIKE_PAYMENT, 0, QUANTITY, -QUANTITY, 0]
    trade.assert_logged(6)
    state = trade.state()
    assert (state["status"], state["deadlines"]) == ("closed", [])
    assert trade.fails("exercise", notice)[0] == "exercise: closed"


def test_a_put_is_exercised_against_delivery(world: World) -> None:
    trade = Delivery(world, "put", "put").open()
    assert trade.moved() == [
        -PREMIUM - BUYERS, PREMIUM - STRIKE_PAYMENT - SPARE, BUYERS + STRIKE_PAYMENT + SPARE, 0, 0, 0]
    trade.foretell(0).exercised()
    assert trade.moved() == [STRIKE_PAYMENT - PREMIUM, PREMIUM - STRIKE_PAYMENT, 0, -QUANTITY, QUANTITY, 0]
    trade.assert_logged(6)


@pytest.mark.parametrize("kind", ["call", "put"])
def test_what_is_not_exercised_goes_back(world: World, kind: str) -> None:
    trade = Delivery(world, f"expired.{kind}", kind).open()
    assert trade.fails("expire") == ["expire: not expired"]
    trade.foretell(1).chain.move_to(trade.number("expirationTime"))
    notice = trade.signed("exercise", world.buyer, validUntil=trade.until())
    assert trade.fails("exercise", notice)[0] == "exercise: expired"
    trade.does("expire")
    assert trade.moved() == [-PREMIUM, PREMIUM, 0, 0, 0, 0]
    trade.assert_logged(6)
    assert trade.fails("expire") == ["expire: closed"]


def test_both_sign_amounts_of_both_tokens(world: World) -> None:
    trade = Delivery(world, "agreed").open()
    until = trade.until()
    wrong = [
        trade.signed("outcome", each, toBuyer=1, toSeller=1, deliveryToBuyer=5, deliveryToSeller=0, validUntil=until)
        for each in trade.parties]
    assert trade.fails("settle", *wrong) == ["settle: sum", "settle: delivery sum"]
    right = [
        trade.signed("outcome", each, toBuyer=30 * UNIT, deliveryToSeller=QUANTITY, validUntil=until)
        for each in trade.parties]
    trade.does("settle", *reversed(right))
    assert trade.moved() == [
        30 * UNIT - PREMIUM - BUYERS, PREMIUM + BUYERS - 30 * UNIT, 0, SPARE, -SPARE, 0]


def test_a_put_ends_early_in_the_token_alone(world: World) -> None:
    trade = Delivery(world, "agreed.put", "put").open()
    until = trade.until()
    files = [trade.signed("outcome", each, toSeller=7, validUntil=until) for each in trade.parties]
    trade.does("settle", *files)
    assert trade.moved() == [
        STRIKE_PAYMENT + SPARE - 7 - PREMIUM, PREMIUM - STRIKE_PAYMENT - SPARE + 7, 0, 0, 0, 0]


def test_a_refused_delivery_becomes_a_claim_in_its_token(world: World) -> None:
    coin = world.chain.deploy(TOKENS["BlocklistToken"])
    world.chain.call(coin, "mint", world.seller.address, 2 * QUANTITY)
    trade = Delivery(world, "claimed", deliveryToken=coin.address, quantityDecimals=6).open()
    world.chain.call(coin, "setBlocked", world.seller.address, True)
    trade.chain.move_to(trade.number("expirationTime"))
    trade.does("expire")
    world.chain.call(coin, "setBlocked", world.seller.address, False)
    locked = QUANTITY + SPARE
    assert trade.state()["claims"] == [
        {"claimant": world.seller.address, "token": coin.address, "amount": str(locked)}]
    fields = {"to": world.carrier.address, "amount": locked, "validUntil": trade.until()}
    other = trade.signed("withdrawal", world.seller, **fields)
    assert trade.fails("withdraw", other) == ["withdraw: not the claim"]
    trade.does("withdraw", trade.signed("withdrawal", world.seller, token=coin.address, **fields))
    assert coin.functions.balanceOf(world.carrier.address).call() == locked
    assert trade.state()["claims"] == []


def test_a_cancelled_delivery_never_opens(world: World) -> None:
    trade = Delivery(world, "cancelled")
    trade.does("cancel", trade.signed("cancellation", world.seller, validUntil=trade.until()))
    for party in trade.parties:
        trade.approve(party)
    assert trade.fails("open") == ["open: cancelled"]


def test_permits_are_of_the_token_that_each_party_brings(world: World) -> None:
    coin = world.chain.deploy(TOKENS["PermitToken"])
    world.chain.call(coin, "mint", world.seller.address, 2 * QUANTITY)
    trade = Delivery(world, "permitted", deliveryToken=coin.address, quantityDecimals=6)
    document = json.loads(trade.tallystick(
        "escrow", "sign", "permit", trade.file, rpc_url=trade.chain.url, **world.seller.key))
    assert document["message"]["value"] == str(QUANTITY + SPARE)
    permit = trade.write("permit", document)
    data = trade.run("open", permit=permit).envelope["data"]
    assert [reason.split(" (")[0] for reason in data["reasons"]] == ["open: premium refused"]
    assert [(each["token"], each["suffices"]) for each in data["permits"]] == [(coin.address, True)]
    trade.approve(world.buyer)
    trade.does("open", permit=permit)
    assert coin.functions.balanceOf(trade.vault.address).call() == QUANTITY + SPARE
    assert world.balance(trade.vault.address) == BUYERS


def test_opening_needs_each_partys_own_token(world: World) -> None:
    trade = Delivery(world, "unfunded")
    assert trade.fails("open") == ["open: premium refused", "open: sellerCollateral refused"]
    result = trade.run("open").envelope["data"]["reasons"]
    assert f"{QUANTITY + SPARE} are needed" in result[1]


def test_a_token_that_counts_in_other_units_is_not_opened(world: World) -> None:
    trade = Delivery(world, "units", quantityDecimals=6, tokenDecimals=7)
    for party in trade.parties:
        trade.approve(party)
    result = trade.run("open")
    assert (result.status, result.envelope["data"]["node"]) == (3, None)  # the contract would take it
    assert [reason.split(" (")[0] for reason in result.envelope["data"]["reasons"]] == ["terms: other decimals"] * 2
    assert trade.run("open", send=True, **world.carrier.key).status == 3
    assert trade.state()["status"] == "unopened"


def test_acts_of_the_other_settlement_are_refused_by_name(world: World) -> None:
    trade = Delivery(world, "other")
    for act in ("propose", "dispute", "finalise", "default", "observe", "settle-observed", "uphold"):
        files = [trade.file] if act in ("propose", "dispute", "observe") else []
        result = trade.run(act, *files)
        assert (result.status, result.envelope["errors"][0]["code"]) == (3, "other_settlement"), act
    for kind in ("proposal", "dispute", "ruling", "appeal", "amendment", "novation"):
        result = trade.tallystick.run("escrow", "sign", kind, trade.file, json=True, **world.buyer.key)
        assert result.status == 3, kind
    cash = Escrowed(world, "cash", observers=[world.carrier.address], observerThreshold=1)
    assert cash.run("expire").envelope["errors"][0]["code"] == "other_settlement"


def test_terms_say_what_exercise_takes(world: World) -> None:
    trade = Delivery(world, "checked")
    checked = trade.tallystick.data("terms", "check", trade.terms_file)
    assert checked["exerciseTakes"] == {"token": world.token.address, "amount": str(STRIKE_PAYMENT)}
    assert checked["releasedBy"] == str(trade.number("expirationTime"))
    economics = tuple(trade.terms["economics"][name] for name in trade.terms["economics"])
    numbers = tuple(int(each) if each.isdigit() else each for each in economics)
    assert trade.open().vault.functions.strikePaymentOf(numbers).call() == STRIKE_PAYMENT
    assert trade.tallystick.data("agreement", "verify", trade.file)["vault"] == trade.vault.address

