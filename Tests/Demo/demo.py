"""Two trades on a development chain, from signed terms to proofs and paid balances.

    python demo.py [--json]

In the first the seller has lost its key, so the buyer alone is paid, by proposal and window. In the second both sign
the outcome, and it is settled at once. Ends with status 0 only when both proofs are sound and every balance on chain is
what a few lines of Python make of the literal terms.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "EndToEnd"))

from harness import ROOT
from harness.chain import Chain
from harness.command import Tallystick
from harness.offline import without_network
from harness.party import Party
from harness.service import Service
from harness.terms import CALL, HOUR, PRICE, UNIT, call_payout, european_call
from harness.waiting import until
from narrator import Narrator, amount, moment

KEPT = ROOT / ".build/demo"
CONFIRMATIONS = 3
FUNDS = 50_000 * UNIT


class Demo:
    """The world that both trades share."""

    def __init__(self, narrator: Narrator, stack: ExitStack) -> None:
        self.narrator = narrator
        self.directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tallystick-demo-")))
        self.tallystick = Tallystick(self.directory, before=narrator.command)
        self.stack = stack
        shutil.copy(CALL, self.directory)

    def start_chain(self) -> None:
        self.narrator.step("1", "A development chain, a token and the escrow")
        self.chain = Chain(self.directory)
        self.stack.callback(self.chain.stop)
        self.token, self.escrow = self.chain.deploy_token(), self.chain.deploy_escrow()
        self.narrator.say(
            f"chain   {self.chain.id} at {self.chain.url}, {moment(self.chain.time)}\n"
            f"token   {self.token.address}, Demo Dollar (DUSD), 6 decimals\n"
            f"escrow  {self.escrow.address}",
            chainId=self.chain.id, url=self.chain.url, token=self.token.address, escrow=self.escrow.address)

    def start_service(self) -> None:
        self.narrator.step("2", "The service, on its embedded store, pointed at that chain")
        self.service = Service(
            self.directory, rpc_url=self.chain.url, escrow=self.escrow.address, confirmations=CONFIRMATIONS)
        self.stack.callback(self.service.stop)
        self.narrator.command(["tallystick", *self.service.options])
        self.chain.give_ether(self.service.sender)
        self.narrator.say(
            f"listens at {self.service.url}; its own key {self.service.sender} pays for gas and holds nobody's money",
            url=self.service.url, sender=self.service.sender)

    def make_observers(self) -> None:
        self.observers = [Party(self.tallystick, f"observer{number}") for number in (1, 2, 3)]


class Trade:
    """One trade, told from terms to proof."""

    def __init__(self, demo: Demo, number: int, buyer: Party, seller: Party, **changes: int) -> None:
        self.demo, self.number, self.buyer, self.seller = demo, number, buyer, seller
        self.narrator, self.chain, self.tallystick = demo.narrator, demo.chain, demo.tallystick
        self.terms_file = f"trade{number}.terms.json"
        self.terms = european_call(
            now=self.chain.time, chain_id=self.chain.id, escrow=demo.escrow.address, token=demo.token.address,
            buyer=buyer.address, seller=seller.address, observers=[each.address for each in demo.observers],
            clause=self.tallystick("clause", "compile", CALL.name), salt=number, **changes)
        self.escrow = {
            name: int(text) for name, text in self.terms["escrow"].items() if isinstance(text, str) and text.isdigit()}
        (demo.directory / self.terms_file).write_text(json.dumps(self.terms, indent=2) + "\n")

    # Reading

    def balances(self) -> dict[str, int]:
        """Tokens of both parties, read from the chain."""
        return {each.name: self.demo.token.functions.balanceOf(each.address).call()
                for each in (self.buyer, self.seller)}

    def vault_balance(self) -> int:
        return self.demo.token.functions.balanceOf(self.vault).call()

    def wait_for(self, phase: str) -> dict:
        """Until the service holds the agreement to be in that phase, with blocks coming in meanwhile."""
        return until(
            lambda: (found := self.demo.service.agreement(self.id))["phase"] == phase and found, f"phase {phase}",
            between=self.chain.mine)

    # The steps

    def agree(self, step: str) -> None:
        economics = self.terms["economics"]
        self.narrator.step(step, f"{self.buyer.name} and {self.seller.name} sign the same terms")
        self.narrator.say(
            f"{self.buyer.name} buys from {self.seller.name} a cash-settled European call on "
            f"{amount(int(economics['quantity']), 18)} ETH at {amount(int(economics['strikePrice']), 8)} USD,\n"
            f"for a premium of {amount(self.escrow['premium'])} DUSD, expiring {moment(self.escrow['expirationTime'])}")
        self.narrator.say(self.tallystick("terms", "check", self.terms_file))
        self.id = self.tallystick("agreement", "submit", self.terms_file, clause=CALL.name, url=self.demo.service.url)
        for party in (self.buyer, self.seller):
            signature = party.sign_terms(self.terms_file)
            self.narrator.say(f"{party.name} signed: {signature}", party=party.name, signature=signature)
            self.narrator.say(
                self.tallystick("agreement", "sign", self.id, signature=signature, url=self.demo.service.url))
        self.vault = self.chain.vault(self.demo.escrow, self.id).address

    def open(self, step: str) -> None:
        self.narrator.step(step, "The escrow opens: premium and both collaterals move in one transaction")
        for party in (self.buyer, self.seller):
            self.tallystick("escrow", "approve", self.terms_file, rpc_url=self.chain.url, **party.key)
        before = self.balances()
        self.wait_for("active")
        after = self.balances()
        escrow = self.escrow
        moved = {
            self.buyer.name: -escrow["premium"] - escrow["buyerCollateral"],
            self.seller.name: escrow["premium"] - escrow["sellerCollateral"],
        }
        for name, change in moved.items():
            self.narrator.say(f"{name:<8}{amount(before[name]):>18} -> {amount(after[name]):>18} DUSD")
            assert after[name] - before[name] == change, f"{name} moved {after[name] - before[name]}, not {change}"
        assert self.vault_balance() == escrow["buyerCollateral"] + escrow["sellerCollateral"]
        self.narrator.say(
            f"{'vault':<8}{amount(0):>18} -> {amount(self.vault_balance()):>18} DUSD, {self.vault}", vault=self.vault)

    def observe(self, step: str, prices: list[int]) -> None:
        self.narrator.step(step, "Expiry: three observers sign the price, two are enough")
        self.chain.move_to(self.escrow["expirationTime"] + 60, blocks=CONFIRMATIONS)
        self.narrator.say(f"block time {moment(self.chain.time)}")
        url = self.demo.service.url
        for count, (observer, price) in enumerate(zip(self.demo.observers, prices), start=1):
            signed = observer.observe(self.terms_file, price, self.chain.time)
            file = f"trade{self.number}.{observer.name}.json"
            (self.demo.directory / file).write_text(json.dumps(signed))
            held = self.tallystick("observation", "submit", self.id, file, url=url)
            self.narrator.say(f"{observer.name} saw {amount(price, 8)} USD; {held}", observer=observer.address, price=price)
            if count == self.escrow["observerThreshold"]:
                self.narrator.say(f"enough for an outcome:\n{self.tallystick('outcome', 'show', self.id, url=url)}")
        # The lower median, from the literal prices.
        price = sorted(prices)[(len(prices) - 1) // 2]
        self.payout = call_payout(self.terms, price)
        outcome = self.tallystick.data("outcome", "show", self.id, url=url)
        self.narrator.say(
            f"with all three: price {amount(int(outcome['settlementPrice']), 8)} USD, "
            f"{self.buyer.name} receives {amount(int(outcome['toBuyer']))} and "
            f"{self.seller.name} {amount(int(outcome['toSeller']))} DUSD of the escrow", **outcome)

    def settle_alone(self, step: str) -> None:
        self.narrator.step(step, f"{self.seller.name} has lost the key; {self.buyer.name} alone proposes, and waits")
        self.seller.delete_key()
        self.narrator.say(f"{self.seller.key_file} is deleted")
        self.chain.move_to(self.escrow["settleFrom"], blocks=CONFIRMATIONS)
        url = self.demo.service.url
        self.narrator.say(self.tallystick(
            "proposal", "sign", self.id, url=url, valid_until=self.chain.time + 2 * HOUR, **self.buyer.key))
        self.wait_for("proposed")
        state = self.chain.vault(self.demo.escrow, self.id).functions.state().call()
        self.narrator.say(f"proposed on chain; anyone may object until {moment(state[4] + self.escrow['disputeWindow'])}")
        self.chain.move_to(state[4] + self.escrow["disputeWindow"], blocks=CONFIRMATIONS)
        self._show_call("finalise")
        self._close()

    def settle_together(self, step: str) -> None:
        self.narrator.step(step, "Both sign the outcome, and it is settled at once")
        for party in (self.buyer, self.seller):
            self.narrator.say(self.tallystick(
                "outcome", "sign", self.id, url=self.demo.service.url, valid_until=self.chain.time + 2 * HOUR,
                **party.key))
        self._close()

    def _show_call(self, route: str) -> None:
        """The settlement call, derived here from the agreement alone, without the service's word for it."""
        document = self.tallystick.run("agreement", "show", self.id, url=self.demo.service.url, json=True).stdout
        file = f"trade{self.number}.agreement.json"
        (self.demo.directory / file).write_text(document)
        self.call = self.tallystick.data("settlement", "derive", file, route=route)
        data = self.call["data"]
        self.narrator.say(
            f"the call, derived from the agreement alone: {len(data) // 2 - 1} bytes to {self.call['to']}\n"
            f"{data[:74]}...", **self.call)

    def _close(self) -> None:
        settled = self.wait_for("closed")["settled"]
        web3 = self.chain.web3
        # The chain's own word on where the settlement is, and what it carried.
        transaction = web3.eth.get_transaction(settled["transaction"])
        receipt = web3.eth.get_transaction_receipt(settled["transaction"])
        assert receipt["status"] == 1 and transaction["to"] == self.vault
        if hasattr(self, "call"):
            assert "0x" + bytes(transaction["input"]).hex() == self.call["data"], "another call was sent than derived"
        self.block = "0x" + bytes(receipt["blockHash"]).hex()
        depth = web3.eth.block_number - receipt["blockNumber"] + 1
        assert depth >= CONFIRMATIONS
        self.narrator.say(
            f"settled ({settled['route']}) by {settled['transaction']}\n"
            f"in block {receipt['blockNumber']}, {depth} deep, {receipt['gasUsed']:,} gas",
            block=self.block, **settled)

    def prove(self, step: str) -> None:
        self.narrator.step(step, "The proof, verified in a new process without network or database")
        file = f"trade{self.number}.proof.json"
        url = self.demo.service.url
        until(lambda: self.demo.service.agreement(self.id)["proof"], "the proof", between=self.chain.mine)
        self.tallystick("proof", "fetch", self.id, url=url, out=file)
        KEPT.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.demo.directory / file, KEPT)
        self.proof = KEPT / file
        self.narrator.say(f"trusted block {self.block}, read from the chain by web3.py")
        wrapper, manner = without_network()
        self.narrator.say(manner)
        with tempfile.TemporaryDirectory(dir=self.demo.directory) as empty:
            alone = Tallystick(Path(empty), before=self.narrator.command)
            shutil.copy(self.proof, empty)
            result = alone.run("proof", "verify", file, trusted_block=self.block, wrapper=wrapper)
        self.narrator.say(result.stdout.strip() or result.stderr.strip())
        assert result.status == 0, f"the proof is not sound: status {result.status}"

    def reckon(self, step: str) -> None:
        """Compares the chain's balances with the literal terms; every holder began with FUNDS."""
        self.narrator.step(step, "The balances on chain, against a few lines of Python over the literal terms")
        premium = self.escrow["premium"]
        expected = {self.buyer.name: self.start[self.buyer.name] - premium + self.payout,
                    self.seller.name: self.start[self.seller.name] + premium - self.payout, "vault": 0}
        found = self.balances() | {"vault": self.vault_balance()}
        self.narrator.say(f"{'':<8}{'expected':>20}{'on chain':>20}   DUSD")
        for name, value in expected.items():
            same = found[name] == value
            self.narrator.say(
                f"{name:<8}{amount(value):>20}{amount(found[name]):>20}   {'equal' if same else 'DIFFERENT'}",
                holder=name, expected=value, onChain=found[name], equal=same)
        assert found == expected, "the chain paid other amounts"


def play(demo: Demo) -> list[Trade]:
    demo.start_chain()
    demo.start_service()

    demo.narrator.step("3", "Parties and observers make their keys, which the service never holds")
    demo.make_observers()
    alice, bob, carol = (Party(demo.tallystick, name) for name in ("Alice", "Bob", "Carol"))
    for party in (alice, bob, carol):
        demo.chain.give_ether(party.address)
        demo.chain.call(demo.token, "mint", party.address, FUNDS)
        demo.narrator.say(f"{party.name:<8}{party.address}, {amount(FUNDS)} DUSD", party=party.name, address=party.address)

    first = Trade(demo, 1, alice, bob)
    first.start = first.balances()
    first.agree("4")
    first.open("5")
    first.observe("6", [3_120_15000000, 3_120_20000001, 3_120_10000000])
    first.settle_alone("7")
    first.prove("8")
    first.reckon("9")

    second = Trade(
        demo, 2, alice, carol, strikePrice=3_000 * PRICE, quantity=7_500_000_000_000_000_001, premium=95 * UNIT,
        sellerCollateral=6_000 * UNIT, defaultToSeller=6_000 * UNIT)
    second.start = second.balances()
    second.agree("10")
    second.open("11")
    second.observe("12", [3_333_33333333, 3_333_40000000, 3_333_30000000])
    second.settle_together("13")
    second.prove("14")
    second.reckon("15")
    return [first, second]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    narrator = Narrator(as_json=parser.parse_args().json)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    started = time.monotonic()
    narrator.title("Tallystick: two option trades, from terms to proof, on a real chain")
    with ExitStack() as stack:
        trades = play(Demo(narrator, stack))
    narrator.step("done", f"Both trades are settled and proved, in {time.monotonic() - started:.0f} seconds")
    for trade in trades:
        narrator.say("verify again whenever you like:")
        narrator.command([
            ".build/release/tallystick", "proof", "verify", str(trade.proof.relative_to(ROOT)), "--trusted-block",
            trade.block])
    return 0


if __name__ == "__main__":
    sys.exit(main())
