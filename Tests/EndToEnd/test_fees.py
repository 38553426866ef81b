"""A chain that becomes dear: the service pays what it must, and never more than it may."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import rlp
from eth_account import Account
from harness.congestion import Congestion
from harness.proxy import Proxy
from harness.terms import UNIT
from harness.trade import Trade
from harness.waiting import until
from harness.world import World

PRICES = (3_120 * 10**8, 3_121 * 10**8)
GWEI = 10**9
BOUND = 3 * GWEI


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """As the shared world, but the service reaches the chain through a proxy and pays three gwei a unit at most."""
    with World(tmp_path_factory.mktemp("fees")) as world:
        world.proxy = Proxy(world.chain.url)
        world.stack.callback(world.proxy.stop)
        world.serve(world.proxy.url, max_fee_gwei=BOUND // GWEI)
        world.make_observers()
        world.buyer, world.seller = (world.party(name, 10**6 * UNIT) for name in ("buyer", "seller"))
        yield world


def caps(raw: str) -> tuple[int, int]:
    """What a transaction offers, in all and as a tip, wei per gas; EIP-1559: the fourth and the third field."""
    fields = rlp.decode(bytes.fromhex(raw[4:]))
    return int.from_bytes(fields[3], "big"), int.from_bytes(fields[2], "big")


def test_dearer_blocks_are_followed_up_to_the_bound_and_waited_for_beyond(world: World) -> None:
    chain, service = world.chain, world.service
    trade = Trade(world, "dear", world.buyer, world.seller, salt=1).opened()
    trade.observe(*PRICES)
    trade.claim("outcome", trade.buyer)
    earlier = set(world.proxy.offered)
    with Congestion(chain) as congestion:
        world.proxy.hook = lambda method: "forget" if method == "eth_sendRawTransaction" else None
        try:
            trade.claim("outcome", trade.seller)
            # Twice the base fee is soon above the bound; the base fee itself comes to be above it as well.
            until(lambda: congestion.base_fee > BOUND, "a base fee above the bound", between=congestion.fill)
        finally:
            world.proxy.hook = lambda method: None
        waiting = until(lambda: trade.show().get("obstacle"), "the obstacle", between=congestion.fill)
        assert f"{BOUND} wei" in waiting
        ready = until(lambda: "obstacle" in (it := service.get("/readyz").json()) and it, "the obstacle of the service")
        assert (ready["status"], ready["obstacle"]) == ("ready", waiting)
        # The node was given them again and has them; they wait for the price to fall.
        offered = until(lambda: [each["hash"] for each in chain.ask("devchain_pool")], "what waits in the pool")
        assert trade.show()["phase"] == "active"
    settled = trade.wait_for("closed")["settled"]
    assert settled["transaction"] in offered
    raws = list(dict.fromkeys(raw for raw in world.proxy.offered if raw not in earlier))
    offers = [caps(raw) for raw in raws]
    assert len(offers) >= 2
    for old, new in zip(offers, offers[1:]):
        assert all(after * 100 >= before * 110 for before, after in zip(old, new))
    assert max(most for most, _ in offers) <= BOUND
    receipt = chain.web3.eth.get_transaction_receipt(settled["transaction"])
    assert receipt["effectiveGasPrice"] <= BOUND
    until(lambda: "obstacle" not in service.get("/readyz").json(), "gas to be paid for again", between=chain.mine)
    # Said once, however many rounds it lasted.
    log = [json.loads(line) for line in (world.directory / "service.log").read_text().splitlines()]
    assert [each["message"] for each in log if each["code"] == "gas_not_paid"] == [waiting]
    block = trade.block_of(settled["transaction"])
    assert trade.tallystick.run("proof", "verify", trade.fetch_proof().name, trusted_block=block).status == 0


def test_without_ether_it_says_so_until_there_is_some(world: World) -> None:
    chain, service = world.chain, world.service
    data = world.directory / "tallystick-data"
    key = Account.decrypt((data / "sender.json").read_text(), (data / "sender.password").read_text())
    sender = Account.from_key(key)
    balance = chain.web3.eth.get_balance(sender.address)
    chain.send(
        sender, to=chain.deployer.address, value=balance - 21_000 * 100 * GWEI, gas=21_000,
        maxFeePerGas=100 * GWEI, maxPriorityFeePerGas=100 * GWEI)
    assert chain.web3.eth.get_balance(sender.address) == 0
    trade = Trade(world, "poor", world.buyer, world.seller, salt=2).agreed()
    for party in trade.parties:
        trade.approve(party)
    expected = f"{sender.address} cannot pay for gas; send it ether"
    until(lambda: trade.show().get("obstacle") == expected, "the obstacle", between=chain.mine)
    until(lambda: service.get("/readyz").json().get("obstacle") == expected, "the obstacle of the service")
    chain.give_ether(sender.address)
    trade.wait_for("active")
    until(lambda: "obstacle" not in service.get("/readyz").json(), "gas to be paid for again", between=chain.mine)
    stored = service.part(trade.id, "settlement")["transactions"]
    assert len({each["nonce"] for each in stored}) == 1
    log = [json.loads(line) for line in (world.directory / "service.log").read_text().splitlines()]
    assert [each["message"] for each in log if each["code"] == "gas_not_paid"].count(expected) == 1
