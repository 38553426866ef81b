"""The settlement call: the same bytes from anyone, and other bytes for other terms."""

from __future__ import annotations

from typing import Any

import pytest
from harness.terms import CALL, changed
from harness.trade import Trade
from harness.typed_data import as_tuple, sign, struct_hash, terms_digest
from harness.world import World

ROUTES = {"open": "open", "finalise": "finalise", "default": "settleByDefault"}


@pytest.fixture(scope="module")
def trade(world: World) -> Trade:
    """Never submitted: deriving needs nobody's service."""
    return Trade(world, "derived", world.buyer, world.seller)


def agreement(world: World, terms: dict[str, Any]) -> dict[str, Any]:
    """Signed by eth-account with the keys in the parties' files."""
    signatures = {
        party.name: sign("OptionTerms", terms["domain"], terms, party.private_key())
        for party in (world.buyer, world.seller)
    }
    return {"terms": terms, "clause": CALL.read_text(), "signatures": signatures, "evidence": []}


def derive(trade: Trade, document: dict[str, Any], route: str) -> dict[str, Any]:
    file = trade.write("derived", document)
    first = trade.tallystick.run("escrow", route, file, json=True)
    second = trade.tallystick.run("escrow", route, file, json=True)
    assert first.status == second.status == 0, first.stdout
    assert first.stdout == second.stdout
    return first.envelope["data"]["call"]


@pytest.mark.parametrize("route", ROUTES)
def test_two_processes_derive_the_bytes_that_web3_encodes(world: World, trade: Trade, route: str) -> None:
    document = agreement(world, trade.terms)
    call = derive(trade, document, route)
    economics = struct_hash("Economics", trade.terms["domain"], trade.terms["economics"])
    arguments = [as_tuple("Escrow", trade.terms["escrow"]), economics]
    contract = world.chain.vault(world.escrow, terms_digest(trade.terms))
    if route == "open":
        contract = world.escrow
        arguments += [bytes.fromhex(document["signatures"][name][2:]) for name in ("buyer", "seller")]
    assert call["data"] == contract.encode_abi(ROUTES[route], args=arguments)
    assert (call["to"], call["value"], call["chainId"]) == (contract.address, "0", str(world.chain.id))


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name", ["premium", "bond", "quantity", "strikePrice"])
def test_one_base_unit_changes_the_bytes(world: World, trade: Trade, route: str, name: str) -> None:
    part = "economics" if name in trade.terms["economics"] else "escrow"
    other = changed(trade.terms, **{name: int(trade.terms[part][name]) + 1})
    before = derive(trade, agreement(world, trade.terms), route)
    after = derive(trade, agreement(world, other), route)
    assert before["data"] != after["data"]
    if route != "open":
        assert before["to"] != after["to"]


def test_terms_that_were_not_signed_are_no_agreement(world: World, trade: Trade) -> None:
    document = agreement(world, trade.terms)
    document["terms"] = changed(trade.terms, premium=trade.number("premium") + 1)
    file = trade.write("unsigned", document)
    result = trade.tallystick.run("agreement", "verify", file)
    assert result.status == 3
    assert "signed by" in result.stderr
