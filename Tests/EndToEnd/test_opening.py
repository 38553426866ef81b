"""Opening: everything moves in one transaction or nothing does, and an offer that nobody took up in time is over."""

from __future__ import annotations

from harness.terms import UNIT
from harness.trade import Trade
from harness.waiting import until
from harness.world import World


def test_one_transaction_moves_premium_and_both_collaterals(world: World) -> None:
    trade = Trade(world, "whole", world.buyer, world.seller, salt=21)
    before = trade.balances()
    trade.opened()
    premium, vault = trade.number("premium"), trade.vault_balance()
    after = trade.balances()
    assert after["buyer"] == before["buyer"] - premium - trade.number("buyerCollateral")
    assert after["seller"] == before["seller"] + premium - trade.number("sellerCollateral")
    assert vault == trade.number("buyerCollateral") + trade.number("sellerCollateral")

    # The token's own account of it: three transfers, one transaction.
    opened = world.escrow.events.VaultOpened.get_logs(from_block=0)[-1]
    transfers = world.token.events.Transfer.get_logs(
        from_block=opened["blockNumber"], to_block=opened["blockNumber"])
    assert {each["transactionHash"] for each in transfers} == {opened["transactionHash"]}
    moves = [(each["args"]["sender"], each["args"]["receiver"], each["args"]["amount"]) for each in transfers]
    buyer, seller = trade.buyer.address, trade.seller.address
    assert sorted(moves) == sorted([
        (buyer, seller, 420 * UNIT), (buyer, trade.vault.address, 100 * UNIT),
        (seller, trade.vault.address, 10_000 * UNIT),
    ])


def test_nothing_moves_while_one_side_has_not_approved(world: World) -> None:
    trade = Trade(world, "half", world.buyer, world.seller, salt=22).agreed()
    before = trade.balances()
    trade.approve(world.buyer)
    shown = until(
        lambda: "sellerCollateral refused" in (found := trade.show()).get("obstacle", "") and found,
        "the service to say what is missing", between=trade.chain.mine)
    assert shown["phase"] == "confirmed"
    assert trade.balances() == before
    assert trade.vault_balance() == 0

    trade.approve(world.seller)
    trade.wait_for("active")


def test_a_signature_after_the_acceptance_opens_nothing(world: World) -> None:
    trade = Trade(world, "late", world.buyer, world.seller, salt=23)
    trade.submit()
    trade.sign(world.buyer)
    trade.chain.move_to(trade.number("acceptBy"))
    result = trade.tallystick.run(
        "agreement", "sign", trade.id, signature=world.seller.sign_terms(trade.terms_file), url=trade.url, json=True)
    assert result.status == 3
    assert result.envelope["errors"][0]["code"] in ("expired", "out_of_place")
    trade.wait_for("lapsed")
    assert trade.vault_balance() == 0
