"""Permits through the service: signed, handed in, and given to the token when it opens; no approval is ever sent."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from harness import ROOT
from harness.party import Party
from harness.terms import UNIT
from harness.trade import Trade
from harness.world import World

TOKENS = json.loads((ROOT / "Contracts/Escrow/tests/tokens.json").read_text())["contracts"]
SALTS = count(700)


@pytest.fixture
def trade(world: World) -> Trade:
    """Both signed; buyer and seller have tokens, and the vault may take none of them."""
    token = world.chain.deploy(TOKENS["PermitToken"])
    for party in (world.buyer, world.seller):
        world.chain.call(token, "mint", party.address, 20_000 * UNIT)
    trade = Trade(world, "permits", world.buyer, world.seller, token=token.address, salt=next(SALTS))
    trade.token = token
    return trade.agreed()


def permit(trade: Trade, party: Party, **fields: Any) -> str:
    words = [word for name, value in fields.items() for word in ("--field", f"{name}={value}")]
    document = trade.tallystick(
        "escrow", "sign", "permit", trade.terms_file, *words, rpc_url=trade.chain.url, **party.key)
    return trade.write(f"permit.{party.name}", json.loads(document))


def submit(trade: Trade, file: str) -> Any:
    return trade.tallystick.run("permit", "submit", trade.id, file, url=trade.url, json=True)


def journal(trade: Trade) -> list[str]:
    """The names of what the service wrote down, in order."""
    entries = trade.world.service.part(trade.id, "journal")["entries"]
    return [entry["event"]["name"] for entry in entries]


def test_the_service_opens_with_permits_alone(trade: Trade) -> None:
    for party in trade.parties:
        file = permit(trade, party)
        assert submit(trade, file).status == 0
        assert submit(trade, file).status == 0  # says nothing new
    trade.wait_for("active")
    balance = trade.token.functions.balanceOf
    assert balance(trade.vault.address).call() == (100 + 10_000) * UNIT
    assert balance(trade.buyer.address).call() == (20_000 - 520) * UNIT
    assert balance(trade.seller.address).call() == (20_000 + 420 - 10_000) * UNIT
    assert journal(trade).count("permitSigned") == 2
    late = submit(trade, permit(trade, trade.buyer))
    assert late.envelope["errors"][0]["code"] == "out_of_place"


def test_a_permit_that_cannot_count_is_refused_and_changes_nothing(trade: Trade) -> None:
    good = json.loads((trade.world.directory / permit(trade, trade.buyer)).read_text())
    other = json.loads((trade.world.directory / permit(trade, trade.seller)).read_text())
    forged = good | {"signature": other["signature"]}
    for code, document in {
        "wrong_signer": forged,
        "not_a_party": good | {"message": good["message"] | {"owner": trade.world.observers[0].address}},
    }.items():
        result = submit(trade, trade.write("refused", document))
        assert result.envelope["errors"][0]["code"] == code
    for fields in ({"value": 519 * UNIT}, {"nonce": 1}, {"spender": trade.world.escrow.address}):
        result = submit(trade, permit(trade, trade.buyer, **fields))
        assert (result.status, result.envelope["errors"][0]["code"]) == (3, "unfit_permit"), fields
    result = submit(trade, permit(trade, trade.buyer, deadline=trade.chain.time - 1))
    assert result.envelope["errors"][0]["code"] == "expired"
    assert "permitSigned" not in journal(trade)


def test_a_token_without_permits_says_so(world: World) -> None:
    trade = Trade(world, "none", world.buyer, world.seller, salt=77).agreed()
    message = {"owner": world.buyer.address, "spender": trade.vault.address, "value": str(10**12), "nonce": "0",
               "deadline": str(trade.chain.time + 3600)}
    document = {"message": message, "signature": world.buyer.sign_terms(trade.terms_file)}
    result = submit(trade, trade.write("permit", document))
    assert (result.status, result.envelope["errors"][0]["code"]) == (3, "unfit_permit")
    assert "escrow approve" in result.envelope["errors"][0]["message"]
