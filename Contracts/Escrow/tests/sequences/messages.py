"""Typed data and calldata, fast: each digest is made once, each signature is made once and shared.

The hashing follows the type strings of `terms.TYPES` and is compared with eth-account's in a test.
"""

from dataclasses import dataclass
from functools import cache

from eth_abi import encode
from eth_utils import keccak
from eth_utils.abi import function_abi_to_4byte_selector

from terms import TYPES, Party, compact, high_s
from world import types


def word(value) -> bytes:
    """One word: an integer, a truth, an address in hex or 32 bytes."""
    if isinstance(value, int):
        return value.to_bytes(32, "big")
    if isinstance(value, str):
        return bytes(12) + bytes.fromhex(value[2:])
    assert len(value) == 32
    return value


def type_string(name: str) -> str:
    return name + "(" + ",".join(f"{field['type']} {field['name']}" for field in TYPES[name]) + ")"


@cache
def type_hash(name: str) -> bytes:
    nested = sorted({field["type"].removesuffix("[]") for field in TYPES[name]} & TYPES.keys())
    return keccak(text=type_string(name) + "".join(map(type_string, nested)))


def member(kind: str, value) -> bytes:
    if kind == "string":
        return keccak(text=value)
    if kind.endswith("[]"):
        return keccak(b"".join(word(each) for each in value))
    if kind in TYPES:
        return struct_hash(kind, value)
    return word(value)


def struct_hash(name: str, values: dict) -> bytes:
    encoded = (member(field["type"], values[field["name"]]) for field in TYPES[name])
    return keccak(type_hash(name) + b"".join(encoded))


@dataclass(frozen=True)
class Signature:
    """What was signed and by whom, so that the model knows what the bytes are worth."""

    signer: str
    digest: bytes
    form: str
    bytes: bytes


# How the bytes of a good signature are spoilt, and the reason that names it.
FORMS = {
    "full": (lambda signature: signature, None),
    "compact": (compact, None),
    "high s": (high_s, "signature: high s"),
    "odd v": (lambda signature: signature[:64] + b"\1", "signature: v"),
    "short": (lambda signature: signature[:63], "signature: length"),
    "long": (lambda signature: signature + b"\0", "signature: length"),
    "zero r": (lambda signature: bytes(32) + signature[32:], "signature: no signer"),
}


class Messages:
    """All messages to one escrow on one chain."""

    def __init__(self, chain_id: int, factory: str):
        self.separator = struct_hash(
            "EIP712Domain",
            {"name": "Tallystick", "version": "1", "chainId": chain_id,
             "verifyingContract": factory},
        )
        self.digests: dict = {}
        self.signatures: dict = {}

    def digest(self, primary: str, values: dict) -> bytes:
        return keccak(b"\x19\x01" + self.separator + struct_hash(primary, values))

    def of(self, primary: str, *values) -> bytes:
        """The digest of a flat message whose values are in the order of its fields."""
        key = primary, *values
        if key not in self.digests:
            names = [field["name"] for field in TYPES[primary]]
            self.digests[key] = self.digest(primary, dict(zip(names, values, strict=True)))
        return self.digests[key]

    def sign(self, party: Party, digest: bytes, form: str = "full") -> Signature:
        key = party.address, digest, form
        if key not in self.signatures:
            spoil, _ = FORMS[form]
            self.signatures[key] = Signature(
                party.address, digest, form, spoil(party.sign(digest))
            )
        return self.signatures[key]



class Encoder:
    """ABI encoding of the calls of one contract. The terms are encoded once and passed as `Tail`."""

    def __init__(self, abi: list[dict]):
        self.functions = {entry["name"]: entry for entry in abi if entry["type"] == "function"}
        self.selectors = {
            name: function_abi_to_4byte_selector(entry) for name, entry in self.functions.items()
        }

    def data(self, name: str, *arguments) -> bytes:
        return self.selectors[name] + encoded(arguments)

    def slow(self, name: str, *arguments) -> bytes:
        """By eth-abi, for comparison."""
        return self.selectors[name] + encode(types(self.functions[name]["inputs"]), arguments)


class Tail(bytes):
    """An argument of dynamic type, as already encoded."""


class Words(bytes):
    """An argument of static type that takes several words, as already encoded."""


def encoded(arguments) -> bytes:
    """Integers, addresses, `Words` and 32-byte words in `bytes` are static; the rest is dynamic: `Tail`,
    `Signature`, `bytes` in a one-element tuple, and lists of any of these."""
    tails = [dynamic(argument) for argument in arguments]
    offset = sum(
        len(argument) if isinstance(argument, Words) else 32 for argument in arguments
    )
    heads, rest = [], []
    for argument, tail in zip(arguments, tails):
        if tail is not None:
            heads.append(offset.to_bytes(32, "big"))
            rest.append(tail)
            offset += len(tail)
        else:
            heads.append(argument if isinstance(argument, Words) else word(argument))
    return b"".join(heads + rest)


def dynamic(argument) -> bytes | None:
    if isinstance(argument, Tail):
        return argument
    if isinstance(argument, Signature):
        return text(argument.bytes)
    if isinstance(argument, tuple):
        return text(argument[0])
    if isinstance(argument, list):
        return word(len(argument)) + encoded(argument)
    return None


def text(value: bytes) -> bytes:
    return word(len(value)) + value + bytes(-len(value) % 32)
