"""Typed data of random types against eth-account."""

from __future__ import annotations

from random import Random

import generators
from eth_account.messages import encode_typed_data
from eth_utils import keccak

DOMAIN = [
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
    ("salt", "bytes32"),
]


def types(dice: Random) -> dict[str, list[dict[str, str]]]:
    """Structs of which the first holds all others, each may hold itself and those after it."""
    names = dice.sample(["Mail", "Person", "a", "Z9", "_x", "Struct", "Leaf", "Mailbox"], dice.randint(1, 5))
    result: dict[str, list[dict[str, str]]] = {}
    for position, name in enumerate(names):
        members = [generators.elementary(dice) for _ in range(dice.randint(0, 4))]
        members += dice.choices(names[position:], k=dice.randint(0, 2))
        # Each but the first is held by the one before it.
        members += names[position + 1 : position + 2]
        members = [member + array(dice) for member in members]
        dice.shuffle(members)
        result[name] = [{"name": f"m{index}", "type": member} for index, member in enumerate(members)]
    return result


def array(dice: Random) -> str:
    return "".join(dice.choice(["[]", f"[{dice.randint(1, 3)}]"]) for _ in range(dice.choice([0, 0, 0, 1, 1, 2])))


def value(dice: Random, kind: str, known: dict, depth: int) -> object:
    if kind.endswith("]"):
        element, _, count = kind[:-1].rpartition("[")
        length = int(count) if count else dice.choice([0, 1, 2]) if depth else 0
        return [value(dice, element, known, depth) for _ in range(length)]
    if kind in known:
        if depth <= 0 or dice.random() < 0.1:
            return None
        return {member["name"]: value(dice, member["type"], known, depth - 1) for member in known[kind]}
    return generators.value(dice, kind)


def typed_data(dice: Random) -> dict:
    known = types(dice)
    primary = next(iter(known))
    fields = [field for field in DOMAIN if dice.random() < 0.6]
    domain = {name: generators.value(dice, kind) for name, kind in fields}
    message = {member["name"]: value(dice, member["type"], known, 3) for member in known[primary]}
    data = {"types": dict(known), "primaryType": primary, "domain": domain, "message": message}
    if dice.random() < 0.5:
        data["types"]["EIP712Domain"] = [{"name": name, "type": kind} for name, kind in fields]
    return data


def test_typed_data(ours, dice, cases):
    documents = [typed_data(dice) for _ in range(cases)]
    answers = ours([{"do": "typed-data", "document": generators.document(each)} for each in documents])
    for each, answer in zip(documents, answers):
        theirs = encode_typed_data(full_message=each)
        assert answer.get("domain") == "0x" + theirs.header.hex(), (each, answer)
        assert answer["message"] == "0x" + theirs.body.hex(), (each, answer)
        digest = keccak(b"\x19\x01" + theirs.header + theirs.body)
        assert answer["digest"] == "0x" + digest.hex(), (each, answer)
