"""The typed data once more, from its type strings alone, by eth-account: the second opinion on every digest."""

from __future__ import annotations

from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

_STRINGS = """
EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)
OptionTerms(Economics economics,Escrow escrow)
Economics(string optionType,string exerciseStyle,string settlementType,string underlying,string priceCurrency,\
uint256 strikePrice,uint8 priceDecimals,uint256 quantity,uint8 quantityDecimals,uint8 tokenDecimals,\
string priceSource,string parameters)
Escrow(address buyer,address seller,address token,address deliveryToken,uint256 premium,uint256 buyerCollateral,\
uint256 sellerCollateral,bytes32 clause,uint8 payoffKind,bytes32 feed,uint64 acceptBy,uint64 exerciseStart,\
uint64 expirationTime,uint64 evidenceCloses,uint64 settleFrom,uint64 settleBy,uint64 disputeWindow,\
uint64 rulingWindow,uint256 bond,uint256 arbitrationFee,uint256 defaultToBuyer,uint256 defaultToSeller,\
address[] observers,uint8 observerThreshold,uint64 maxDisagreementPpm,address[] arbitrators,\
uint8 arbitratorThreshold,address[] fallbackArbitrators,uint8 fallbackThreshold,address buyerWatcher,\
address sellerWatcher,uint64 buyerEpoch,uint64 sellerEpoch,uint256 salt)
Observation(bytes32 feed,uint64 observedAt,uint64 publishedAt,uint256 value)
Outcome(bytes32 agreementId,uint64 version,uint256 toBuyer,uint256 toSeller,uint64 validUntil)
DeliveryOutcome(bytes32 agreementId,uint64 version,uint256 toBuyer,uint256 toSeller,uint256 deliveryToBuyer,\
uint256 deliveryToSeller,uint64 validUntil)
ExerciseNotice(bytes32 agreementId,uint64 version,address holder,uint64 validUntil)
Proposal(bytes32 agreementId,uint64 version,address proposer,bytes32 evidenceDigest,uint256 toBuyer,\
uint256 toSeller,uint64 validUntil)
Dispute(bytes32 agreementId,uint64 version,address disputer,bytes32 evidenceDigest,uint256 toBuyer,\
uint256 toSeller,uint64 validUntil)
JournalHead(bytes32 agreementId,uint64 entries,bytes32 head)
"""


def _parse(line: str) -> tuple[str, list[dict[str, str]]]:
    name, _, members = line.rstrip(")").partition("(")
    return name, [dict(zip(("type", "name"), member.split(" "))) for member in members.split(",")]


TYPES = dict(_parse(line) for line in _STRINGS.strip().split("\n"))


def typed(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    """A document's struct with the values that eth-account takes: integers as integers."""
    return {member["name"]: _value(member["type"], document[member["name"]]) for member in TYPES[kind]}


def _value(kind: str, value: Any) -> Any:
    if kind in TYPES:
        return typed(kind, value)
    return int(value) if kind.startswith("uint") else value


def as_tuple(kind: str, document: dict[str, Any]) -> tuple:
    """A document's struct as web3.py takes it for a call."""
    return tuple(
        as_tuple(member["type"], document[member["name"]]) if member["type"] in TYPES
        else bytes.fromhex(document[member["name"]][2:]) if member["type"] == "bytes32"
        else _value(member["type"], document[member["name"]])
        for member in TYPES[kind])


def _encoded(kind: str, domain: dict[str, Any], message: dict[str, Any]) -> Any:
    needed = {"EIP712Domain", kind} | ({"Economics", "Escrow"} if kind == "OptionTerms" else set())
    return encode_typed_data(full_message={
        "types": {name: TYPES[name] for name in needed},
        "primaryType": kind,
        "domain": {
            "name": "Tallystick", "version": "1", "chainId": int(domain["chainId"]),
            "verifyingContract": domain["verifyingContract"],
        },
        "message": typed(kind, message),
    })


def digest(kind: str, domain: dict[str, Any], message: dict[str, Any]) -> str:
    """The EIP-712 digest, as 0x text."""
    encoded = _encoded(kind, domain, message)
    return "0x" + keccak(b"\x19" + encoded.version + encoded.header + encoded.body).hex()


def struct_hash(kind: str, domain: dict[str, Any], message: dict[str, Any]) -> bytes:
    return _encoded(kind, domain, message).body


def terms_digest(document: dict[str, Any]) -> str:
    """The agreement's id."""
    return digest("OptionTerms", document["domain"], document)


def sign(kind: str, domain: dict[str, Any], message: dict[str, Any], key: bytes) -> str:
    """65 bytes as 0x text, v 27 or 28."""
    return "0x" + Account.sign_message(_encoded(kind, domain, message), key).signature.hex()


def signer(kind: str, domain: dict[str, Any], message: dict[str, Any], signature: str) -> str:
    return Account.recover_message(_encoded(kind, domain, message), signature=signature)


ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def high_s(signature: str) -> str:
    """The other signature of the same digest and signer, with the s that EIP-2 refuses."""
    raw = bytes.fromhex(signature[2:])
    s = ORDER - int.from_bytes(raw[32:64], "big")
    return "0x" + (raw[:32] + s.to_bytes(32, "big") + bytes([55 - raw[64]])).hex()
