"""kill -9 at every step of a settlement: restarted, the service finishes, and signed one transaction only."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import rlp
from eth_utils import keccak
from harness.proxy import Proxy
from harness.terms import UNIT
from harness.trade import Trade
from harness.waiting import until
from harness.world import World

PRICES = (3_120 * 10**8, 3_121 * 10**8)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """As the shared world, but the service reaches the chain through a proxy."""
    with World(tmp_path_factory.mktemp("crash")) as world:
        world.proxy = Proxy(world.chain.url)
        world.stack.callback(world.proxy.stop)
        world.serve(world.proxy.url)
        world.make_observers()
        world.buyer, world.seller = (world.party(name, 10**6 * UNIT) for name in ("buyer", "seller"))
        yield world


def revive(world: World) -> None:
    if not world.service.is_running:
        world.service.start()


def sent_to_vault(trade: Trade) -> set[str]:
    """Hashes of all transactions to the vault that the chain, or the proxy before it, was ever given."""
    raws = set(trade.world.proxy.offered) | {each["raw"] for each in trade.chain.ask("devchain_received")}
    # EIP-1559: the fields after the type byte; the sixth is the receiver.
    receivers = {raw: rlp.decode(bytes.fromhex(raw[4:]))[5] for raw in raws if raw.startswith("0x02")}
    vault = bytes.fromhex(trade.vault.address[2:])
    return {"0x" + keccak(hexstr=raw).hex() for raw, receiver in receivers.items() if receiver == vault}


class KillOnce:
    """Kills the service at the first request of a method, once another one has been seen."""

    def __init__(self, world: World, method: str, when: str, seen_first: str | None) -> None:
        self.world, self.method, self.when, self.seen_first = world, method, when, seen_first
        self.has_killed = False

    def __call__(self, method: str) -> str | None:
        if self.has_killed:
            return None
        if self.seen_first:
            self.seen_first = None if method == self.seen_first else self.seen_first
            return None
        if method != self.method:
            return None
        self.world.service.kill()
        self.has_killed = True
        return self.when


SEND, RECEIPT = "eth_sendRawTransaction", "eth_getTransactionReceipt"
POINTS = {
    "before the call is estimated": ("eth_estimateGas", "before", None),
    "before the bytes are signed and stored": ("eth_feeHistory", "after", None),
    "after they are stored, before they are sent": (SEND, "before", None),
    "after they are sent, before the answer": (SEND, "after", None),
    "before the receipt is read": (RECEIPT, "before", SEND),
    "after the receipt is read, before it is recorded": (RECEIPT, "after", SEND),
    "before the event is recorded": ("eth_getBlockReceipts", "after", SEND),
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_one_point_it_settles_once(world: World, point: str) -> None:
    number = list(POINTS).index(point)
    trade = Trade(world, f"crash{number}", world.buyer, world.seller, salt=100 + number).opened()
    trade.observe(*PRICES)
    trade.claim("outcome", trade.buyer)
    killer = KillOnce(world, *POINTS[point])
    world.proxy.hook = killer
    try:
        trade.claim("outcome", trade.seller)
        until(lambda: killer.has_killed, f"the kill {point}", between=trade.chain.mine)
    finally:
        world.proxy.hook = lambda method: None
        revive(world)
    settled = trade.wait_for("closed")["settled"]
    assert sent_to_vault(trade) == {settled["transaction"]}
    assert trade.vault_balance() == 0
    block = trade.block_of(settled["transaction"])
    assert trade.tallystick.run("proof", "verify", trade.fetch_proof().name, trusted_block=block).status == 0


class KillAtRandom:
    """Kills the service some requests after it was last killed, until it has done so eight times."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world, self.dice, self.kills = world, dice, 0
        self.spares = dice.randrange(20)

    def __call__(self, method: str) -> str | None:
        self.spares -= 1
        if self.kills >= 8 or self.spares >= 0:
            return None
        self.kills += 1
        self.spares = self.dice.randrange(20)
        self.world.service.kill()
        return self.dice.choice(["before", "after"])

    def persist(self, act: Callable[[], Any], what: str) -> Any:
        """Says the same thing again until it is heard and gives something, with blocks coming in."""

        def attempt() -> Any:
            kills = self.kills
            try:
                revive(self.world)
                return act()
            except (AssertionError, RuntimeError, requests.RequestException):
                if self.kills == kills and self.world.service.is_running:
                    raise
                return None

        return until(attempt, what, between=self.world.chain.mine)

    def wait_for(self, trade: Trade, phase: str) -> dict[str, Any]:
        return self.persist(lambda: (shown := trade.show())["phase"] == phase and shown, f"phase {phase}")


@pytest.mark.parametrize("round", range(2))
def test_killed_at_random_it_opens_and_settles_once(world: World, round: int) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(2**32)))
    print(f"repeat with SEED={seed}")
    trade = Trade(world, f"random{round}", world.buyer, world.seller, salt=200 + round).agreed()
    killer = KillAtRandom(world, random.Random(seed + round))
    world.proxy.hook = killer
    try:
        for party in trade.parties:
            trade.approve(party)
        killer.wait_for(trade, "active")
        trade.chain.move_to(trade.number("expirationTime") + 60)
        for observer, price in zip(world.observers, PRICES):
            killer.persist(lambda: trade.submit_observation(observer, price), "an observation to be taken")
        for party in trade.parties:
            killer.persist(lambda: trade.claim("outcome", party), "an outcome to be taken")
        settled = killer.wait_for(trade, "closed")["settled"]
    finally:
        world.proxy.hook = lambda method: None
        revive(world)
    print(f"{killer.kills} kills")
    assert killer.kills > 0
    assert sent_to_vault(trade) == {settled["transaction"]}
    stored = [each["hash"] for each in world.service.part(trade.id, "settlement")["transactions"]]
    assert len(stored) == 2 and stored[1] == settled["transaction"], "one transaction opened, one settled"
    assert trade.vault_balance() == 0
