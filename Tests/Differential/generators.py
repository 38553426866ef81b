"""Random values of Ethereum's kinds; edges are more likely than chance would have them."""

from __future__ import annotations

from random import Random

from eth_utils import to_checksum_address

LETTERS = ["a", "Z", "0", " ", "_", "é", "e\u0301", "🚀", "\n", '"', "\\", "\u0000", "ß", "中"]


def octets(dice: Random, count: int) -> bytes:
    return dice.choice([dice.randbytes, dice.randbytes, lambda n: bytes(n), lambda n: b"\xff" * n])(count)


def integer(dice: Random, bits: int, signed: bool = False) -> int:
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    edges = [low, high, 0, 1, low + 1, high - 1] + ([-1] if signed else [])
    if dice.random() < 0.3:
        return dice.choice(edges)
    value = dice.getrandbits(dice.randint(1, bits))
    return low + value if signed else value


def text(dice: Random) -> str:
    return "".join(dice.choice(LETTERS) for _ in range(dice.choice([0, 1, 3, 31, 32, 33, 70])))


def address(dice: Random) -> str:
    return to_checksum_address(octets(dice, 20))


def elementary(dice: Random) -> str:
    return dice.choice(
        [
            "address",
            "bool",
            "string",
            "bytes",
            f"uint{8 * dice.randint(1, 32)}",
            f"int{8 * dice.randint(1, 32)}",
            f"bytes{dice.randint(1, 32)}",
        ]
    )


def value(dice: Random, kind: str) -> bool | int | str | bytes:
    """A value of an elementary type, as Python libraries take it."""
    if kind == "address":
        return address(dice)
    if kind == "bool":
        return dice.random() < 0.5
    if kind == "string":
        return text(dice)
    if kind == "bytes":
        return octets(dice, dice.choice([0, 1, 31, 32, 33, 100]))
    if kind.startswith("bytes"):
        return octets(dice, int(kind[5:]))
    signed = kind.startswith("int")
    return integer(dice, int(kind.lstrip("uint")), signed)


def document(given: object) -> object:
    """The same value as JSON, integers as decimal text."""
    if isinstance(given, bytes):
        return "0x" + given.hex()
    if isinstance(given, bool) or given is None or isinstance(given, str):
        return given
    if isinstance(given, int):
        return str(given)
    if isinstance(given, dict):
        return {name: document(member) for name, member in given.items()}
    return [document(element) for element in given]
