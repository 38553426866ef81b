"""Typed data from the type strings alone: EIP-712 by hand, held against eth-account."""

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

STRINGS = {
    "EIP712Domain": "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
    "Economics": (
        "Economics(string optionType,string exerciseStyle,string settlementType,string underlying,string priceCurrency,"
        "uint256 strikePrice,uint8 priceDecimals,uint256 quantity,uint8 quantityDecimals,uint8 tokenDecimals,"
        "string priceSource,string parameters)"),
    "Escrow": (
        "Escrow(address buyer,address seller,address token,address deliveryToken,uint256 premium,uint256 buyerCollateral,"
        "uint256 sellerCollateral,bytes32 clause,uint8 payoffKind,bytes32 feed,uint64 acceptBy,uint64 exerciseStart,"
        "uint64 expirationTime,uint64 evidenceCloses,uint64 settleFrom,uint64 settleBy,uint64 disputeWindow,"
        "uint64 rulingWindow,uint256 bond,uint256 arbitrationFee,uint256 defaultToBuyer,uint256 defaultToSeller,"
        "address[] observers,uint8 observerThreshold,uint64 maxDisagreementPpm,address[] arbitrators,"
        "uint8 arbitratorThreshold,address[] fallbackArbitrators,uint8 fallbackThreshold,address buyerWatcher,"
        "address sellerWatcher,uint64 buyerEpoch,uint64 sellerEpoch,uint256 salt)"),
    "OptionTerms": "OptionTerms(Economics economics,Escrow escrow)",
    "Observation": "Observation(bytes32 feed,uint64 observedAt,uint64 publishedAt,uint256 value)",
    "Outcome": "Outcome(bytes32 agreementId,uint64 version,uint256 toBuyer,uint256 toSeller,uint64 validUntil)",
    "Proposal": (
        "Proposal(bytes32 agreementId,uint64 version,address proposer,bytes32 evidenceDigest,uint256 toBuyer,"
        "uint256 toSeller,uint64 validUntil)"),
    "Dispute": (
        "Dispute(bytes32 agreementId,uint64 version,address disputer,bytes32 evidenceDigest,uint256 toBuyer,"
        "uint256 toSeller,uint64 validUntil)"),
    "Ruling": (
        "Ruling(bytes32 agreementId,uint64 version,uint8 round,bytes32 findingsDigest,uint256 toBuyer,uint256 toSeller,"
        "uint8 bondTo)"),
    "Appeal": "Appeal(bytes32 agreementId,uint64 version,address appellant,uint64 validUntil)",
    "ExerciseNotice": "ExerciseNotice(bytes32 agreementId,uint64 version,address holder,uint64 validUntil)",
    "Amendment": "Amendment(bytes32 agreementId,uint64 version,bytes32 terms,uint64 validUntil)",
    "Novation": (
        "Novation(bytes32 agreementId,uint64 version,address transferor,address transferee,bytes32 terms,"
        "uint256 consideration,uint64 validUntil)"),
    "DeliveryOutcome": (
        "DeliveryOutcome(bytes32 agreementId,uint64 version,uint256 toBuyer,uint256 toSeller,uint256 deliveryToBuyer,"
        "uint256 deliveryToSeller,uint64 validUntil)"),
    "TokenWithdrawal": (
        "TokenWithdrawal(bytes32 agreementId,uint64 version,address claimant,address token,address to,uint256 amount,"
        "uint64 validUntil)"),
    "Withdrawal": "Withdrawal(bytes32 agreementId,uint64 version,address claimant,address to,uint256 amount,uint64 validUntil)",
    "Cancellation": "Cancellation(bytes32 agreementId,uint64 version,address party,uint64 validUntil)",
    "EpochRaise": "EpochRaise(address party,uint64 epoch,uint64 validUntil)",
    "JournalHead": "JournalHead(bytes32 agreementId,uint64 entries,bytes32 head)",
}
MEMBERS = {
    name: [tuple(member.split(" ")) for member in text[len(name) + 1 : -1].split(",")] for name, text in STRINGS.items()}


def type_string(name: str) -> str:
    """EIP-712 encodeType: the structs that a struct holds follow it, by name."""
    return STRINGS[name] + "".join(STRINGS[each] for each in sorted({kind for kind, _ in MEMBERS[name]} & set(STRINGS)))


def type_hash(name: str) -> bytes:
    return keccak(text=type_string(name))


def _word(kind: str, value) -> bytes:
    if kind in STRINGS:
        return struct_hash(kind, value)
    if kind.endswith("[]"):
        return keccak(b"".join(_word(kind[:-2], each) for each in value))
    if kind == "string":
        return keccak(text=value)
    if kind.startswith("uint"):
        return int(value).to_bytes(32, "big")
    return bytes.fromhex(value[2:]).rjust(32, b"\0")


def struct_hash(name: str, message: dict) -> bytes:
    return keccak(type_hash(name) + b"".join(_word(kind, message[key]) for kind, key in MEMBERS[name]))


def domain_separator(domain: dict) -> bytes:
    return struct_hash("EIP712Domain", {"name": "Tallystick", "version": "1", **domain})


def digest(name: str, message: dict, domain: dict) -> bytes:
    ours = keccak(b"\x19\x01" + domain_separator(domain) + struct_hash(name, message))
    theirs = _second_opinion(name, message, domain)
    assert ours == theirs, f"{name}: {ours.hex()} here, {theirs.hex()} by eth-account"
    return ours


def _plain(name: str, message: dict) -> dict:
    """The message as eth-account takes it: integers as integers."""
    return {
        key: _plain(kind, message[key]) if kind in STRINGS else int(message[key]) if kind.startswith("uint") else message[key]
        for kind, key in MEMBERS[name]}


def _second_opinion(name: str, message: dict, domain: dict) -> bytes:
    types = {name} | ({kind for kind, _ in MEMBERS[name]} & set(STRINGS))
    signable = encode_typed_data(full_message={
        "types": {each: [{"type": kind, "name": key} for kind, key in MEMBERS[each]] for each in types | {"EIP712Domain"}},
        "primaryType": name,
        "domain": {"name": "Tallystick", "version": "1", "chainId": int(domain["chainId"]),
                   "verifyingContract": domain["verifyingContract"]},
        "message": _plain(name, message),
    })
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def sign(name: str, message: dict, domain: dict, key: bytes) -> str:
    """65 bytes: r, s, v of 27 or 28; deterministic by RFC 6979."""
    return "0x" + Account.unsafe_sign_hash(digest(name, message, domain), key).signature.hex().removeprefix("0x")
