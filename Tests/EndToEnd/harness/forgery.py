"""A forger: changes one value of a proof, then recomputes every hash that needs no party's key.

Forging needs the forms of the file and of the chain once more, written here from their specifications alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import rlp
from eth_utils import is_checksum_address, keccak, to_checksum_address

from harness import typed_data

Path = tuple[str | int, ...]
FORGER = b"\x66" * 32
"""The key with which a forger signs what it may sign."""


def canonical(document: Any) -> bytes:
    """RFC 8785, for documents whose names are ASCII and whose numbers are texts."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# What can be changed, and into what


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every string, boolean and array of a document, with where it stands."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, (*path, name))
        return
    yield path, value
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from leaves(each, (*path, index))


_CHOICES = [
    ("buyer", "seller"), ("Call", "Put"), ("agreed", "finalised", "default"),
    ("exercised", "expired"), ("deliveryExercised", "deliverySettled"),
    ("finalise", "agreed", "default", "propose"), ("opened", "proposed", "settled"),
    ("outcomeSigned", "proposalSigned", "observed"), ("amendment", "novation"),
]


def others(value: Any) -> list[Any]:
    """Other values of the same form, so that a reader does not stop at the form."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, list):
        return [value[:-1], value + value[:1]] + ([value[::-1]] if value != value[::-1] else [])
    if value.isdigit():
        return [str(int(value) + 1)] + ([str(int(value) - 1)] if int(value) else [])
    if value.startswith("0x") and len(value) > 2:
        return [to_checksum_address(each) if is_checksum_address(value) else each for each in _flipped(value)]
    named = {other for names in _CHOICES if value in names for other in names if other != value}
    return sorted(named) or ([value + "x", value[:-1]] if value else ["x"])


def _flipped(value: str) -> list[str]:
    """A bit changed in the first byte, and one in the last."""
    raw = bytes.fromhex(value[2:])
    return ["0x" + bytes([raw[0] ^ 1, *raw[1:]]).hex(), "0x" + bytes([*raw[:-1], raw[-1] ^ 1]).hex()]


def at(document: Any, path: Path) -> Any:
    for part in path:
        document = document[part]
    return document


def replaced(document: Any, path: Path, value: Any) -> Any:
    """A copy with one value changed."""
    document = deepcopy(document)
    at(document, path[:-1])[path[-1]] = value
    return document


# Sealing


def seal(genuine: dict[str, Any], forged: dict[str, Any], path: Path) -> dict[str, Any]:
    """A copy in which a changed value is changed wherever else it stands under that name, and every hash of it anew."""
    name = next(part for part in reversed(path) if isinstance(part, str))
    old, new = at(genuine, path), at(forged, path)
    forged = _substituted(forged, lambda member, value: new if member == name and value == old else value)
    forged = _follow(forged, genuine["terms"]["escrow"]["feed"], _feed(genuine, forged))
    bytecode = bytes.fromhex(forged["clause"]["bytecode"][2:])
    forged = _follow(forged, genuine["terms"]["escrow"]["clause"], "0x" + keccak(bytecode).hex())
    forged = _follow(
        forged, typed_data.terms_digest(genuine["terms"]), typed_data.terms_digest(forged["terms"]))
    for before, after in zip(genuine.get("changes", []), forged.get("changes", [])):
        forged = _follow(forged, _terms_hash(before), _terms_hash(after))
    forged = _follow(forged, evidence_digest(genuine), evidence_digest(forged))
    forged = _follow_inclusion(genuine, forged)
    return relinked(forged)


def _terms_hash(change: dict[str, Any]) -> str:
    return "0x" + typed_data.struct_hash("OptionTerms", change["terms"]["domain"], change["terms"]).hex()


def _substituted(value: Any, decide: Callable[[str, Any], Any], name: str = "") -> Any:
    value = decide(name, value)
    if isinstance(value, dict):
        return {member: _substituted(each, decide, member) for member, each in value.items()}
    return [_substituted(each, decide, name) for each in value] if isinstance(value, list) else value


def _follow(document: Any, old: str, new: str) -> Any:
    """A hash, wherever it stands."""
    return _substituted(document, lambda _, value: new if value == old else value)


def _feed(genuine: dict[str, Any], forged: dict[str, Any]) -> str:
    changed = forged["terms"]["escrow"]["feed"] != genuine["terms"]["escrow"]["feed"]
    text = forged["terms"]["economics"]["priceSource"]
    return forged["terms"]["escrow"]["feed"] if changed else "0x" + keccak(text=text).hex()


def evidence_digest(proof: dict[str, Any]) -> str:
    """Keccak-256 of the sorted distinct (kind, signer, struct hash), a word each."""
    domain, entries = proof["terms"]["domain"], set()
    for each in proof["evidence"]:
        signer = typed_data.signer("Observation", domain, each["message"], each["signature"])
        hash = typed_data.struct_hash("Observation", domain, each["message"])
        entries.add((1).to_bytes(32, "big") + bytes.fromhex(signer[2:]).rjust(32, b"\0") + hash)
    return "0x" + keccak(b"".join(sorted(entries))).hex()


def relinked(proof: dict[str, Any], key: bytes = FORGER) -> dict[str, Any]:
    """The journal's chain of digests made anew, and its head signed with a key of the forger's."""
    proof = deepcopy(proof)
    head = "0x" + "00" * 32
    for sequence, entry in enumerate(proof["journal"]["entries"]):
        entry["sequence"], entry["previous"] = str(sequence), head
        head = "0x" + keccak(canonical(entry)).hex()
    message = {
        "agreementId": typed_data.terms_digest(proof["terms"]), "entries": str(len(proof["journal"]["entries"])),
        "head": head,
    }
    proof["journal"]["signature"] = typed_data.sign("JournalHead", proof["terms"]["domain"], message, key)
    return proof


# The block


_TRANSACTIONS_ROOT, _RECEIPTS_ROOT = 4, 5
"""Positions in a header (yellow paper, section 4.3)."""


def _leaf(index: int, value: bytes) -> bytes:
    """The only node of a trie with one value under the RLP of an index (yellow paper, appendix D)."""
    return rlp.encode([b"\x20" + rlp.encode(index), value])


def _follow_inclusion(genuine: dict[str, Any], forged: dict[str, Any]) -> dict[str, Any]:
    """A block that holds nothing but the forged transaction and receipt, and has the header that belongs to them."""
    inclusion, before = deepcopy(forged["inclusion"]), genuine["inclusion"]
    header = rlp.decode(_bytes(inclusion["header"]))
    for what, position in (("transaction", _TRANSACTIONS_ROOT), ("receipt", _RECEIPTS_ROOT)):
        if (inclusion[what], inclusion["index"]) != (before[what], before["index"]):
            node = _leaf(int(inclusion["index"]), _bytes(inclusion[what]))
            inclusion[what + "Proof"] = ["0x" + node.hex()]
            header[position] = keccak(node)
    inclusion["header"] = "0x" + rlp.encode(header).hex()
    forged = _follow(forged | {"inclusion": inclusion}, _hash(before["header"]), _hash(inclusion["header"]))
    return _follow(forged, _hash(before["transaction"]), _hash(inclusion["transaction"]))


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _hash(text: str) -> str:
    return "0x" + keccak(hexstr=text).hex()
