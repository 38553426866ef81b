"""Three digests of the same terms: the command line's, eth-account's and the contract's."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from eth_utils import keccak, to_checksum_address
from harness import ROOT
from harness.terms import DAY, SOURCE, ZERO, changed, european_call
from harness.typed_data import TYPES, as_tuple, terms_digest
from harness.world import World

WIDEST = 2**128 - 1


def someone(name: str) -> str:
    """An address made from a name."""
    return to_checksum_address(keccak(text=name)[-20:])


def panel(name: str, count: int) -> list[str]:
    return [someone(f"{name} {number}") for number in range(count)]


@pytest.fixture(scope="module")
def terms(world: World) -> dict[str, Any]:
    return european_call(
        now=world.chain.time, chain_id=world.chain.id, escrow=world.escrow.address, token=world.token.address,
        buyer=someone("buyer"), seller=someone("seller"), observers=panel("observer", 3), clause=world.clause)


def source(**entries: Any) -> dict[str, Any]:
    """The changes that another price source needs: its text and its hash."""
    parts = dict(part.split("=") for part in SOURCE.split(" ")) | {name: str(each) for name, each in entries.items()}
    text = " ".join(f"{name}={value}" for name, value in parts.items())
    return {"priceSource": text, "feed": "0x" + keccak(text=text).hex()}


def physical(kind: str) -> dict[str, Any]:
    """An option that delivers a token; the seller locks more than either side of the exchange."""
    bytecode = (ROOT / f"Contracts/Clauses/payoff/physical-{kind}.bytecode").read_text().strip()
    return {
        "optionType": kind.capitalize(), "exerciseStyle": "American", "settlementType": "Physical",
        "payoffKind": 3 if kind == "call" else 4, "clause": "0x" + keccak(hexstr=bytecode).hex(),
        "deliveryToken": someone("delivered token"), "exerciseStart": 1_700_000_000, "sellerCollateral": WIDEST,
        "defaultToSeller": WIDEST, "observers": [ZERO], "observerThreshold": 0, "bond": 0}


VALID = {
    "a call": {},
    "a put": {"optionType": "Put"},
    "a call that delivers": physical("call"),
    "a put that delivers": physical("put"),
    "another underlying": {"underlying": "BTC", "priceCurrency": "EUR"} | source(base="BTC", quote="EUR"),
    "other decimals": {"priceDecimals": 0, "quantityDecimals": 36, "tokenDecimals": 18} | source(decimals=0),
    "the widest numbers": {
        "strikePrice": WIDEST, "quantity": WIDEST, "premium": WIDEST, "buyerCollateral": WIDEST,
        "sellerCollateral": 1, "defaultToBuyer": 1, "defaultToSeller": WIDEST, "bond": WIDEST,
        "arbitrationFee": WIDEST, "salt": 2**256 - 1,
    },
    "the narrowest numbers": {
        "strikePrice": 1, "quantity": 1, "premium": 0, "buyerCollateral": 0, "sellerCollateral": 1,
        "defaultToBuyer": 0, "defaultToSeller": 1, "bond": 0, "salt": 0,
    },
    "one observer": {"observers": panel("lonely", 1), "observerThreshold": 1},
    "full panels": {
        "observers": panel("watching", 15), "observerThreshold": 15, "arbitrators": panel("judging", 15),
        "arbitratorThreshold": 8, "fallbackArbitrators": panel("judging again", 15), "fallbackThreshold": 15,
    },
    "watchers": {"buyerWatcher": someone("buyer's watcher"), "sellerWatcher": someone("seller's watcher")},
    "epochs": {"buyerEpoch": 1, "sellerEpoch": 2**64 - 1},
    "another schedule": {
        "acceptBy": 1_900_000_000, "exerciseStart": 1_900_000_000, "expirationTime": 1_900_000_000,
        "evidenceCloses": 1_900_000_001, "settleFrom": 1_900_000_001, "settleBy": 253_402_300_799,
    },
    "the longest windows": {"disputeWindow": 365 * DAY, "rulingWindow": 365 * DAY},
    "the shortest windows": {"disputeWindow": 1, "rulingWindow": 1, "maxDisagreementPpm": 0},
    "the longest price source": source(source="x" * (256 - len(SOURCE) + len("demo-fixing"))),
}


def printed_digest(world: World, terms: dict[str, Any]) -> str:
    """What the command line prints, or nothing where it refuses the terms."""
    (world.directory / "digest.json").write_text(json.dumps(terms))
    result = world.tallystick.run("terms", "digest", "digest.json")
    assert result.status in (0, 3), result.stderr
    return result.line


def contract_digest(world: World, terms: dict[str, Any]) -> str:
    return "0x" + world.escrow.functions.digestOf(as_tuple("OptionTerms", terms)).call().hex()


@pytest.mark.parametrize("name", VALID)
def test_all_three_agree_on_valid_terms(world: World, terms: dict[str, Any], name: str) -> None:
    terms = changed(terms, **VALID[name])
    assert printed_digest(world, terms) == terms_digest(terms) == contract_digest(world, terms)


def test_these_terms_differ(world: World, terms: dict[str, Any]) -> None:
    digests = {printed_digest(world, changed(terms, **changes)) for changes in VALID.values()}
    assert len(digests) == len(VALID) >= 10


def other_values(kind: str, value: Any) -> list[Any]:
    """Other values of a field; among them some that no validator takes, which the contract must still hash alike."""
    if kind == "string":
        return ["", value + "x", "ü → €", "x" * 32]
    if kind == "bytes32":
        return ["0x" + "00" * 32, "0x" + keccak(text="other").hex(), "0x" + "ff" * 32]
    if kind == "address":
        return [ZERO, someone("another")]
    if kind == "address[]":
        return [value[::-1] + [someone("one more")], value[:-1] + [someone("another")], panel("many", 15)]
    bits = int(kind.removeprefix("uint"))
    return [(int(value) + 1) % 2**bits, 0, 2**bits - 1]


def single_changes(terms: dict[str, Any], struct: str, name: str) -> list[dict[str, Any]]:
    """The terms with that field changed, once for each other value."""
    kind = next(member["type"] for member in TYPES[struct] if member["name"] == name)
    others = [changed(terms, **{name: value}) for value in other_values(kind, terms[struct.lower()][name])]
    return [each for each in others if each != terms]


FIELDS = [(struct, member["name"]) for struct in ("Economics", "Escrow") for member in TYPES[struct]]


@pytest.mark.parametrize("struct, name", FIELDS, ids=[name for _, name in FIELDS])
def test_each_field_enters_the_digest(world: World, terms: dict[str, Any], struct: str, name: str) -> None:
    for other in single_changes(terms, struct, name):
        expected = terms_digest(other)
        assert expected != terms_digest(terms)
        assert contract_digest(world, other) == expected
        assert printed_digest(world, other) in (expected, "")


def test_the_command_line_takes_most_single_changes(world: World, terms: dict[str, Any]) -> None:
    """So that the test above compares three digests and not two. The others it refuses are bound to another field."""
    compared = {
        name for struct, name in FIELDS
        if any(printed_digest(world, other) for other in single_changes(terms, struct, name))
    }
    bound = {
        "optionType", "exerciseStyle", "settlementType", "underlying", "priceCurrency", "priceDecimals", "priceSource",
        "parameters", "deliveryToken", "payoffKind", "feed", "exerciseStart", "expirationTime", "evidenceCloses",
        "buyerCollateral", "sellerCollateral", "defaultToBuyer", "defaultToSeller", "arbitrationFee", "arbitrators",
        "arbitratorThreshold", "fallbackArbitrators", "fallbackThreshold",
    }
    assert {name for _, name in FIELDS} - compared <= bound
    # What only several changes together can move is moved by the valid terms above.
    moved = {name for changes in VALID.values() for name in changes}
    assert bound - compared - moved == {"parameters"}


@pytest.mark.parametrize("name, value", [("chainId", "1"), ("verifyingContract", someone("another escrow"))])
def test_the_domain_enters_the_digest(world: World, terms: dict[str, Any], name: str, value: str) -> None:
    other = deepcopy(terms)
    other["domain"][name] = value
    assert printed_digest(world, other) == terms_digest(other) != terms_digest(terms)
    # The contract knows its own chain and address, whatever a document says.
    assert contract_digest(world, other) == terms_digest(terms)


def test_the_wallet_document_has_the_same_digest(world: World, terms: dict[str, Any]) -> None:
    from eth_account.messages import encode_typed_data

    (world.directory / "wallet.json").write_text(json.dumps(terms))
    document = json.loads(world.tallystick("terms", "typed-data", "wallet.json"))
    encoded = encode_typed_data(full_message=document)
    assert "0x" + keccak(b"\x19" + encoded.version + encoded.header + encoded.body).hex() == terms_digest(terms)
