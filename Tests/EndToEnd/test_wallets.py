"""Contract wallets (ERC-1271) as parties and arbitrators, through the command line, on the development chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from harness.escrowed import WHOLE, Escrowed
from harness.party import Party
from harness.terms import UNIT, changed
from harness.typed_data import sign
from harness.wallet import Wallet
from harness.world import World

FEE, BOND = 10 * UNIT, 150 * UNIT


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("wallets")) as world:
        world.make_observers()
        world.buyer, world.seller, world.carrier = (
            world.party(name, 10**6 * UNIT) for name in ("buyer", "seller", "carrier"))
        yield world


class Held(Escrowed):
    """A trade whose parties may be contract wallets."""

    def __init__(self, world: World, name: str, buyer: Any, seller: Any, **changes: Any) -> None:
        super().__init__(world, name, buyer=buyer, seller=seller, **changes)

    def signature_of(self, party: Any) -> str:
        return party.sign(self.id) if isinstance(party, Wallet) else super().signature_of(party)

    def with_signatures(self, **signatures: str) -> None:
        document = json.loads((self.world.directory / self.file).read_text())
        self.write("agreement", document | {"signatures": document["signatures"] | signatures})

    def approve(self, party: Any) -> str:
        if not isinstance(party, Wallet):
            return super().approve(party)
        call = self.tallystick.data("escrow", "approve", self.terms_file, wallet=party.address)["call"]
        party.execute(call["to"], call["data"])
        return call["data"]

    def signed(self, kind: str, party: Any, **fields: Any) -> str:
        if not isinstance(party, Wallet):
            return super().signed(kind, party, **fields)
        words = [word for name, value in fields.items() for word in ("--field", f"{name}={value}")]
        options = {"wallet": party.address}
        asked = self.tallystick.data("escrow", "sign", kind, self.file, *words, **options)
        assert asked["typedData"]["message"] and asked["signer"] == party.address
        signature = party.sign(asked["digest"])
        document = self.tallystick.data(
            "escrow", "sign", kind, self.file, *words, signature=signature, rpc_url=self.chain.url, **options)
        assert document["message"] == asked["message"]
        return self.write(f"{kind}.{party.name}", document)

    def verify(self, **options: Any) -> Any:
        return self.tallystick.run("agreement", "verify", self.file, json=True, **options)


def test_a_wallet_opens_and_settles_with_a_key(world: World) -> None:
    wallet = Wallet(world, "fund", units=20_000 * UNIT)
    trade = Held(world, "fund.trade", wallet, world.seller)
    for party in trade.parties:
        trade.approve(party)
    opened = trade.does("open")
    assert [int(each["amount"]) for each in opened["moved"]] == [420 * UNIT, 100 * UNIT, 10_000 * UNIT]
    assert [each["signer"] for each in opened["wallets"]] == [wallet.address]
    assert opened["wallets"][0]["digest"] == trade.id
    until = trade.until()
    outcomes = [trade.signed("outcome", each, toBuyer=2_000 * UNIT, validUntil=until) for each in trade.parties]
    trade.does("settle", *reversed(outcomes))
    trade.assert_paid(2_000 * UNIT)


def test_an_agreement_of_a_wallet_is_verified_by_its_code(world: World) -> None:
    wallet = Wallet(world, "verified")
    trade = Held(world, "verified.trade", world.buyer, wallet)
    offline = trade.verify()
    assert (offline.status, offline.envelope["errors"][0]["code"]) == (4, "wallet_signature")
    assert wallet.address in offline.stderr and "--rpc-url" in offline.stderr
    asked = trade.verify(rpc_url=trade.chain.url).envelope["data"]
    assert asked["signatures"]["buyer"] == {"by": "key"}
    assert asked["signatures"]["seller"] == {"by": "wallet", "block": str(trade.chain.web3.eth.block_number)}
    trade.with_signatures(seller=wallet.sign(trade.id, by=1))
    refused = trade.verify(rpc_url=trade.chain.url)
    assert refused.status == 3
    assert [reason.split(" (")[0] for reason in trade.run("open").envelope["data"]["reasons"]][0] == "open: seller did not sign"
    other = changed(trade.terms, salt=7)
    trade.with_signatures(buyer=sign("OptionTerms", other["domain"], other, world.buyer.private_key()))
    for options in ({}, {"rpc_url": trade.chain.url}):
        result = trade.verify(**options)
        assert (result.status, result.envelope["errors"][0]["code"]) == (3, "wrong_signer")


def test_what_the_escrow_accepted_counts_when_the_wallet_does_no_more(world: World) -> None:
    wallet = Wallet(world, "opened", units=20_000 * UNIT)
    trade = Held(world, "opened.trade", wallet, world.seller).open()
    trade.with_signatures(buyer=wallet.sign(trade.id, by=1))
    node = {"rpc_url": trade.chain.url}
    for options in (node, node | {"escrow": world.token.address}):  # any document may name an escrow of its own
        assert trade.verify(**options).envelope["errors"][0]["code"] == "wallet_refused"
    verdict = trade.verify(escrow=world.escrow.address, **node).envelope["data"]["signatures"]["buyer"]
    assert verdict["by"] == "escrow"
    unopened = Held(world, "unopened.trade", wallet, world.seller)
    unopened.with_signatures(buyer=wallet.sign(unopened.id, by=1))
    assert unopened.verify(escrow=world.escrow.address, **node).status == 3


def test_one_owner_signs_in_the_length_of_a_key(world: World) -> None:
    wallet = Wallet(world, "lone", owners=1, threshold=1, units=20_000 * UNIT)
    trade = Held(world, "lone.trade", wallet, world.seller)
    assert trade.verify().envelope["errors"][0]["code"] == "wrong_signer"  # offline it looks like another's key
    assert trade.verify(rpc_url=trade.chain.url).envelope["data"]["signatures"]["buyer"]["by"] == "wallet"
    trade.open().chain.move_to(trade.number("settleBy"))
    trade.does("default")
    trade.assert_paid(100 * UNIT)


def test_two_wallets_propose_and_dispute_and_settle(world: World) -> None:
    buyer, seller = (Wallet(world, name, units=20_000 * UNIT) for name in ("left", "right"))
    trade = Held(world, "wallets.trade", buyer, seller).open()
    trade.chain.move_to(trade.number("settleFrom"))
    proposal = trade.signed("proposal", seller, toBuyer=100 * UNIT, validUntil=trade.until())
    trade.does("propose", proposal)
    dispute = trade.signed("dispute", buyer, toBuyer=5_000 * UNIT, validUntil=trade.until())
    trade.does("dispute", dispute)
    assert trade.vault_balance() == WHOLE + 2 * BOND
    until = trade.until()
    outcomes = [trade.signed("outcome", each, toBuyer=3_000 * UNIT, validUntil=until) for each in (seller, buyer)]
    trade.does("settle", *outcomes)
    trade.assert_paid(3_000 * UNIT)


def test_a_watcher_that_is_a_wallet_disputes_for_its_party(world: World) -> None:
    watcher = Wallet(world, "watcher", units=BOND)
    trade = Held(world, "watched.trade", world.buyer, world.seller, buyerWatcher=watcher.address).open().proposed(100 * UNIT)
    dispute = trade.signed("dispute", watcher, toBuyer=5_000 * UNIT, validUntil=trade.until())
    assert trade.fails("dispute", dispute) == ["bond: refused"]
    watcher.execute(
        world.token.address, world.token.encode_abi("approve", args=[trade.vault.address, BOND]))
    trade.does("dispute", dispute)
    assert (trade.state()["status"], world.balance(watcher.address)) == ("disputed", 0)
    trade.chain.move_to(trade.chain.time + trade.number("rulingWindow"))
    trade.does("default")
    trade.assert_paid(100 * UNIT)
    assert world.balance(watcher.address) == BOND


def test_a_wallet_rules_beside_a_key(world: World) -> None:
    wallet = Wallet(world, "court")
    keys = [Party(world.tallystick, f"arbitrator{number}") for number in (1, 2)]
    trade = Held(
        world, "court.trade", world.buyer, world.seller, arbitratorThreshold=2, arbitrationFee=FEE,
        arbitrators=[wallet.address, *(each.address for each in keys)]).open().disputed(100 * UNIT, 5_000 * UNIT)
    fields = {"toBuyer": 4_000 * UNIT, "bondTo": 1, "round": 1, "findingsDigest": "0x" + "ab" * 32}
    files = [trade.signed("ruling", each, **fields) for each in (wallet, keys[0])]
    document = json.loads((world.directory / files[0]).read_text())
    forged = trade.write("forged", document | {"signature": wallet.sign("0x" + "cd" * 32)})
    assert trade.fails("rule", forged, files[1]) == ["rule: arbitrator did not sign"]
    nameless = {name: value for name, value in document.items() if name != "signer"}
    assert trade.run("rule", trade.write("nameless", nameless), files[1]).status == 2
    trade.does("rule", *files)
    trade.assert_paid(4_000 * UNIT, bonds=(BOND - FEE, -BOND))
    assert world.balance(wallet.address) == FEE // 2


def test_only_what_the_code_accepts_becomes_a_document(world: World) -> None:
    wallet = Wallet(world, "asked")
    trade = Held(world, "asked.trade", wallet, world.seller)
    run = lambda kind, **options: trade.tallystick.run("escrow", "sign", kind, trade.file, json=True, **options)  # noqa: E731
    cancel = {"wallet": wallet.address}
    words = ("escrow", "sign", "cancellation", trade.file, "--field", f"validUntil={trade.until()}")
    wrong = trade.tallystick.run(*words, json=True, signature="0x" + "11" * 130, rpc_url=trade.chain.url, **cancel)
    assert (wrong.status, wrong.envelope["errors"][0]["code"]) == (3, "wallet_refused")
    assert run("cancellation", wallet=world.carrier.address).envelope["errors"][0]["code"] == "no_part"
    assert run("permit", wallet=wallet.address).envelope["errors"][0]["code"] == "permit_refused"
    assert run("cancellation").status == 2
    trade.does("cancel", trade.signed("cancellation", wallet, validUntil=trade.until()))
    for party in trade.parties:
        trade.approve(party)
    assert trade.fails("open")[0] == "open: cancelled"
