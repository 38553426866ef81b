"""Reading the parameters of a call, each by the type that its method declares for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NewType

from eth_typing import Address

from .errors import InvalidParams

Quantity = NewType("Quantity", int)
"""A number in hexadecimal: 0x, no leading zeros."""
Data = NewType("Data", bytes)
"""Bytes in hexadecimal, two digits each."""
Hash = NewType("Hash", bytes)
"""32 bytes."""
Slot = NewType("Slot", int)
"""A storage slot: up to 32 bytes, or a number."""
Count = NewType("Count", int)
"""A number, in hexadecimal or plain: for the parameters that clients write either way."""


@contextmanager
def argument(index: int) -> Iterator[None]:
    """Says which argument a fault is in."""
    try:
        yield
    except InvalidParams as error:
        raise InvalidParams(f"invalid argument {index}: {error.message}") from None


_QUANTITY = re.compile("0x(0|[1-9a-fA-F][0-9a-fA-F]*)")
_TAGS = ("latest", "safe", "finalized", "earliest", "pending")


@dataclass(frozen=True)
class BlockReference:
    """Which block is meant: by tag, by number or, as EIP-1898 has it, by hash."""

    tag: str | None = None
    number: int | None = None
    hash: bytes | None = None
    require_canonical: bool = False


LATEST = BlockReference(tag="latest")


def quantity(value: Any) -> Quantity:
    """Reads a number."""
    if not isinstance(value, str) or not value.startswith("0x"):
        raise InvalidParams("hex string without 0x prefix")
    if not _QUANTITY.fullmatch(value):
        raise InvalidParams("hex number with leading zero digits" if value[2:3] == "0" else "invalid hex string")
    number = int(value, 16)
    if number >= 2**256:
        raise InvalidParams("hex number > 256 bits")
    return Quantity(number)


def count(value: Any) -> Count:
    """Reads a number that may be plain."""
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise InvalidParams("number below zero")
        return Count(value)
    return Count(quantity(value))


def data(value: Any) -> Data:
    """Reads bytes."""
    if not isinstance(value, str) or not value.startswith("0x"):
        raise InvalidParams("hex string without 0x prefix")
    if len(value) % 2:
        raise InvalidParams("hex string of odd length")
    try:
        return Data(bytes.fromhex(value[2:]))
    except ValueError:
        raise InvalidParams("invalid hex string") from None


def _sized(value: Any, size: int, what: str) -> bytes:
    raw = data(value)
    if len(raw) != size:
        raise InvalidParams(f"hex string has length {2 * len(raw)}, want {2 * size} for {what}")
    return raw


def address(value: Any) -> Address:
    """Reads an address in any case."""
    return Address(_sized(value, 20, "address"))


def block_hash(value: Any) -> Hash:
    """Reads a hash."""
    return Hash(_sized(value, 32, "hash"))


def slot(value: Any) -> Slot:
    """Reads a storage slot."""
    if not isinstance(value, str) or not value.startswith("0x"):
        raise InvalidParams("hex string without 0x prefix")
    if len(value) > 66:
        raise InvalidParams(f'storage key too long (want at most 32 bytes): "{value}"')
    raw = data("0x" + value[2:].rjust(len(value) % 2 + len(value) - 2, "0"))
    return Slot(int.from_bytes(raw, "big"))


def block_reference(value: Any) -> BlockReference:
    """Reads a tag, a number, a hash, or an EIP-1898 object."""
    if value is None:
        return LATEST
    if isinstance(value, dict):
        if "blockHash" in value and "blockNumber" in value:
            raise InvalidParams("cannot specify both BlockHash and BlockNumber, choose one or the other")
        if "blockHash" in value:
            return BlockReference(
                hash=block_hash(value["blockHash"]), require_canonical=bool(value.get("requireCanonical", False))
            )
        if "blockNumber" in value:
            return block_reference(value["blockNumber"])
        raise InvalidParams("neither blockHash nor blockNumber")
    if isinstance(value, str) and len(value) == 66:
        return BlockReference(hash=block_hash(value))
    if isinstance(value, str) and value in _TAGS:
        return BlockReference(tag=value)
    return BlockReference(number=quantity(value))


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidParams("not true or false")
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidParams("not an object")
    return value


def _array(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidParams("not an array")
    return value


READERS: dict[str, Callable[[Any], Any]] = {
    "Quantity": quantity,
    "Count": count,
    "Data": data,
    "Address": address,
    "Hash": block_hash,
    "Slot": slot,
    "BlockReference": block_reference,
    "bool": _boolean,
    "dict[str, Any]": _object,
    "list[Any]": _array,
}
"""By the name that a method's signature uses."""
