"""Keccak-256, RLP and the contract ABI against PyCryptodome, rlp and eth-abi."""

from __future__ import annotations

from random import Random

import eth_abi
import generators
import rlp
from Crypto.Hash import keccak
from eth_utils import to_checksum_address


def test_keccak(ours, dice, cases):
    inputs = [dice.randbytes(dice.randint(0, 10_000)) for _ in range(cases)]
    answers = ours([{"do": "keccak", "data": "0x" + data.hex()} for data in inputs])
    for data, answer in zip(inputs, answers):
        assert answer["digest"] == "0x" + keccak.new(digest_bits=256, data=data).hexdigest(), data.hex()


def item(dice: Random, depth: int) -> bytes | list:
    if depth and dice.random() < 0.6:
        return [item(dice, depth - 1) for _ in range(dice.choice([0, 1, 2, 5]))]
    return generators.octets(dice, dice.choice([0, 1, 1, 2, 31, 55, 56, 255, 256, 300]))


def test_rlp(ours, dice, cases):
    items = [item(dice, dice.randint(0, 6)) for _ in range(cases)]
    encoded = ours([{"do": "rlp-encode", "item": generators.document(each)} for each in items])
    for each, answer in zip(items, encoded):
        assert answer["data"] == "0x" + rlp.encode(each).hex()
    decoded = ours([{"do": "rlp-decode", "data": answer["data"]} for answer in encoded])
    for each, answer in zip(items, decoded):
        assert answer["item"] == generators.document(each)


def test_rlp_changed(ours, dice, cases):
    """Bytes that are nearly RLP: both take them, as the same item, or neither."""
    inputs = []
    for _ in range(cases):
        data = bytearray(rlp.encode(item(dice, 3)))
        change = dice.randrange(3)
        if change == 0:
            data[dice.randrange(min(len(data), 4))] = dice.choice([0, 0x7F, 0x80, 0x81, 0xB7, 0xB8, 0xC0, 0xF7, 0xF8, 0xFF])
        elif change == 1:
            data = data[: dice.randrange(len(data))]
        else:
            data += dice.randbytes(1)
        inputs.append(bytes(data))
    answers = ours([{"do": "rlp-decode", "data": "0x" + data.hex()} for data in inputs])
    taken = 0
    for data, answer in zip(inputs, answers):
        try:
            expected = generators.document(rlp.decode(data))
        except rlp.exceptions.DecodingError:
            assert "error" in answer, data.hex()
        else:
            assert answer.get("item") == expected, data.hex()
            taken += 1
    assert 0 < taken < cases


def abi_type(dice: Random, depth: int) -> str:
    choice = dice.random()
    if depth and choice < 0.25:
        return abi_type(dice, depth - 1) + dice.choice(["[]", f"[{dice.randint(1, 3)}]"])
    if depth and choice < 0.45:
        return "(" + ",".join(abi_type(dice, depth - 1) for _ in range(dice.randint(1, 4))) + ")"
    return generators.elementary(dice)


def members(kind: str) -> list[str]:
    """The types between the parentheses of a tuple."""
    parts, depth, start = [], 0, 1
    for position, letter in enumerate(kind):
        depth += (letter in "([") - (letter in ")]")
        if (letter == "," and depth == 1) or (letter == ")" and depth == 0):
            parts.append(kind[start:position])
            start = position + 1
    return parts


def abi_value(dice: Random, kind: str) -> object:
    if kind.endswith("]"):
        element, _, count = kind[:-1].rpartition("[")
        return [abi_value(dice, element) for _ in range(int(count) if count else dice.choice([0, 1, 2, 4]))]
    if kind.startswith("("):
        return tuple(abi_value(dice, member) for member in members(kind))
    return generators.value(dice, kind)


def test_abi(ours, dice, cases):
    types = [[abi_type(dice, 3) for _ in range(dice.randint(0, 4))] for _ in range(cases)]
    values = [[abi_value(dice, kind) for kind in kinds] for kinds in types]
    encoded = ours(
        [{"do": "abi-encode", "types": k, "values": generators.document(v)} for k, v in zip(types, values)]
    )
    for kinds, given, answer in zip(types, values, encoded):
        assert answer.get("data") == "0x" + eth_abi.encode(kinds, given).hex(), (kinds, given, answer)
    decoded = ours([{"do": "abi-decode", "types": k, "data": a["data"]} for k, a in zip(types, encoded)])
    for kinds, given, answer in zip(types, values, decoded):
        assert answer.get("values") == generators.document(given), (kinds, given, answer)


def checksummed(kind: str, given: object) -> object:
    """Python's value with addresses in our form."""
    if kind.endswith("]"):
        return [checksummed(kind[: kind.rindex("[")], each) for each in given]
    if kind.startswith("("):
        return [checksummed(member, each) for member, each in zip(members(kind), given)]
    return to_checksum_address(given) if kind == "address" else given


def test_abi_changed(ours, dice, cases):
    """One byte changed: what ours still takes, eth-abi takes as the same values; ours may be stricter."""
    kinds, inputs = [], []
    for _ in range(cases):
        kind = abi_type(dice, 3)
        data = bytearray(eth_abi.encode([kind], [abi_value(dice, kind)]))
        if data:
            data[dice.randrange(len(data))] ^= dice.randint(1, 255)
        kinds.append(kind)
        inputs.append(bytes(data))
    answers = ours([{"do": "abi-decode", "types": [k], "data": "0x" + d.hex()} for k, d in zip(kinds, inputs)])
    taken = 0
    for kind, data, answer in zip(kinds, inputs, answers):
        if "error" in answer:
            continue
        taken += 1
        theirs = [checksummed(kind, eth_abi.decode([kind], data)[0])]
        assert answer["values"] == generators.document(theirs), (kind, data.hex())
        assert eth_abi.encode([kind], eth_abi.decode([kind], data)) == data, (kind, data.hex())
    assert 0 < taken < cases
