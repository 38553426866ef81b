"""Real proofs with one value changed: never accepted, and the part that is wrong is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from eth_keys.exceptions import BadSignature
from harness import forgery
from harness.changing import DEARER, Changing
from harness.command import Result
from harness.delivery import Served, supply
from harness.party import Party
from harness.terms import UNIT
from harness.trade import Trade
from harness.world import World
from rlp.exceptions import DecodingError

PRICES = (3_120 * 10**8, 3_121 * 10**8, 3_122 * 10**8)


@dataclass(frozen=True)
class Proved:
    """A proof, and the block that its reader trusts."""

    world: World
    document: dict[str, Any]
    block: str
    raw: bytes

    def verify(self, raw: bytes, name: str = "forged", block: str | None = None, **options: Any) -> Result:
        (self.world.directory / f"{name}.json").write_bytes(raw)
        return self.world.tallystick.run(
            "proof", "verify", f"{name}.json", trusted_block=block or self.block, json=True, **options)


def proved(trade: Trade, transaction: str) -> Proved:
    raw = trade.fetch_proof().read_bytes()
    return Proved(trade.world, json.loads(raw), trade.block_of(transaction), raw)


@pytest.fixture(scope="module")
def agreed(world: World) -> Proved:
    trade = Trade(world, "agreed", world.buyer, world.seller, salt=1).opened()
    trade.observe(*PRICES)
    return proved(trade, trade.settle_together()["transaction"])


@pytest.fixture(scope="module")
def finalised(world: World) -> Proved:
    trade = Trade(world, "finalised", world.buyer, world.seller, salt=2).opened()
    trade.observe(*PRICES)
    trade.chain.move_to(trade.propose(trade.buyer))
    return proved(trade, trade.wait_for("closed")["settled"]["transaction"])


@pytest.fixture(scope="module")
def defaulted(world: World) -> Proved:
    trade = Trade(
        world, "defaulted", world.buyer, world.seller, salt=3, defaultToBuyer=600 * UNIT,
        defaultToSeller=9_500 * UNIT).opened()
    trade.chain.move_to(trade.number("settleBy"))
    return proved(trade, trade.wait_for("closed")["settled"]["transaction"])


@pytest.fixture(scope="module")
def upheld(world: World) -> Proved:
    """The seller claims that nothing is owed; two of three arbitrators find what the clause says, and nobody appeals."""
    panel = [world.party(f"arbitrator{number}", units=0) for number in (1, 2, 3)]
    last = world.party("last", units=0)
    trade = Trade(
        world, "upheld", world.buyer, world.seller, salt=4, arbitrators=[each.address for each in panel],
        arbitratorThreshold=2, arbitrationFee=30 * UNIT + 1, fallbackArbitrators=[last.address], fallbackThreshold=1,
    ).opened()
    trade.observe(*PRICES)
    trade.chain.move_to(trade.number("settleFrom"))
    file = trade.agreement_file()

    def message(kind: str, party: Party, **fields: Any) -> str:
        words = [word for name, value in fields.items() for word in ("--field", f"{name}={value}")]
        document = trade.tallystick("escrow", "sign", kind, file, *words, **party.key)
        return trade.write(f"{kind}.{party.name}", json.loads(document))

    lie = message("proposal", world.seller, toBuyer=trade.number("buyerCollateral"), validUntil=trade.number("settleBy"))
    trade.tallystick("escrow", "propose", file, lie, send=True, rpc_url=trade.chain.url, **world.seller.key)
    trade.wait_for("proposed")
    trade.claim("dispute", world.buyer)
    trade.wait_for("disputed")
    owed = trade.outcome()["toBuyer"]
    for each in panel[:2]:
        ruling = message("ruling", each, round=1, toBuyer=owed, bondTo=1, findingsDigest="0x" + "5e" * 32)
        trade.tallystick("ruling", "submit", trade.id, ruling, url=trade.url)
    trade.wait_for("ruled")
    trade.chain.move_to(trade.chain.time + trade.number("disputeWindow"))
    return proved(trade, trade.wait_for("closed")["settled"]["transaction"])


@pytest.fixture(scope="module")
def amended(world: World) -> Proved:
    """Of an agreement under version 2."""
    trade = Changing(world, "amended", world.buyer, world.seller, salt=4).opened()
    new = trade.offer(**DEARER)
    trade.allow(world.seller, 1_150 * UNIT)
    for party in (world.buyer, world.seller):
        trade.hand_in("amendment", party, new)
    trade.wait_for_version(2)
    trade.observe(*PRICES)
    return proved(trade, trade.settle_together()["transaction"])


@pytest.fixture(scope="module")
def answered(world: World) -> Proved:
    trade = Trade(world, "answered", world.buyer, world.seller, salt=5).opened()
    trade.observe(*PRICES)
    trade.propose(trade.buyer)
    trade.claim("proposal", trade.seller)
    return proved(trade, trade.wait_for("closed")["settled"]["transaction"])


@pytest.fixture(scope="module")
def exercised(world: World) -> Proved:
    trade = Served(supply(world), "exercised", "put").opened()
    trade.allow_exercise()
    trade.chain.move_to(trade.number("exerciseStart"))
    trade.hand_in("exercise", world.buyer, validUntil=trade.until())
    return proved(trade, trade.wait_for("closed")["settled"]["transaction"])


@pytest.fixture(params=["agreed", "finalised", "defaulted", "exercised", "upheld", "amended", "answered"])
def proof(request: pytest.FixtureRequest) -> Proved:
    return request.getfixturevalue(request.param)


SECTIONS = {
    "terms": {"buyer's signature", "seller's signature"},
    "signatures": {"buyer's signature", "seller's signature", "journal"},
    "clause": {"clause", "journal"},
    "evidence": {"observations", "settlement price", "basis", "journal"},
    "outcome": {"settlement price", "outcome", "trace"},
    "basis": {"basis", "amounts", "call", "journal"},
    "inclusion": {"trusted block", "transaction in block", "receipt in block"},
    "journal": {"journal", "journal's signature"},
    "changes": {"changes", "journal"},
}
"""The checks that speak for a section of the file."""


def parts_named(result: Result) -> set[str]:
    """The checks that did not pass; for a file that cannot be read, its error."""
    envelope = result.envelope
    if envelope["data"]:
        return {each["name"] for each in envelope["data"]["findings"] if each["verdict"] != "passed"}
    return {envelope["errors"][0]["message"]}


def test_the_genuine_file_is_sound_and_canonical(proof: Proved) -> None:
    assert forgery.canonical(proof.document) == proof.raw
    result = proof.verify(proof.raw)
    assert (result.status, result.envelope["data"]["verdict"]) == (0, "sound"), result.stdout
    assert len(result.envelope["data"]["findings"]) == 20


def test_sealing_without_a_change_costs_only_the_journals_signature(proof: Proved) -> None:
    """So that what the tests below find is the change, and no slip in the sealing."""
    sealed = forgery.seal(proof.document, proof.document, ("format",))
    sealed["journal"]["signature"], own = proof.document["journal"]["signature"], sealed["journal"]["signature"]
    assert sealed == proof.document
    sealed["journal"]["signature"] = own
    result = proof.verify(forgery.canonical(sealed))
    assert result.status == 4 and parts_named(result) == {"journal's signature"}


def test_a_reader_who_knows_the_service_takes_nobody_elses_journal(proof: Proved) -> None:
    service = proof.world.service
    assert service.get("/v1/service").json()["journalSigner"] == service.sender
    assert proof.verify(proof.raw, journal_signer=service.sender).status == 0
    sealed = forgery.canonical(forgery.seal(proof.document, proof.document, ("format",)))
    for raw, signer in ((sealed, service.sender), (proof.raw, proof.world.buyer.address)):
        result = proof.verify(raw, journal_signer=signer)
        assert result.status == 1 and parts_named(result) == {"journal's signature"}
    assert proof.verify(proof.raw, journal_signer="0x12").status == 2


def every_change(proof: Proved) -> list[tuple[forgery.Path, Any]]:
    return [
        (path, other) for path, value in forgery.leaves(proof.document) if path != ("format",)
        for other in forgery.others(value)
    ]


def accepted_or_unnamed(
    proof: Proved, make: Callable[[forgery.Path, Any], dict[str, Any] | None], *, by_section: bool
) -> list[str]:
    """What went wrong, for every change: files that were taken, and refusals that name no part."""

    def attempt(numbered: tuple[int, tuple[forgery.Path, Any]]) -> str | None:
        number, (path, other) = numbered
        forged = make(path, other)
        if forged is None or forged == proof.document:
            return None
        result = proof.verify(forgery.canonical(forged), f"forged-{number}")
        (proof.world.directory / f"forged-{number}.json").unlink()
        where = ".".join(map(str, path))
        if result.status not in (1, 3, 4):
            return f"{where} = {str(other)[:70]}: status {result.status}"
        named = parts_named(result)
        section = str(path[0])
        right = named & SECTIONS[section] if by_section else named
        if not right and not any(section in each for each in named):
            return f"{where} = {str(other)[:70]}: names {named}"
        return None

    changes = every_change(proof)
    assert len(changes) > 200
    with ThreadPoolExecutor(2) as pool:
        return [each for each in pool.map(attempt, enumerate(changes)) if each]


def test_every_value_changed_alone_is_found_and_named(proof: Proved) -> None:
    wrong = accepted_or_unnamed(
        proof, lambda path, other: forgery.replaced(proof.document, path, other), by_section=True)
    assert wrong == []


def test_every_value_changed_with_its_hashes_sealed_again_is_found_and_named(proof: Proved) -> None:
    sealed = 0

    def make(path: forgery.Path, other: Any) -> dict[str, Any] | None:
        nonlocal sealed
        try:
            forged = forgery.seal(proof.document, forgery.replaced(proof.document, path, other), path)
        except (ValueError, BadSignature, DecodingError):
            return None  # Nobody's signature, no header: there is no hash of it. Changed alone it was tried above.
        sealed += 1
        return forged

    assert accepted_or_unnamed(proof, make, by_section=False) == []
    assert sealed > 0.95 * len(every_change(proof))


def test_no_member_can_be_missing_or_added(proof: Proved) -> None:
    for name in proof.document:
        forged = {key: value for key, value in proof.document.items() if key != name}
        result = proof.verify(forgery.canonical(forged))
        assert result.status in (1, 3) and parts_named(result), name
    result = proof.verify(forgery.canonical(proof.document | {"colour": "red"}))
    assert result.status == 3 and "colour" in result.stdout


def test_the_file_has_one_form_only(proof: Proved) -> None:
    for raw in (
        json.dumps(proof.document, indent=1).encode(), proof.raw + b"\n", proof.raw[:-1],
        proof.raw.replace(b'{"basis"', b'{"format":"tallystick/proof/1","basis"', 1),
    ):
        assert proof.verify(raw).status == 3


def test_without_a_trusted_block_it_is_incomplete_and_with_another_unsound(
    proof: Proved, agreed: Proved, finalised: Proved
) -> None:
    (proof.world.directory / "genuine.json").write_bytes(proof.raw)
    alone = proof.world.tallystick.run("proof", "verify", "genuine.json", json=True)
    assert alone.status == 4 and "trusted block" in parts_named(alone)
    other = finalised.block if proof.block == agreed.block else agreed.block
    result = proof.verify(proof.raw, block=other)
    assert result.status == 1 and "trusted block" in parts_named(result)


@pytest.mark.parametrize("section", ["signatures", "evidence", "basis", "inclusion", "journal"])
def test_a_section_of_another_genuine_proof_does_not_fit(agreed: Proved, finalised: Proved, section: str) -> None:
    forged = agreed.document | {section: finalised.document[section]}
    for block in (agreed.block, finalised.block):
        for document in (forged, forgery.relinked(forged)):
            assert agreed.verify(forgery.canonical(document), block=block).status in (1, 4)
