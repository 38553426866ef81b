"""Five trades on a development chain, from signed terms to proofs and paid balances.

    python demo.py [--json]

In the first the seller loses its key, so the buyer alone is paid, by proposal and window. In the second both sign the
outcome, and it is settled at once. The third is disputed: a false claim, a counter-outcome, and two arbitrators of three
who rule. The fourth is settled by delivery: the buyer exercises, and payment and token change hands in one transaction. In
the fifth everybody is silent, the service too, and a stranger has the default amounts paid. Ends with status 0 only when
every proof is sound and every balance on chain is what a few lines of Python make of the literal terms.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "EndToEnd"))

from harness import ROOT
from harness.terms import PRICE, UNIT
from harness.world import World
from narrator import Narrator
from told_acts import DisputedTrade, SilentTrade
from told_delivery import DeliveredTrade
from told_trade import CONFIRMATIONS, ToldTrade
from words import amount, moment


def start_chain(narrator: Narrator, directory: Path) -> World:
    narrator.step("1", "A development chain, a token and the escrow")
    world = World(directory, before=narrator.command)
    chain = world.chain
    narrator.say(
        f"chain   {chain.id} at {chain.url}, {moment(chain.time)}\n"
        f"token   {world.token.address}, Demo Dollar (DUSD), 6 decimals\n"
        f"escrow  {world.escrow.address}",
        chainId=chain.id, url=chain.url, token=world.token.address, escrow=world.escrow.address)
    return world


def start_service(narrator: Narrator, world: World) -> None:
    narrator.step("2", "The service, on its embedded store, pointed at that chain")
    service = world.serve(confirmations=CONFIRMATIONS)
    narrator.command(["tallystick", *service.options])
    narrator.say(
        f"listens at {service.url}; its own key {service.sender} pays for gas and holds nobody's money",
        url=service.url, sender=service.sender)


def play(narrator: Narrator, world: World) -> list[ToldTrade]:
    start_service(narrator, world)

    narrator.step("3", "Observers and parties make their keys, which the service never sees")
    world.make_observers()
    alice, bob, carol = (world.party(name) for name in ("Alice", "Bob", "Carol"))
    for party in (alice, bob, carol):
        units = world.balance(party.address)
        narrator.say(f"{party.name:<8}{party.address}, {amount(units)} DUSD", party=party.name, address=party.address)

    first = ToldTrade(narrator, world, "trade1", alice, bob)
    first.agree("4")
    first.open("5")
    first.observe("6", 3_120_15000000, 3_120_20000001, 3_120_10000000)
    first.settle_alone("7")
    first.prove("8")
    first.reckon("9")

    second = ToldTrade(
        narrator, world, "trade2", alice, carol, strikePrice=3_000 * PRICE, quantity=7_500_000_000_000_000_001,
        premium=95 * UNIT, sellerCollateral=6_000 * UNIT, defaultToSeller=6_000 * UNIT, salt=2)
    second.agree("10")
    second.open("11")
    second.observe("12", 3_333_33333333, 3_333_40000000, 3_333_30000000)
    second.settle_together("13")
    second.prove("14")
    second.reckon("15")

    arbitrators = [world.party(name, units=0) for name in ("Judge1", "Judge2", "Judge3")]
    last = world.party("Court", units=0)
    third = DisputedTrade(narrator, world, "trade3", alice, carol, arbitrators, last, salt=3)
    third.agree("16")
    third.open("17")
    third.observe("18", 3_120_15000000, 3_120_20000001, 3_120_10000000)
    third.dispute("19")
    third.rule("20")
    third.uphold("21")
    third.prove("22")
    third.reckon("23")

    erin = world.party("Erin")
    fourth = DeliveredTrade(narrator, world, "trade4", erin, carol, premium=110 * UNIT, salt=4)
    fourth.agree("24")
    fourth.open("25")
    fourth.exercise("26")
    fourth.prove("27")
    fourth.reckon("28")

    dora = world.party("Dora", units=0)
    fifth = SilentTrade(
        narrator, world, "trade5", alice, carol, premium=80 * UNIT, defaultToBuyer=2_600 * UNIT,
        defaultToSeller=7_500 * UNIT, salt=5)
    fifth.agree("29")
    fifth.open("30")
    fifth.fall_silent("31", dora)
    fifth.close("32", dora)
    fifth.reckon("33")
    return [first, second, third, fourth]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    narrator = Narrator(as_json=parser.parse_args().json)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    started = time.monotonic()

    narrator.title("Tallystick: five option trades, from terms to proof, on a real chain")
    with tempfile.TemporaryDirectory(prefix="tallystick-demo-") as directory:
        with start_chain(narrator, Path(directory)) as world:
            trades = play(narrator, world)
            kept = ROOT / ".build/demo"
            kept.mkdir(parents=True, exist_ok=True)
            for trade in trades:
                shutil.copy(trade.proof, kept)

    narrator.step("Done", f"all five trades are settled, four of them proved, in {time.monotonic() - started:.0f} seconds")
    narrator.say("the proofs are kept; verify them whenever you like:")
    for trade in trades:
        narrator.command([
            ".build/release/tallystick", "proof", "verify", f".build/demo/{trade.proof.name}", "--trusted-block",
            trade.block])
    return 0


if __name__ == "__main__":
    sys.exit(main())
