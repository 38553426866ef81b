"""What README.md says about refusals, gas and code is what is there."""

import re
from pathlib import Path

from evm import OnDevChain, Revm
from terms import BUYER, OUTSIDER, SELLER, UNIT, Party
from test_open import cancel, raise_epoch
from world import ESCROW, World

HERE = Path(__file__).resolve().parent
README = (HERE.parent / "README.md").read_text()
PANELS = [[Party(f"member {15 * panel + place}").address for place in range(15)] for panel in range(3)]


def test_every_reason_is_documented_and_no_other():
    in_sources = set()
    for source in HERE.parent.glob("*.vy"):
        in_sources |= set(re.findall(r'"([a-zA-Z]+: [a-zA-Z][^"]*)"', source.read_text()))
    documented = re.findall(r"^\| `([a-zA-Z]+: [^`]*)` \|", README, re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == in_sources


def test_every_function_and_event_is_documented():
    for contract in ESCROW.values():
        for entry in contract["abi"]:
            if entry["type"] in ("function", "event") and entry["name"] != "initialise":
                assert re.search(rf"`[^`]*\b{entry['name']}\b[^`]*`", README), entry["name"]


def with_largest_panels(world) -> None:
    world.terms = world.terms.changed(
        observers=PANELS[0],
        observerThreshold=8,
        arbitrators=PANELS[1],
        arbitratorThreshold=8,
        fallbackArbitrators=PANELS[2],
        fallbackThreshold=8,
    )


def measured() -> dict[str, int]:
    gas = {}

    def spent(act: str, receipt) -> None:
        assert receipt.ok, (act, receipt.reason)
        gas[act] = receipt.gas

    world = World(OnDevChain())
    escrow = world.terms.escrow
    first = world.chain.chain.request("eth_getBlockByNumber", "0x1")
    gas["deploy the factory"] = int(first["gasUsed"], 16)
    spent("cancel", cancel(world, BUYER))
    spent("raise the epoch", raise_epoch(world, Party("somebody"), 1))
    world.terms = world.terms.changed(salt=2)
    world.fund_both()
    spent("open", world.open())
    spent("settle", world.settle(3_000 * UNIT))

    world = World(OnDevChain())
    world.opened()
    world.chain.time = escrow["settleFrom"]
    spent("propose", world.propose(BUYER, 5_000 * UNIT))
    spent("dispute", world.dispute(SELLER, 0))
    world.chain.time += escrow["rulingWindow"]
    spent("default after a dispute", world.settle_by_default())

    world = World(OnDevChain())
    world.opened()
    world.chain.time = escrow["settleBy"]
    spent("default after silence", world.settle_by_default())

    for large in (False, True):
        suffix = " with three panels of fifteen" if large else ""
        world = World(OnDevChain())
        if large:
            with_largest_panels(world)
        world.fund_both()
        spent("open" + suffix, world.open())
        world.chain.time = escrow["settleFrom"]
        world.propose(BUYER, 5_000 * UNIT)
        world.chain.time += escrow["disputeWindow"]
        spent("finalise" + suffix, world.finalise())

    world = World(OnDevChain(), "BlocklistToken", ())
    world.opened()
    world.token.send("setBlocked", BUYER.address, True)
    world.settle(500)
    spent("withdraw", world.withdraw(BUYER, OUTSIDER.address, 500))
    return gas


def test_gas_is_as_documented():
    """Within one per cent: signatures differ in their number of zero bytes."""
    table = README.split("## Gas")[1]
    documented = {
        act: int(gas.replace(",", ""))
        for act, gas in re.findall(r"^\| ([^|`]+) \| ([0-9,]+) \|$", table, re.MULTILINE)
    }
    gas = measured()
    assert gas.keys() == documented.keys()
    assert {act: gas[act] for act in gas if abs(gas[act] - documented[act]) * 100 > gas[act]} == {}


def test_the_documented_gas_limit_covers_every_payout_at_its_cap():
    world = World(Revm(), "HungryToken", ())
    with_largest_panels(world)
    vault = world.opened()
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).ok
    assert world.dispute(SELLER, 6).ok
    world.token.send("setBurns", 10**9)
    assert "1,200,000 covers" in README
    receipt = world.settle(9, gas=1_200_000)
    assert receipt.ok
    owed = [vault.read("claimOf", party.address) for party in (BUYER, SELLER)]
    assert sum(owed) == world.balance(vault.address)
