"""Amendments and novations through the service: signed and handed in by commands, carried, and proved under the new version."""

from __future__ import annotations

import json

import pytest
from harness.changing import DEARER, Changing
from harness.terms import CALL, UNIT, call_payout
from harness.waiting import until
from harness.world import World

PRICE = 312_015_000_000
PRICES = (PRICE, PRICE + 2_000, PRICE - 2_000)


def until_obstacle(trade: Changing, text: str) -> None:
    until(lambda: text in trade.show().get("obstacle", ""), f"the obstacle {text}", between=trade.chain.mine)


def test_more_collateral_for_a_lower_strike(world: World) -> None:
    trade = Changing(world, "amended", world.buyer, world.seller, salt=2_001).opened()
    new = trade.offer(**DEARER)
    shown = trade.hand_in("amendment", world.seller, new)
    assert [(each["kind"], each["signers"]) for each in shown["offers"]] == [("amendment", [world.seller.address])]
    trade.allow(world.seller, 0)
    trade.hand_in("amendment", world.buyer, new)
    until_obstacle(trade, "amend: collateral refused")
    assert "amend" in [each["route"] for each in trade.show()["routes"] if each["open"]]
    # The thousand, and the bond.
    trade.allow(world.seller, 1_150 * UNIT)
    trade.wait_for_version(2)
    assert trade.vault_balance() == 11_100 * UNIT
    trade.observe(*PRICES)
    to_buyer = 100 * UNIT + call_payout(trade.terms, PRICE)
    assert to_buyer == 8_990_740_660 and trade.outcome()["toBuyer"] == str(to_buyer)
    trade.chain.move_to(trade.propose(world.buyer))
    trade.proof_of("finalised", 2)
    assert trade.gains() == {"buyer": to_buyer, "seller": 10_100 * UNIT - to_buyer}


def test_another_takes_the_sellers_place_and_settles(world: World) -> None:
    trade = Changing(world, "novated", world.buyer, world.seller, salt=2_002).opened()
    heir = world.party("heir", 5_000 * UNIT)
    new = trade.offer(seller=heir.address)
    fields = {"transferor": world.seller.address, "transferee": heir.address, "consideration": 900 * UNIT}
    early = trade.signed("novation", heir, new, **fields)
    result = trade.tallystick.run(
        "novation", "submit", trade.id, early, url=trade.url, amended=new, json=True)
    assert (result.status, result.envelope["errors"][0]["code"]) == (3, "not_a_party")
    for party in (world.seller, heir, world.buyer):
        trade.hand_in("novation", party, new, **fields)
    until_obstacle(trade, "novate: consideration refused")
    trade.allow(heir, 900 * UNIT)
    trade.wait_for_version(2)
    assert world.balance(heir.address) == 4_100 * UNIT
    trade.observe(*PRICES)
    trade.seller = heir
    to_buyer = int(trade.outcome()["toBuyer"])
    trade.settle_together()
    trade.proof_of("agreed", 2)
    assert world.balance(heir.address) == 4_100 * UNIT + 10_100 * UNIT - to_buyer
    assert world.balance(world.seller.address) == trade.start["seller"] + 900 * UNIT
    assert world.balance(world.buyer.address) == trade.start["buyer"] + to_buyer


def test_amended_by_command_and_handed_in_late(world: World) -> None:
    trade = Changing(world, "late", world.buyer, world.seller, salt=2_003).opened()
    new = trade.offer(**DEARER)
    parties = (world.buyer, world.seller)
    files = [trade.signed("amendment", each, new) for each in parties]
    trade.allow(world.seller, 1_150 * UNIT)
    trade.tallystick(
        "escrow", "amend", trade.agreement_file(), *files, amended=new, rpc_url=trade.chain.url, send=True,
        **world.buyer.key)
    shown = trade.wait_for("amended")
    assert shown["change"]["version"] == "2" and "not known here" in shown["obstacle"]
    trade.chain.move_to(trade.number("settleBy"))
    for party, file in zip(parties, files):
        assert "phase" in trade.tallystick.data(
            "amendment", "submit", trade.id, file, url=trade.url, amended=new, clause=CALL.name)
    trade.proof_of("default", 2)
    assert trade.gains() == {"buyer": 100 * UNIT, "seller": 10_000 * UNIT}


def test_what_nobody_pays_for_holds_up_nothing(world: World) -> None:
    trade = Changing(world, "unpaid", world.buyer, world.seller, salt=2_004).opened()
    trade.allow(world.seller, 0)
    new = trade.offer(**DEARER)
    for party in (world.buyer, world.seller):
        trade.hand_in("amendment", party, new)
    until_obstacle(trade, "amend: collateral refused")
    trade.chain.move_to(trade.number("settleBy"))
    assert trade.wait_for("closed")["settled"]["route"] == "default"
    proof = trade.fetch_proof()
    assert "changes" not in json.loads(proof.read_text())


BROKEN = {
    "another token": ({"token": "0x" + "11" * 20}, {}, "unfit_change"),
    "another premium": ({"premium": 1}, {}, "unfit_change"),
    "another seller": ({"seller": "0x" + "22" * 20}, {}, "unfit_change"),
    "the present version": ({"salt": 99}, {"version": 1}, "other_agreement"),
    "expired": ({"salt": 99}, {"validUntil": 1}, "expired"),
    "other terms": ({"salt": 99}, {"terms": "0x" + "33" * 32}, "unfit_change"),
    "another clause": ({"clause": "0x" + "44" * 32}, {}, "other_clause"),
    "other decimals": ({"tokenDecimals": 7}, {}, "other_decimals"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_amendments_that_the_vault_would_refuse(world: World, what: str) -> None:
    changes, fields, code = BROKEN[what]
    trade = broken(world)
    before = world.service.part(trade.id, "journal")
    new = trade.offer(**changes)
    file = trade.signed("amendment", world.buyer, new, **fields)
    result = trade.tallystick.run("amendment", "submit", trade.id, file, url=trade.url, amended=new, json=True)
    assert result.status == 3 and result.envelope["errors"][0]["code"] == code, result.stdout
    assert world.service.part(trade.id, "journal") == before


def broken(world: World) -> Changing:
    if not hasattr(world, "unbroken"):
        world.unbroken = Changing(world, "broken", world.buyer, world.seller, salt=2_005).opened()
    return world.unbroken
