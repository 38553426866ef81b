"""Terms, digests, agreements, evidence and calls, made without any of the Swift: eth-account hashes the typed data,
eth-keys signs it, eth-abi encodes calls by the ABI of the compiled escrow, rlp encodes manifests.

    python make.py            writes the files
    python make.py --check    compares them, exit status 1 and the names of those that differ

`python` is `.build/python/bin/python`, which `Tests/DevChain/environment.sh` makes.
"""

import json
import sys
from copy import deepcopy
from pathlib import Path

import rlp
from eth_abi import encode
from eth_account.messages import encode_typed_data
from eth_keys import keys
from eth_keys.backends.native.jacobian import fast_multiply
from eth_keys.constants import SECPK1_G, SECPK1_N
from eth_utils import keccak, to_canonical_address, to_checksum_address
from eth_utils.abi import collapse_if_tuple, function_abi_to_4byte_selector

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent
ABI = {
    name: {entry["name"]: entry for entry in contract["abi"] if entry["type"] == "function"}
    for name, contract in json.loads((PACKAGE / "Contracts/Escrow/artifact.json").read_text())[
        "contracts"
    ].items()
}
CLAUSES = PACKAGE / "Contracts/Clauses/payoff"

# Typed data, as it is frozen.

STRUCTS = """
EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)
OptionTerms(Economics economics,Escrow escrow)
Economics(string optionType,string exerciseStyle,string settlementType,string underlying,string priceCurrency,uint256 strikePrice,uint8 priceDecimals,uint256 quantity,uint8 quantityDecimals,uint8 tokenDecimals,string priceSource,string parameters)
Escrow(address buyer,address seller,address token,address deliveryToken,uint256 premium,uint256 buyerCollateral,uint256 sellerCollateral,bytes32 clause,uint8 payoffKind,bytes32 feed,uint64 acceptBy,uint64 exerciseStart,uint64 expirationTime,uint64 evidenceCloses,uint64 settleFrom,uint64 settleBy,uint64 disputeWindow,uint64 rulingWindow,uint256 bond,uint256 arbitrationFee,uint256 defaultToBuyer,uint256 defaultToSeller,address[] observers,uint8 observerThreshold,uint64 maxDisagreementPpm,address[] arbitrators,uint8 arbitratorThreshold,address[] fallbackArbitrators,uint8 fallbackThreshold,address buyerWatcher,address sellerWatcher,uint64 buyerEpoch,uint64 sellerEpoch,uint256 salt)
Observation(bytes32 feed,uint64 observedAt,uint64 publishedAt,uint256 value)
Outcome(bytes32 agreementId,uint64 version,uint256 toBuyer,uint256 toSeller,uint64 validUntil)
Proposal(bytes32 agreementId,uint64 version,address proposer,bytes32 evidenceDigest,uint256 toBuyer,uint256 toSeller,uint64 validUntil)
Dispute(bytes32 agreementId,uint64 version,address disputer,bytes32 evidenceDigest,uint256 toBuyer,uint256 toSeller,uint64 validUntil)
JournalHead(bytes32 agreementId,uint64 entries,bytes32 head)
Ruling(bytes32 agreementId,uint64 version,uint8 round,bytes32 findingsDigest,uint256 toBuyer,uint256 toSeller,uint8 bondTo)
Appeal(bytes32 agreementId,uint64 version,address appellant,uint64 validUntil)
ExerciseNotice(bytes32 agreementId,uint64 version,address holder,uint64 validUntil)
Amendment(bytes32 agreementId,uint64 version,bytes32 terms,uint64 validUntil)
Novation(bytes32 agreementId,uint64 version,address transferor,address transferee,bytes32 terms,uint256 consideration,uint64 validUntil)
"""
TYPES = {}
for line in STRUCTS.strip().splitlines():
    name, members = line.rstrip(")").split("(")
    TYPES[name] = [
        dict(zip(("type", "name"), member.split(" "))) for member in members.split(",")
    ]


def encoded(domain: dict, primary: str, message: dict):
    needed = [primary] + (["Economics", "Escrow"] if primary == "OptionTerms" else [])
    return encode_typed_data(
        full_message={
            "types": {name: TYPES[name] for name in ["EIP712Domain", *needed]},
            "primaryType": primary,
            "domain": {"name": "Tallystick", "version": "1", **domain},
            "message": message,
        }
    )


def digest(domain: dict, primary: str, message: dict) -> bytes:
    parts = encoded(domain, primary, message)
    return keccak(b"\x19" + parts.version + parts.header + parts.body)


def struct_hash(domain: dict, primary: str, message: dict) -> bytes:
    return encoded(domain, primary, message).body


# Who signs.


def key(name: str) -> keys.PrivateKey:
    return keys.PrivateKey(keccak(text="tallystick fixture " + name))


def address(name: str) -> str:
    return key(name).public_key.to_checksum_address()


def sign(name: str, digest: bytes) -> bytes:
    """r, s, v with v 27 or 28."""
    signature = key(name).sign_msg_hash(digest)
    return b"".join(
        [
            signature.r.to_bytes(32, "big"),
            signature.s.to_bytes(32, "big"),
            bytes([27 + signature.v]),
        ]
    )


def sign_again(name: str, digest: bytes) -> bytes:
    """A second signature of the same digest by the same key: ECDSA with a nonce of one's own, and low s."""
    nonce = int.from_bytes(keccak(text="another nonce"), "big") % SECPK1_N
    x, y = fast_multiply(SECPK1_G, nonce)
    secret = int.from_bytes(key(name).to_bytes(), "big")
    s = pow(nonce, -1, SECPK1_N) * (int.from_bytes(digest, "big") + x * secret) % SECPK1_N
    parity = y % 2
    if s > SECPK1_N // 2:
        s, parity = SECPK1_N - s, 1 - parity
    recovered = keys.Signature(vrs=(parity, x, s)).recover_public_key_from_msg_hash(digest)
    assert recovered == key(name).public_key
    return x.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([27 + parity])


def panel(kind: str, count: int) -> list[str]:
    return [address(f"{kind} {index}") for index in range(count)]


# Terms.

ZERO = "0x" + "00" * 20
HOUR, DAY = 3_600, 86_400
NOW = 1_800_000_000
MAX128 = 2**128 - 1


def clause_digest(name: str) -> bytes:
    return keccak(hexstr=(CLAUSES / f"{name}.bytecode").read_text().strip())


def european_call() -> tuple[dict, dict, dict]:
    source = "base=ETH quote=USD source=daily-fixing method=ClosingPrice decimals=8"
    expiration = NOW + 30 * DAY
    domain = {"chainId": 31_337, "verifyingContract": address("escrow contract")}
    economics = {
        "optionType": "Call",
        "exerciseStyle": "European",
        "settlementType": "Cash",
        "underlying": "ETH",
        "priceCurrency": "USD",
        "strikePrice": 2_500 * 10**8,
        "priceDecimals": 8,
        "quantity": 10 * 10**18,
        "quantityDecimals": 18,
        "tokenDecimals": 6,
        "priceSource": source,
        "parameters": "",
    }
    escrow = {
        "buyer": address("buyer"),
        "seller": address("seller"),
        "token": address("token"),
        "deliveryToken": ZERO,
        "premium": 400 * 10**6,
        "buyerCollateral": 50 * 10**6,
        "sellerCollateral": 10_000 * 10**6,
        "clause": clause_digest("european-call"),
        "payoffKind": 0,
        "feed": keccak(text=source),
        "acceptBy": NOW + HOUR,
        "exerciseStart": expiration,
        "expirationTime": expiration,
        "evidenceCloses": expiration + HOUR,
        "settleFrom": expiration + 2 * HOUR,
        "settleBy": expiration + 7 * DAY,
        "disputeWindow": 6 * HOUR,
        "rulingWindow": 2 * DAY,
        "bond": 120 * 10**6,
        "arbitrationFee": 60 * 10**6,
        "defaultToBuyer": 3_050 * 10**6,
        "defaultToSeller": 7_000 * 10**6,
        "observers": panel("observer", 3),
        "observerThreshold": 2,
        "maxDisagreementPpm": 5_000,
        "arbitrators": panel("arbitrator", 3),
        "arbitratorThreshold": 2,
        "fallbackArbitrators": [ZERO],
        "fallbackThreshold": 0,
        "buyerWatcher": address("buyer watcher"),
        "sellerWatcher": address("seller watcher"),
        "buyerEpoch": 0,
        "sellerEpoch": 0,
        "salt": 1,
    }
    return domain, economics, escrow


def schedule(count: int, **others: str) -> str:
    """So many fixings a day apart, the last at expiration, and what else the clause wants: ascending by name."""
    start = NOW + 30 * DAY - (count - 1) * DAY
    lines = {"fixingCount": f"{count} count", "fixingInterval": f"{DAY} duration", "fixingStart": f"{start} time"} | others
    return "".join(f"{name} {value}\n" for name, value in sorted(lines.items()))


def changed(**changes) -> tuple[dict, dict, dict]:
    terms = deepcopy(european_call())
    for name, value in changes.items():
        part = next(part for part in terms if name in part)
        part[name] = value
    terms[2]["feed"] = keccak(text=terms[1]["priceSource"])
    return terms


def source(base: str, quote: str, decimals: int, name="daily-fixing", method="ClosingPrice") -> str:
    return f"base={base} quote={quote} source={name} method={method} decimals={decimals}"


def all_terms() -> dict[str, tuple[dict, dict, dict]]:
    long_name = "WRAPPED-STAKED-ETHER-2030-SERIES"  # 32 bytes
    long_source = source(long_name, "USD", 8, name="")
    long_source = source(long_name, "USD", 8, name="x" * (256 - len(long_source)))
    late = 253_402_300_799  # the last second of the year 9999
    return {
        "call": european_call(),
        "put": changed(optionType="Put", clause=clause_digest("european-put")),
        "main-network": changed(chainId=1, salt=2),
        "widest-chain": changed(chainId=2**64 - 1),
        "largest-salt": changed(salt=2**256 - 1),
        "no-premium-no-bond": changed(premium=0, bond=0, arbitrationFee=0),
        "no-buyer-collateral": changed(
            buyerCollateral=0, defaultToBuyer=0, defaultToSeller=10_000 * 10**6
        ),
        "largest-amounts": changed(
            premium=MAX128,
            buyerCollateral=1,
            sellerCollateral=MAX128,
            defaultToBuyer=1,
            defaultToSeller=MAX128,
            bond=MAX128,
            arbitrationFee=MAX128,
            strikePrice=MAX128,
        ),
        "whole-token": changed(
            tokenDecimals=0, quantityDecimals=0, quantity=7, priceDecimals=0,
            priceSource=source("ETH", "USD", 0), strikePrice=1,
        ),
        "most-decimals": changed(
            priceDecimals=36, quantityDecimals=36, tokenDecimals=36,
            priceSource=source("ETH", "USD", 36), strikePrice=25 * 10**36, quantity=10**36,
        ),
        "longest-names": changed(underlying=long_name, priceSource=long_source),
        "full-panels": changed(
            observers=panel("observer", 15), observerThreshold=8,
            arbitrators=panel("arbitrator", 15), arbitratorThreshold=15,
            fallbackArbitrators=panel("fallback", 15), fallbackThreshold=9,
        ),
        "one-observer-alone": changed(
            observers=panel("observer", 1), observerThreshold=1,
            arbitrators=[ZERO], arbitratorThreshold=0,
            buyerWatcher=ZERO, sellerWatcher=ZERO, maxDisagreementPpm=0,
        ),
        "raised-epochs": changed(buyerEpoch=3, sellerEpoch=2**64 - 1),
        "far-future": changed(
            acceptBy=late - 9, exerciseStart=late - 3, expirationTime=late - 3, evidenceCloses=late - 2,
            settleFrom=late - 1, settleBy=late, disputeWindow=31_536_000, rulingWindow=1,
        ),
        "asian-call": changed(
            clause=clause_digest("asian-average-price-call"),
            parameters=schedule(4, minimumFixings="3 count"), salt=3,
        ),
        "american-put": changed(
            optionType="Put", exerciseStyle="American", clause=clause_digest("american-put"),
            exerciseStart=NOW + DAY, parameters=schedule(5, noticeDelay=f"{HOUR} duration"), salt=4,
        ),
        "same-watcher": changed(
            buyerWatcher=address("watcher"), sellerWatcher=address("watcher")
        ),
    }


# Documents: every integer a decimal string.


def text(value):
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return [text(element) for element in value]
    if isinstance(value, dict):
        return {name: text(element) for name, element in value.items()}
    return value


def document(terms: tuple[dict, dict, dict]) -> dict:
    domain, economics, escrow = terms
    return {
        "format": "tallystick/terms/1",
        "domain": text(domain),
        "economics": text(economics),
        "escrow": text(escrow),
    }


def terms_digest(terms: tuple[dict, dict, dict]) -> bytes:
    domain, economics, escrow = terms
    return digest(domain, "OptionTerms", {"economics": economics, "escrow": escrow})


def hashes(terms: tuple[dict, dict, dict]) -> dict:
    domain, economics, escrow = terms
    whole = {"economics": economics, "escrow": escrow}
    return {
        "domainSeparator": text(encoded(domain, "OptionTerms", whole).header),
        "economics": text(struct_hash(domain, "Economics", economics)),
        "escrow": text(struct_hash(domain, "Escrow", escrow)),
        "optionTerms": text(struct_hash(domain, "OptionTerms", whole)),
        "digest": text(terms_digest(terms)),
    }


def wallet_document(terms: tuple[dict, dict, dict]) -> dict:
    """What a wallet is asked to sign: the chain id a number, every other integer a decimal string."""
    domain, economics, escrow = terms
    return {
        "types": {
            name: [{"name": m["name"], "type": m["type"]} for m in TYPES[name]]
            for name in ("EIP712Domain", "OptionTerms", "Economics", "Escrow")
        },
        "primaryType": "OptionTerms",
        "domain": {"name": "Tallystick", "version": "1", **domain},
        "message": {"economics": text(economics), "escrow": text(escrow)},
    }


# An agreement and what happens to it.


def vault_of(domain: dict, agreement_id: bytes) -> str:
    factory = to_canonical_address(domain["verifyingContract"])
    implementation = keccak(rlp.encode([factory, 1]))[12:]
    init_code = (
        bytes.fromhex("602d3d8160093d39f3363d3d373d3d3d363d73")
        + implementation
        + bytes.fromhex("5af43d82803e903d91602b57fd5bf3")
    )
    return to_checksum_address(keccak(b"\xff" + factory + agreement_id + keccak(init_code))[12:])


def observation(terms, observer: str, value: int, delay: int, daysBefore: int = 0) -> dict:
    domain, _, escrow = terms
    fixing = escrow["expirationTime"] - daysBefore * DAY
    message = {
        "feed": escrow["feed"],
        "observedAt": fixing,
        "publishedAt": fixing + delay,
        "value": value,
    }
    return {
        "signer": address(observer),
        "structHash": struct_hash(domain, "Observation", message),
        "message": message,
        "signature": sign(observer, digest(domain, "Observation", message)),
    }


def word(value: bytes | int) -> bytes:
    return value.to_bytes(32, "big") if isinstance(value, int) else value.rjust(32, b"\0")


def evidence_of(observations: list[dict]) -> tuple[list[dict], bytes, bytes]:
    """In canonical order, the digest, and the manifest."""
    entry = lambda o: word(1) + word(to_canonical_address(o["signer"])) + o["structHash"]
    ordered = sorted(observations, key=entry)
    manifest = rlp.encode(
        [
            [
                b"\x01", o["signature"], o["message"]["feed"],
                *(rlp.sedes.big_endian_int.serialize(o["message"][name])
                  for name in ("observedAt", "publishedAt", "value")),
            ]
            for o in ordered
        ]
    )
    return ordered, keccak(b"".join(map(entry, ordered))), manifest


def call(contract: str, function: str, *arguments) -> str:
    entry = ABI[contract][function]
    types = [collapse_if_tuple(parameter) for parameter in entry["inputs"]]
    return text(function_abi_to_4byte_selector(entry) + encode(types, arguments))


def agreement_document(terms: tuple[dict, dict, dict], clause: str, observations: list[dict]) -> dict:
    return {
        "terms": document(terms),
        "clause": (CLAUSES / f"{clause}.clause").read_text(),
        "signatures": {party: text(sign(party, terms_digest(terms))) for party in ("buyer", "seller")},
        "evidence": [
            {"message": text(o["message"]), "signature": text(o["signature"])} for o in observations
        ],
    }


def expectation(terms: tuple[dict, dict, dict], settled: int, payoff: int) -> dict:
    domain, _, escrow = terms
    agreement_id = terms_digest(terms)
    return {
        "agreementId": text(agreement_id),
        "vault": vault_of(domain, agreement_id),
        "settlementPrice": str(settled),
        "toBuyer": str(escrow["buyerCollateral"] + payoff),
        "toSeller": str(escrow["sellerCollateral"] - payoff),
    }


def evidence_document(observations: list[dict]) -> dict:
    ordered, evidence_digest, manifest = evidence_of(observations)
    return {"order": [o["signer"] for o in ordered], "digest": text(evidence_digest), "manifest": text(manifest)}


def several_fixings() -> dict[str, dict]:
    """An average of which one day has no quorum, and an American option exercised before its time."""

    def days(terms: tuple[dict, dict, dict], prices: list[list[int]]) -> list[dict]:
        """The whole prices of each day, the last day that of expiration, by as many observers."""
        return [
            observation(terms, f"observer {place}", price * 10**8, 60 * place, len(prices) - 1 - day)
            for day, row in enumerate(prices) for place, price in enumerate(row)
        ]

    asian, american = all_terms()["asian-call"], all_terms()["american-put"]
    averaged = days(asian, [[2_600, 2_601, 2_602], [2_700], [2_610, 2_612], [2_630, 2_632, 2_634]])
    watched = days(american, [[2_300] * 3, [2_350] * 3, [2_400, 2_401, 2_402], [2_450] * 3, [2_480] * 3])
    # One observer of the second day is no quorum; of two the lower price counts. (2601 + 2610 + 2632) / 3 is
    # 2614.33333333, rounded down to a tick; 10 x 114.33333333 is 1143.333333 tokens, rounded down to a base unit.
    # The put was exercised half an hour before the second fixing, and the notice takes an hour: the third counts, with
    # 2401. 10 x (2500 - 2401) = 990 tokens.
    exercised_at = american[2]["expirationTime"] - 3 * DAY - HOUR // 2
    return {
        "agreements/asian-call.json": agreement_document(asian, "asian-average-price-call", averaged),
        "agreements/asian-call.expected.json": expectation(asian, 2_632 * 10**8, 1_143_333_333),
        "evidence/asian-call.json": evidence_document(averaged),
        "agreements/american-put.json": {
            **agreement_document(american, "american-put", watched), "exercisedAt": str(exercised_at)
        },
        "agreements/american-put.expected.json": {
            **expectation(american, 2_480 * 10**8, 990 * 10**6),
            # Had it not been exercised: 10 x (2500 - 2480) = 200 tokens.
            "unexercised": {"toBuyer": str(250 * 10**6), "toSeller": str(9_800 * 10**6)},
        },
        "evidence/american-put.json": evidence_document(watched),
    }


def trade() -> dict[str, dict]:
    terms = european_call()
    domain, economics, escrow = terms
    agreement_id = terms_digest(terms)
    signatures = {party: sign(party, agreement_id) for party in ("buyer", "seller")}
    observations = [
        observation(terms, "observer 0", 2_750 * 10**8, 0),
        observation(terms, "observer 1", 2_751 * 10**8, 60),
        observation(terms, "observer 2", 2_752 * 10**8, 3_599),
    ]
    ordered, evidence_digest, manifest = evidence_of(observations)
    # 10 x (2751 - 2500) = 2510 tokens, and the buyer's collateral back.
    to_buyer = 2_560 * 10**6
    to_seller = 7_490 * 10**6
    outcome = {
        "agreementId": agreement_id, "version": 1, "toBuyer": to_buyer, "toSeller": to_seller,
        "validUntil": escrow["settleBy"],
    }
    claim = {
        "agreementId": agreement_id, "version": 1, "evidenceDigest": evidence_digest,
        "toBuyer": to_buyer, "toSeller": to_seller, "validUntil": escrow["settleBy"],
    }
    proposal = {"proposer": address("buyer"), **claim}
    dispute = {"disputer": address("seller watcher"), **claim}
    outcome_digest = digest(domain, "Outcome", outcome)
    outcome_signatures = [sign(party, outcome_digest) for party in ("buyer", "seller")]
    proposal_signature = sign("buyer", digest(domain, "Proposal", proposal))
    dispute_signature = sign("seller watcher", digest(domain, "Dispute", dispute))

    ruling = {
        "agreementId": agreement_id, "version": 1, "round": 1, "findingsDigest": keccak(text="findings"),
        "toBuyer": to_buyer, "toSeller": to_seller, "bondTo": 1,
    }
    rulers = sorted(("arbitrator 0", "arbitrator 1"), key=lambda name: to_canonical_address(address(name)))

    def notice(kind: str, role: str, party: str) -> tuple:
        message = {"agreementId": agreement_id, "version": 1, role: address(party), "validUntil": escrow["settleBy"]}
        return message[role], message["validUntil"], sign(party, digest(domain, kind, message))

    def supply(escrow: dict) -> tuple:
        return (
            tuple(escrow[member["name"]] for member in TYPES["Escrow"]),
            struct_hash(domain, "Economics", economics),
        )

    supplied = supply(escrow)
    # A token more of the seller's; and another seller, with a watcher of its own.
    amended = {
        **escrow, "sellerCollateral": escrow["sellerCollateral"] + 10**6,
        "defaultToSeller": escrow["defaultToSeller"] + 10**6,
    }
    novated = {**escrow, "seller": address("heir"), "sellerWatcher": address("heir watcher")}

    def change(kind: str, to: dict, signers: tuple, **members) -> list[bytes]:
        message = {
            "agreementId": agreement_id, "version": 2, **members,
            "terms": struct_hash(domain, "OptionTerms", {"economics": economics, "escrow": to}),
            "validUntil": escrow["settleBy"],
        }
        return [sign(name, digest(domain, kind, message)) for name in signers]

    claimed = (evidence_digest, to_buyer, to_seller, claim["validUntil"])
    vault = vault_of(domain, agreement_id)

    def vault_call(function: str, *arguments, part="EscrowVault") -> dict:
        return {"to": vault, "data": call(part, function, *supplied, *arguments)}

    return {
        "agreements/call.json": agreement_document(terms, "european-call", observations),
        "agreements/call.expected.json": {
            "agreementId": text(agreement_id),
            "vault": vault,
            "implementation": to_checksum_address(
                keccak(rlp.encode([to_canonical_address(domain["verifyingContract"]), 1]))[12:]
            ),
            "settlementPrice": str(2_751 * 10**8),
            "toBuyer": str(to_buyer),
            "toSeller": str(to_seller),
        },
        "evidence/call.json": {
            **evidence_document(observations),
            "again": {
                "message": text(observations[0]["message"]),
                "signature": text(
                    sign_again("observer 0", digest(domain, "Observation", observations[0]["message"]))
                ),
            },
        },
        "agreements/messages.json": {
            name: {
                "message": text(message),
                "digest": text(digest(domain, name, message)),
                "signer": address(signer),
                "signature": text(sign(signer, digest(domain, name, message))),
            }
            for name, message, signer in (
                ("Observation", observations[0]["message"], "observer 0"),
                ("Outcome", outcome, "seller"),
                ("Proposal", proposal, "buyer"),
                ("Dispute", dispute, "seller watcher"),
                (
                    "JournalHead",
                    {"agreementId": agreement_id, "entries": 12, "head": keccak(text="head")},
                    "coordinator",
                ),
            )
        },
        "agreements/calls.json": {
            "open": {
                "to": domain["verifyingContract"],
                "data": call(
                    "EscrowFactory", "open", *supplied, signatures["buyer"], signatures["seller"]
                ),
            },
            "agreed": vault_call(
                "settle", to_buyer, to_seller, outcome["validUntil"], *outcome_signatures
            ),
            "propose": vault_call(
                "propose", proposal["proposer"], *claimed, proposal_signature, manifest
            ),
            "dispute": vault_call(
                "dispute", dispute["disputer"], *claimed, dispute_signature, manifest
            ),
            "observe": vault_call(
                "observe", [tuple(o["message"].values()) for o in ordered], [o["signature"] for o in ordered],
                part="EscrowVaultPanels",
            ),
            "observed": {
                "to": vault,
                "data": call("EscrowVaultPanels", "settleObserved", (tuple(economics.values()), supplied[0])),
            },
            "rule": vault_call(
                "rule", *list(ruling.values())[2:], [address(name) for name in rulers],
                [sign(name, digest(domain, "Ruling", ruling)) for name in rulers], part="EscrowVaultPanels",
            ),
            "appeal": vault_call("appeal", *notice("Appeal", "appellant", "seller"), part="EscrowVaultPanels"),
            "exercise": vault_call(
                "exercise", *notice("ExerciseNotice", "holder", "buyer"), part="EscrowVaultChanges"),
            "uphold": vault_call("uphold", part="EscrowVaultPanels"),
            "finalise": vault_call("finalise"),
            "default": vault_call("settleByDefault"),
            "amend": vault_call(
                "amend", *supply(amended), escrow["settleBy"], *change("Amendment", amended, ("buyer", "seller")),
                part="EscrowVaultChanges",
            ),
            "novate": vault_call(
                "novate", address("seller"), address("heir"), address("heir watcher"), escrow["sellerEpoch"], 5_000_000,
                escrow["settleBy"],
                *change(
                    "Novation", novated, ("seller", "heir", "buyer"), transferor=address("seller"),
                    transferee=address("heir"), consideration=5_000_000,
                ),
                part="EscrowVaultChanges",
            ),
        },
    }


def files() -> dict[str, str]:
    terms = all_terms()
    documents: dict[str, dict] = {
        f"terms/{name}.json": document(value) for name, value in terms.items()
    }
    documents["terms/digests.json"] = {name: hashes(value) for name, value in terms.items()}
    documents["terms/call.typed-data.json"] = wallet_document(terms["call"])
    documents |= trade() | several_fixings()
    return {
        name: json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        for name, value in documents.items()
    }


def main() -> int:
    made = files()
    if sys.argv[1:] == ["--check"]:
        differing = [
            name for name, content in made.items()
            if not (HERE / name).is_file() or (HERE / name).read_text() != content
        ]
        for name in differing:
            print(f"{name} differs from what this script makes", file=sys.stderr)
        return 1 if differing else 0
    for name, content in made.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
