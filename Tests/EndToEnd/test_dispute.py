"""Routes that nobody wants: disputes, silence, and a chain that changes its mind."""

from __future__ import annotations

from pathlib import Path

import pytest
from eth_account import Account
from harness.terms import HOUR, UNIT
from harness.trade import Trade
from harness.typed_data import as_tuple, sign, struct_hash
from harness.waiting import until
from harness.world import World

PRICES = (3_120 * 10**8, 3_121 * 10**8)
DEFAULT = {"defaultToBuyer": 3_100 * UNIT, "defaultToSeller": 7_000 * UNIT}


def opened(world: World, name: str, salt: int) -> Trade:
    return Trade(world, name, world.buyer, world.seller, salt=salt, **DEFAULT).opened()


def lie(trade: Trade) -> None:
    """The seller proposes, past the service, that the buyer gets nothing beyond its collateral."""
    whole = trade.number("buyerCollateral") + trade.number("sellerCollateral")
    message = {
        "agreementId": trade.id, "version": 1, "proposer": trade.seller.address, "evidenceDigest": "0x" + "00" * 32,
        "toBuyer": trade.number("buyerCollateral"), "toSeller": whole - trade.number("buyerCollateral"),
        "validUntil": trade.chain.time + HOUR,
    }
    key = trade.seller.private_key()
    signature = sign("Proposal", trade.terms["domain"], message, key)
    trade.chain.call(
        trade.vault, "propose", as_tuple("Escrow", trade.terms["escrow"]),
        struct_hash("Economics", trade.terms["domain"], trade.terms["economics"]), message["proposer"], bytes(32),
        message["toBuyer"], message["toSeller"], message["validUntil"], bytes.fromhex(signature[2:]), b"",
        account=Account.from_key(key))


def verify(trade: Trade, proof: Path, block: str) -> int:
    return trade.tallystick.run("proof", "verify", proof.name, trusted_block=block).status


def assert_paid_by_default(trade: Trade, before: dict[str, int]) -> None:
    """Every bond is back, and the default amounts are where the terms say."""
    premium, after = trade.number("premium"), trade.balances()
    assert after["buyer"] - before["buyer"] == DEFAULT["defaultToBuyer"] - premium - trade.number("buyerCollateral")
    assert after["seller"] - before["seller"] == DEFAULT["defaultToSeller"] + premium - trade.number("sellerCollateral")
    assert trade.vault_balance() == 0


def test_a_dispute_freezes_until_the_default_falls_due(world: World) -> None:
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    trade = opened(world, "disputed", 11)
    trade.observe(*PRICES)
    trade.chain.move_to(trade.number("settleFrom"))
    lie(trade)
    trade.wait_for("proposed")
    trade.claim("dispute", trade.buyer)
    trade.wait_for("disputed")
    disputed_at = trade.vault.functions.state().call()[5]
    frozen = trade.vault_balance()
    assert frozen == trade.number("buyerCollateral") + trade.number("sellerCollateral") + 2 * trade.number("bond")

    # The dispute window passes, and settleBy; nothing moves before the ruling window has passed as well.
    falls_due = disputed_at + trade.number("rulingWindow")
    trade.chain.move_to(falls_due - 100)
    for _ in range(20):
        trade.chain.mine()
        shown = trade.show()
        assert (shown["phase"], "instruction" in shown) == ("disputed", False)
        assert [each["route"] for each in shown["routes"] if each["open"]] == []
    assert trade.chain.time < falls_due
    assert trade.vault_balance() == frozen

    trade.chain.move_to(falls_due)
    settled = trade.wait_for("closed")["settled"]
    assert settled["route"] == "default"
    assert_paid_by_default(trade, before)
    assert verify(trade, trade.fetch_proof(), trade.block_of(settled["transaction"])) == 0


def test_silence_pays_the_default(world: World) -> None:
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    trade = opened(world, "silent", 12)
    trade.chain.move_to(trade.number("settleBy") - 100)
    for _ in range(20):
        trade.chain.mine()
        assert trade.show()["phase"] == "active"
    trade.chain.move_to(trade.number("settleBy"))
    settled = trade.wait_for("closed")["settled"]
    assert settled["route"] == "default"
    assert_paid_by_default(trade, before)
    assert verify(trade, trade.fetch_proof(), trade.block_of(settled["transaction"])) == 0


def test_a_false_proposal_that_nobody_disputes_is_no_sound_settlement(world: World) -> None:
    """The contract pays it, since it knows no prices. The service holds no basis for it, and so gives no proof."""
    trade = opened(world, "false", 13)
    trade.observe(*PRICES)
    trade.chain.move_to(trade.number("settleFrom"))
    lie(trade)
    trade.wait_for("proposed")
    trade.chain.move_to(trade.dispute_by())
    settled = trade.wait_for("closed")["settled"]
    assert settled["route"] == "finalised"
    reply = world.service.get(f"/v1/agreements/{trade.id}/proof")
    assert (reply.status_code, reply.json()["code"]) == (409, "not_settled")


@pytest.mark.parametrize("is_dropped", [True, False], ids=["dropped", "mined later"])
def test_a_settlement_that_a_reorganisation_takes_back_is_settled_again(world: World, is_dropped: bool) -> None:
    trade = opened(world, f"reorganised-{is_dropped}", 14 + is_dropped)
    trade.observe(*PRICES)
    for party in trade.parties:
        trade.claim("outcome", party)
    first = settling_transaction(trade)
    lost = trade.block_of(first)

    head = trade.chain.web3.eth.block_number
    depth = head - trade.chain.web3.eth.get_transaction_receipt(first)["blockNumber"] + 1
    assert depth < 3, "the settlement was final already"
    trade.chain.ask("devchain_reorganise", depth, {"drop": [first]} if is_dropped else {"blocks": [[], [first]]})
    settled = trade.wait_for("closed")["settled"]
    assert settled["transaction"] == first
    found = trade.block_of(first)
    assert settled["blockHash"] == found != lost
    assert trade.vault_balance() == 0
    proof = trade.fetch_proof()
    assert verify(trade, proof, found) == 0
    assert verify(trade, proof, lost) == 1


def settling_transaction(trade: Trade) -> str:
    """The hash of the settling transaction as soon as it is mined, without another block on top."""

    def mined() -> str | None:
        events = trade.vault.events.Settled.get_logs(from_block=0)
        return "0x" + bytes(events[0]["transactionHash"]).hex() if events else None

    return until(mined, "the settlement to be mined")
