"""Both parties propose the same: the vault pays at once, and the proof holds both proposals."""

from __future__ import annotations

import json
from typing import Any

from harness.offline import without_network
from harness.terms import UNIT
from harness.trade import Trade
from harness.world import World

PRICES = (3_120_15000000, 3_120_20000001, 3_120_10000000)
# 12.345678901234567890 x (3,120.15 - 2,500), rounded down.
PAYOFF = 7_656_172_770


def opened(world: World, name: str, salt: int) -> tuple[Trade, dict[str, int]]:
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    trade = Trade(world, name, world.buyer, world.seller, salt=salt).opened()
    trade.observe(*PRICES)
    return trade, before


def assert_paid(trade: Trade, before: dict[str, int], settled: dict[str, Any]) -> None:
    after, premium = trade.balances(), trade.number("premium")
    assert (settled["route"], int(settled["toBuyer"])) == ("agreed", 100 * UNIT + PAYOFF)
    assert after["buyer"] - before["buyer"] == PAYOFF - premium
    assert after["seller"] - before["seller"] == premium - PAYOFF
    assert trade.vault_balance() == 0


def verified(trade: Trade, proof: str, settled: dict[str, Any], **options: Any) -> tuple[int, list[str]]:
    """The status of a verification without a network, and the checks that did not pass."""
    wrapper, _ = without_network()
    result = trade.tallystick.run(
        "proof", "verify", proof, wrapper=wrapper, json=True, trusted_block=trade.block_of(settled["transaction"]),
        **options)
    findings = result.envelope["data"]["findings"]
    return result.status, [each["name"] for each in findings if each["verdict"] != "passed"]


def test_an_equal_proposal_through_the_service_closes_at_once(world: World) -> None:
    trade, before = opened(world, "equal", 81)
    window_end = trade.propose(trade.buyer)
    trade.claim("proposal", trade.seller)
    settled = trade.wait_for("closed")["settled"]
    assert int(settled["blockTime"]) < window_end
    assert_paid(trade, before, settled)
    proof = trade.fetch_proof()
    basis = json.loads(proof.read_bytes())["basis"]
    assert [each["message"]["proposer"] for each in basis["proposals"]] == [trade.buyer.address, trade.seller.address]
    assert verified(trade, proof.name, settled) == (0, [])
    assert "obstacle" not in trade.show()


def test_what_both_handed_in_before_closes_at_once_too(world: World) -> None:
    trade, before = opened(world, "together", 82)
    trade.chain.move_to(trade.number("evidenceCloses"))
    for party in trade.parties:
        trade.claim("proposal", party)
    settled = trade.wait_for("closed")["settled"]
    assert int(settled["blockTime"]) < trade.number("settleFrom") + trade.number("disputeWindow")
    assert_paid(trade, before, settled)
    assert verified(trade, trade.fetch_proof().name, settled) == (0, [])


def test_proposals_that_the_service_never_saw_are_proved_from_their_transactions(world: World) -> None:
    trade, before = opened(world, "outside", 83)
    trade.chain.move_to(trade.number("settleFrom"))
    file, owed = trade.agreement_file(), trade.outcome()["toBuyer"]
    for party in trade.parties:
        words = ["--field", f"toBuyer={owed}", "--field", f"validUntil={trade.number('settleBy')}"]
        signed = trade.write(
            f"proposal.{party.name}",
            json.loads(trade.tallystick("escrow", "sign", "proposal", file, *words, **party.key)))
        trade.tallystick("escrow", "propose", file, signed, send=True, rpc_url=trade.chain.url, **party.key)
    settled = trade.wait_for("closed")["settled"]
    assert_paid(trade, before, settled)
    proof = trade.fetch_proof().name
    assert verified(trade, proof, settled) == (4, ["journal's signature"])
    assert verified(trade, proof, settled, journal_signer=world.service.sender) == (0, [])


def test_a_different_answer_is_refused_and_disputed_instead(world: World) -> None:
    trade, _ = opened(world, "different", 84)
    trade.chain.move_to(trade.number("settleFrom"))
    file = trade.agreement_file()
    words = ["--field", f"toBuyer={trade.number('buyerCollateral')}", "--field", f"validUntil={trade.number('settleBy')}"]
    signed = trade.write(
        "proposal.lie", json.loads(trade.tallystick("escrow", "sign", "proposal", file, *words, **trade.seller.key)))
    trade.tallystick("escrow", "propose", file, signed, send=True, rpc_url=trade.chain.url, **trade.seller.key)
    trade.wait_for("proposed")
    refused = trade.tallystick.run(
        "proposal", "sign", trade.id, url=trade.url, valid_until=trade.number("settleBy"), json=True,
        **trade.buyer.key)
    assert (refused.status, refused.envelope["errors"][0]["code"]) == (3, "other_proposal")
    trade.claim("dispute", trade.buyer)
    trade.wait_for("disputed")
