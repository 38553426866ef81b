"""kill -9 at every step of a settlement: restarted, the service finishes, and used one nonce only."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import rlp
from eth_utils import keccak
from harness.changing import DEARER, Changing
from harness.congestion import Congestion
from harness.delivery import Served, furnish
from harness.proxy import Proxy
from harness.terms import UNIT
from harness.trade import Trade
from harness.waiting import until
from harness.world import World

PRICES = (3_120 * 10**8, 3_121 * 10**8)


def proxied(directory: Path) -> Iterator[World]:
    """As the shared world, but the service reaches the chain through a proxy."""
    with World(directory) as world:
        world.proxy = Proxy(world.chain.url)
        world.stack.callback(world.proxy.stop)
        world.serve(world.proxy.url)
        world.make_observers()
        world.buyer, world.seller = (world.party(name, 10**6 * UNIT) for name in ("buyer", "seller"))
        yield world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from proxied(tmp_path_factory.mktemp("crash"))


@pytest.fixture(scope="module")
def amending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for agreements that are left open: what comes due on them would mix with what other tests count."""
    yield from proxied(tmp_path_factory.mktemp("crash-amending"))


def revive(world: World) -> None:
    if not world.service.is_running:
        world.service.start()


def sent_to_vault(trade: Trade) -> dict[str, int]:
    """All transactions to the vault that the chain, or the proxy before it, was ever given: the nonce by the hash."""
    raws = set(trade.world.proxy.offered) | {each["raw"] for each in trade.chain.ask("devchain_received")}
    # EIP-1559: the fields after the type byte; the second is the nonce, the sixth the receiver.
    fields = {raw: rlp.decode(bytes.fromhex(raw[4:])) for raw in raws if raw.startswith("0x02")}
    vault = bytes.fromhex(trade.vault.address[2:])
    return {
        "0x" + keccak(hexstr=raw).hex(): int.from_bytes(each[1], "big")
        for raw, each in fields.items() if each[5] == vault}


def settled_once(trade: Trade) -> list[str]:
    """Holds that one nonce was used to settle, one of its transactions was mined, and the proof is sound. All its hashes,
    oldest first."""
    settled = trade.wait_for("closed")["settled"]
    sent = sent_to_vault(trade)
    assert len(set(sent.values())) == 1, "one nonce"
    assert settled["transaction"] in sent
    receipts = [trade.chain.ask("eth_getTransactionReceipt", each) for each in sent]
    assert len([each for each in receipts if each]) == 1, "one mined"
    nonces: dict[str, list[str]] = {}
    for each in trade.world.service.part(trade.id, "settlement")["transactions"]:
        nonces.setdefault(each["nonce"], []).append(each["hash"])
    assert len(nonces) == 2, "one nonce opened, one settled"
    assert set(sent) <= set(nonces[str(sent[settled["transaction"]])]), "nothing was sent that is not stored"
    assert trade.vault_balance() == 0
    block = trade.block_of(settled["transaction"])
    assert trade.tallystick.run("proof", "verify", trade.fetch_proof().name, trusted_block=block).status == 0
    return nonces[str(sent[settled["transaction"]])]


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
    assert len(settled_once(trade)) == 1


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_it_amends_it_takes_the_collateral_once(amending: World, point: str) -> None:
    number = list(POINTS).index(point)
    trade = Changing(amending, f"amended{number}", amending.buyer, amending.seller, salt=300 + number).opened()
    new = trade.offer(**DEARER)
    # Twice the thousand that it may take.
    trade.allow(amending.seller, 2_000 * UNIT)
    trade.hand_in("amendment", amending.seller, new)
    killer = KillOnce(amending, *POINTS[point])
    amending.proxy.hook = killer
    try:
        trade.hand_in("amendment", amending.buyer, new)
        until(lambda: killer.has_killed, f"the kill {point}", between=trade.chain.mine)
    finally:
        amending.proxy.hook = lambda method: None
        revive(amending)
    trade.wait_for_version(2)
    assert trade.vault_balance() == 11_100 * UNIT
    assert len(sent_to_vault(trade)) == 1


@pytest.fixture(scope="module")
def delivering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The same for options that are settled by delivery."""
    with World(tmp_path_factory.mktemp("crash-delivery")) as world:
        world.proxy = Proxy(world.chain.url)
        world.stack.callback(world.proxy.stop)
        furnish(world).serve(world.proxy.url)
        yield world


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_it_exercises_it_pays_and_delivers_once(delivering: World, point: str) -> None:
    number = list(POINTS).index(point)
    trade = Served(delivering, f"exercised{number}", "call" if number % 2 else "put").opened()
    trade.allow_exercise()
    trade.chain.move_to(trade.number("exerciseStart"))
    killer = KillOnce(delivering, *POINTS[point])
    delivering.proxy.hook = killer
    try:
        trade.hand_in("exercise", delivering.buyer, validUntil=trade.until())
        until(lambda: killer.has_killed, f"the kill {point}", between=trade.chain.mine)
    finally:
        delivering.proxy.hook = lambda method: None
        revive(delivering)
    assert len(settled_once(trade)) == 1
    assert trade.moved() == trade.exchanged()


class KillInReplacement:
    """Keeps the service's transactions from the chain, and kills it at the first request of a method once it has offered so
    many different ones."""

    def __init__(self, world: World, method: str, when: str, offered: int) -> None:
        self.world, self.method, self.when, self.offered = world, method, when, offered
        self.has_killed = False
        self.earlier = set(world.proxy.offered)

    def __call__(self, method: str) -> str | None:
        if self.has_killed:
            return None
        if method == self.method and len(set(self.world.proxy.offered) - self.earlier) == self.offered:
            self.world.service.kill()
            self.has_killed = True
            return self.when
        return "forget" if method == SEND else None


REPLACEMENT_POINTS = {
    "before the replacement is signed and stored": ("eth_feeHistory", "after", 1),
    "after it is stored, before it is sent": (SEND, "before", 2),
    "after it is sent, before the answer": (SEND, "after", 2),
    "before it is known whether one of both was mined": ("eth_getTransactionCount", "before", 2),
    "before a second replacement is signed and stored": ("eth_feeHistory", "after", 2),
}


@pytest.mark.parametrize("point", REPLACEMENT_POINTS)
def test_killed_while_it_replaces_a_transaction_it_settles_once(world: World, point: str) -> None:
    number = list(REPLACEMENT_POINTS).index(point)
    trade = Trade(world, f"replaced{number}", world.buyer, world.seller, salt=150 + number).opened()
    trade.observe(*PRICES)
    trade.claim("outcome", trade.buyer)
    killer = KillInReplacement(world, *REPLACEMENT_POINTS[point])
    with Congestion(trade.chain) as congestion:
        world.proxy.hook = killer
        try:
            trade.claim("outcome", trade.seller)
            until(lambda: killer.has_killed, f"the kill {point}", between=congestion.fill)
        finally:
            world.proxy.hook = lambda method: None
            revive(world)
    hashes = settled_once(trade)
    entries = world.service.part(trade.id, "journal")["entries"]
    replaced = [each["event"] for each in entries if each["event"]["name"] == "replaced"]
    assert [each["by"] for each in replaced] == hashes[1:]
    assert [each["transaction"] for each in replaced] == hashes[:-1]
    assert len(hashes) >= REPLACEMENT_POINTS[point][2]


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
        killer.wait_for(trade, "closed")
    finally:
        world.proxy.hook = lambda method: None
        revive(world)
    print(f"{killer.kills} kills")
    assert killer.kills > 0
    settled_once(trade)
