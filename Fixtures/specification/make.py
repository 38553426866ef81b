"""The specification's vectors, derived from its text alone, without any of the Swift.

    python make.py            writes vectors.json, traces.json and the proofs
    python make.py --check    compares with what is there; exit status 1 on any difference
"""

import json
import sys
from pathlib import Path

import rlp
from eth_abi import encode
from eth_account import Account
from eth_utils import keccak, to_checksum_address

import block
import clause_machine
import library
import typed_data
from typed_data import MEMBERS, digest, sign, struct_hash

HERE = Path(__file__).resolve().parent
CLAUSES = HERE.parent.parent / "Contracts/Clauses/payoff"
NONE = "0x" + "00" * 20
CHAIN = 31337
T0 = 1_800_000_000


def hexed(data: bytes) -> str:
    return "0x" + data.hex()


def key(name: str) -> bytes:
    return keccak(text="tallystick specification " + name)


def address(name: str) -> str:
    return Account.from_key(key(name)).address


FACTORY = to_checksum_address(keccak(text="factory")[12:])
TOKEN = to_checksum_address(keccak(text="token")[12:])
DELIVERED = to_checksum_address(keccak(text="delivered token")[12:])
DOMAIN = {"chainId": str(CHAIN), "verifyingContract": FACTORY}


def clause(name: str) -> dict:
    bytecode = bytes.fromhex((CLAUSES / f"{name}.bytecode").read_text().strip()[2:])
    return {"source": (CLAUSES / f"{name}.clause").read_text(), "bytecode": bytecode, "digest": hexed(keccak(bytecode))}


CALL, PUT = clause("european-call"), clause("european-put")
PHYSICAL_CALL, PHYSICAL_PUT = clause("physical-call"), clause("physical-put")


# Terms

def terms(economics: dict, escrow: dict) -> dict:
    source = economics["priceSource"]
    escrow = {"feed": hexed(keccak(text=source)), **escrow}
    return {
        "format": "tallystick/terms/1", "domain": DOMAIN,
        "economics": {name: str(economics[name]) for _, name in MEMBERS["Economics"]},
        "escrow": {name: escrow[name] if kind.endswith("[]") else str(escrow[name]) for kind, name in MEMBERS["Escrow"]}}


ECONOMICS = {
    "optionType": "Call", "exerciseStyle": "European", "settlementType": "Cash", "underlying": "ETH", "priceCurrency": "USD",
    "strikePrice": 2_500 * 10**8, "priceDecimals": 8, "quantity": 10 * 10**18, "quantityDecimals": 18, "tokenDecimals": 6,
    "priceSource": "base=ETH quote=USD source=EXAMPLE method=ClosingPrice decimals=8", "parameters": ""}
ESCROW = {
    "buyer": address("buyer"), "seller": address("seller"), "token": TOKEN, "deliveryToken": NONE, "premium": 300 * 10**6,
    "buyerCollateral": 50 * 10**6, "sellerCollateral": 5_000 * 10**6, "clause": CALL["digest"], "payoffKind": 0,
    "acceptBy": T0, "exerciseStart": T0 + 1_000, "expirationTime": T0 + 1_000, "evidenceCloses": T0 + 2_000,
    "settleFrom": T0 + 2_000, "settleBy": T0 + 3_000, "disputeWindow": 600, "rulingWindow": 900, "bond": 100 * 10**6,
    "arbitrationFee": 0, "defaultToBuyer": 50 * 10**6, "defaultToSeller": 5_000 * 10**6,
    "observers": [address(f"observer {place}") for place in range(5)], "observerThreshold": 3, "maxDisagreementPpm": 10_000,
    "arbitrators": [NONE], "arbitratorThreshold": 0, "fallbackArbitrators": [NONE], "fallbackThreshold": 0,
    "buyerWatcher": NONE, "sellerWatcher": NONE, "buyerEpoch": 0, "sellerEpoch": 0, "salt": 7}
TERMS = terms(ECONOMICS, ESCROW)
VARIANTS = {
    "call": TERMS,
    "put with panels and watchers, scaled up": terms(
        {**ECONOMICS, "optionType": "Put", "underlying": "BRENT", "priceCurrency": "EUR", "strikePrice": 7_215,
         "priceDecimals": 2, "quantity": 1_500, "quantityDecimals": 3, "tokenDecimals": 18,
         "priceSource": "base=BRENT quote=EUR source=EXAMPLE method=VWAPPrice decimals=2"},
        {**ESCROW, "clause": PUT["digest"], "buyerCollateral": 0, "sellerCollateral": 10**20, "defaultToBuyer": 0,
         "defaultToSeller": 10**20, "bond": 10**18, "arbitrationFee": 5 * 10**17,
         "arbitrators": [address(f"arbitrator {place}") for place in range(3)], "arbitratorThreshold": 2,
         "fallbackArbitrators": [address("last arbitrator")], "fallbackThreshold": 1,
         "buyerWatcher": address("buyer's watcher"), "sellerWatcher": address("seller's watcher"),
         "buyerEpoch": 3, "sellerEpoch": 18_446_744_073_709_551_615, "salt": 2**256 - 1}),
    "fifteen observers": terms(
        ECONOMICS, {**ESCROW, "observers": [address(f"observer {place}") for place in range(15)], "observerThreshold": 8,
                    "maxDisagreementPpm": 0, "premium": 0}),
}


def agreement_id(document: dict) -> str:
    return hexed(digest("OptionTerms", document, DOMAIN))


def created2(salt: bytes, code_hash: bytes) -> bytes:
    return keccak(b"\xff" + bytes.fromhex(FACTORY[2:]) + salt + code_hash)[12:]


# Keccak-256 of the init code of vaults that deliver, as the page on calls states it.
DELIVERY_CODE = bytes.fromhex("08d2fe195a89c656e9cfb747d69d5de2e42377e624543a894992c5a5e5abac77")


def vault(identity: str, implementation: bytes | None = None) -> str:
    implementation = implementation or keccak(rlp.encode([bytes.fromhex(FACTORY[2:]), 1]))[12:]
    proxy = bytes.fromhex("363d3d373d3d3d363d73") + implementation + bytes.fromhex("5af43d82803e903d91602b57fd5bf3")
    code = bytes.fromhex("602d3d8160093d39f3") + proxy
    return to_checksum_address(created2(bytes.fromhex(identity[2:]), keccak(code)))


# Evidence and outcome

def observation(place: int, value: int, published: int) -> dict:
    message = {"feed": TERMS["escrow"]["feed"], "observedAt": str(T0 + 1_000), "publishedAt": str(published), "value": str(value)}
    return {
        "message": message, "signature": sign("Observation", message, DOMAIN, key(f"observer {place}")),
        "signer": address(f"observer {place}")}


# The third signs two prices and counts as absent; the fourth is far off.
ARRIVED = [
    observation(0, 251_000_000_000, T0 + 1_010), observation(1, 250_500_000_000, T0 + 1_020),
    observation(2, 251_100_000_000, T0 + 1_030), observation(3, 290_000_000_000, T0 + 1_040),
    observation(2, 251_200_000_000, T0 + 1_050), observation(4, 250_700_000_000, T0 + 1_060)]


def entry(signed: dict) -> bytes:
    """(kind, signer, struct hash), a word each."""
    return (1).to_bytes(32, "big") + bytes.fromhex(signed["signer"][2:]).rjust(32, b"\0") + struct_hash(
        "Observation", signed["message"])


EVIDENCE = sorted(ARRIVED, key=entry)
EVIDENCE_DIGEST = hexed(keccak(b"".join(map(entry, EVIDENCE))))
MANIFEST = rlp.encode([
    [b"\1", bytes.fromhex(each["signature"][2:]), bytes.fromhex(each["message"]["feed"][2:]),
     *(int(each["message"][name]) for name in ("observedAt", "publishedAt", "value"))] for each in EVIDENCE])


def price(observations: list[dict], threshold: int, ppm: int) -> int:
    values: dict[str, set[int]] = {}
    for each in observations:
        values.setdefault(each["signer"], set()).add(int(each["message"]["value"]))
    quotes = sorted((next(iter(each)), signer.lower()) for signer, each in values.items() if len(each) == 1)
    runs = [
        quotes[start:end] for start in range(len(quotes)) for end in range(start + threshold, len(quotes) + 1)
        if (quotes[end - 1][0] - quotes[start][0]) * 10**6 <= ppm * quotes[start][0]]
    best = min(runs, key=lambda run: (-len(run), run[-1][0] - run[0][0], run[0][0]))
    return best[(len(best) - 1) // 2][0]


PRICE = price(EVIDENCE, 3, 10_000)


def outcome(document: dict, bytecode: bytes, settled: int) -> dict:
    economics, escrow = document["economics"], document["escrow"]
    exponent = int(economics["tokenDecimals"]) - int(economics["priceDecimals"]) - int(economics["quantityDecimals"])
    up, down = 10 ** max(exponent, 0), 10 ** max(-exponent, 0)
    values = {name: int(economics[name]) for name in ("strikePrice", "quantity")}
    values |= {name: int(escrow[name]) for name in ("buyerCollateral", "sellerCollateral")}
    values |= {"settlementPrice": settled, "scaleUp": up, "scaleDown": down}
    found = clause_machine.run(clause_machine.read(bytecode), values)
    to_buyer, to_seller = found.decided[0]["payments"]
    gain = settled - values["strikePrice"] if economics["optionType"] == "Call" else values["strikePrice"] - settled
    payout = min(values["quantity"] * max(gain, 0) * up // down, values["sellerCollateral"])
    assert to_buyer == values["buyerCollateral"] + payout
    return {"toBuyer": str(to_buyer), "toSeller": str(to_seller), "traceDigest": hexed(keccak(found.trace))}


ID = agreement_id(TERMS)
VAULT = vault(ID)
OUTCOME = {**outcome(TERMS, CALL["bytecode"], PRICE), "settlementPrice": str(PRICE), "evidenceDigest": EVIDENCE_DIGEST}


# Messages

def signatures(document: dict) -> dict:
    return {party: sign("OptionTerms", document, DOMAIN, key(party)) for party in ("buyer", "seller")}


NAMED = {"agreementId": ID, "version": "1"}
SIGNATURES = signatures(TERMS)
AGREED = {**NAMED, "toBuyer": "1000000", "toSeller": "5049000000", "validUntil": str(T0 + 9_000)}
OWED = {"evidenceDigest": EVIDENCE_DIGEST, "toBuyer": OUTCOME["toBuyer"], "toSeller": OUTCOME["toSeller"]}
PROPOSAL = {**NAMED, "proposer": address("buyer"), **OWED, "validUntil": str(T0 + 2_900)}
DISPUTE = {**NAMED, "disputer": address("buyer"), **OWED, "validUntil": str(T0 + 9_000)}
WRONG = {"evidenceDigest": hexed(keccak(b"")), "toBuyer": "0", "toSeller": "5050000000"}


RULING = {**NAMED, "round": "1", "findingsDigest": hexed(keccak(text="findings")), "toBuyer": OUTCOME["toBuyer"],
          "toSeller": OUTCOME["toSeller"], "bondTo": "2"}
APPEAL = {**NAMED, "appellant": address("seller"), "validUntil": str(T0 + 9_000)}
NOTICE = {**NAMED, "holder": address("buyer"), "validUntil": str(T0 + 9_000)}


def terms_hash(document: dict) -> str:
    return hexed(struct_hash("OptionTerms", document))


# A day more to settle; and the same terms with another seller, without a watcher, at its epoch.
AMENDED = {**TERMS, "escrow": {**TERMS["escrow"], "settleBy": str(int(TERMS["escrow"]["settleBy"]) + 86_400)}}
NOVATED = {**TERMS, "escrow": {
    **TERMS["escrow"], "seller": address("transferee"), "sellerWatcher": NONE, "sellerEpoch": "3"}}
CHANGED = {"agreementId": ID, "version": "2"}
AMENDMENT = {**CHANGED, "terms": terms_hash(AMENDED), "validUntil": str(T0 + 500)}
NOVATION = {**CHANGED, "transferor": address("seller"), "transferee": address("transferee"),
            "terms": terms_hash(NOVATED), "consideration": "700", "validUntil": str(T0 + 500)}
WITHDRAWAL = {**NAMED, "claimant": address("seller"), "to": address("elsewhere"), "amount": "5", "validUntil": str(T0)}
CANCELLATION = {**NAMED, "party": address("buyer"), "validUntil": str(T0)}
EPOCH_RAISE = {"party": address("seller"), "epoch": "4", "validUntil": str(T0)}


def message(kind: str, document: dict, signer: str) -> dict:
    return {
        "type": kind, "message": document, "structHash": hexed(struct_hash(kind, document)),
        "digest": hexed(digest(kind, document, DOMAIN)), "signer": address(signer),
        "signature": sign(kind, document, DOMAIN, key(signer))}


MESSAGES = [
    message("Observation", ARRIVED[0]["message"], "observer 0"), message("Outcome", AGREED, "buyer"),
    message("Outcome", AGREED, "seller"), message("Proposal", PROPOSAL, "buyer"), message("Dispute", DISPUTE, "buyer"),
    message("Ruling", RULING, "arbitrator"), message("Appeal", APPEAL, "seller"), message("ExerciseNotice", NOTICE, "buyer"),
    message("Amendment", AMENDMENT, "buyer"), message("Amendment", AMENDMENT, "seller"),
    *(message("Novation", NOVATION, signer) for signer in ("seller", "transferee", "buyer")),
    message("DeliveryOutcome", {**NAMED, "toBuyer": "1", "toSeller": "2", "deliveryToBuyer": "3", "deliveryToSeller": "4",
                                "validUntil": str(T0)}, "buyer"),
    message("TokenWithdrawal", {**NAMED, "claimant": address("seller"), "token": TOKEN, "to": address("elsewhere"),
                                "amount": "5", "validUntil": str(T0)}, "seller"),
    message("Withdrawal", WITHDRAWAL, "seller"), message("Cancellation", CANCELLATION, "buyer"),
    message("EpochRaise", EPOCH_RAISE, "seller"),
    message("JournalHead", {"agreementId": ID, "entries": "3", "head": hexed(keccak(text="head"))}, "sender"),
]


def signed(document: dict, kind: str, signer: str) -> dict:
    return {"message": document, "signature": sign(kind, document, DOMAIN, key(signer))}


# Calls

ESCROW_TYPE = "(" + ",".join(kind for kind, _ in MEMBERS["Escrow"]) + ")"


def abi(kind: str, value):
    if kind.endswith("[]"):
        return value
    if kind.startswith("uint"):
        return int(value)
    return bytes.fromhex(value[2:]) if kind == "bytes32" else value


def call(name: str, types: list[str], values: list, document: dict = TERMS) -> str:
    kinds = [ESCROW_TYPE, "bytes32", *types]
    escrow = tuple(abi(kind, document["escrow"][member]) for kind, member in MEMBERS["Escrow"])
    data = encode(kinds, [escrow, struct_hash("Economics", document["economics"]), *values])
    return hexed(keccak(text=f"{name}({','.join(kinds)})")[:4] + data)


def full_call(name: str, document: dict = TERMS, types: tuple = (), values: tuple = ()) -> str:
    """Of the whole terms, with `Economics` in clear, and whatever follows."""
    economics = tuple(abi(kind, document["economics"][member]) for kind, member in MEMBERS["Economics"])
    escrow = tuple(abi(kind, document["escrow"][member]) for kind, member in MEMBERS["Escrow"])
    kind = "((" + ",".join(kind for kind, _ in MEMBERS["Economics"]) + ")," + ESCROW_TYPE + ")"
    kinds = [kind, *types]
    return hexed(keccak(text=f"{name}({','.join(kinds)})")[:4] + encode(kinds, [(economics, escrow), *values]))


def claim(name: str, document: dict, who: str, signature: str) -> str:
    return call(
        name, ["address", "bytes32", "uint256", "uint256", "uint64", "bytes", "bytes"],
        [document[who], bytes.fromhex(document["evidenceDigest"][2:]), int(document["toBuyer"]), int(document["toSeller"]),
         int(document["validUntil"]), bytes.fromhex(signature[2:]), MANIFEST])


def raw(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def bare_call(signature: str, values: list) -> str:
    """Of a function that takes no terms."""
    return hexed(keccak(text=signature)[:4] + encode(signature[signature.index("(") + 1 : -1].split(","), values))


OF_THE_FACTORY = {
    "cancel": bare_call("cancel(bytes32,address,uint64,bytes)", [
        raw(ID), address("buyer"), T0, raw(sign("Cancellation", CANCELLATION, DOMAIN, key("buyer")))]),
    "raiseEpoch": bare_call("raiseEpoch(address,uint64,uint64,bytes)", [
        address("seller"), 4, T0, raw(sign("EpochRaise", EPOCH_RAISE, DOMAIN, key("seller")))]),
    "install": bare_call("install(bytes)", [b"\x60\x00" * 30]),
}
CALLS = {
    "withdraw": call("withdraw", ["address", "address", "uint256", "uint64", "bytes"], [
        WITHDRAWAL["claimant"], WITHDRAWAL["to"], 5, T0, raw(sign("Withdrawal", WITHDRAWAL, DOMAIN, key("seller")))]),
    "open": call("open", ["bytes", "bytes"], [raw(SIGNATURES["buyer"]), raw(SIGNATURES["seller"])]),
    "agreed": call(
        "settle", ["uint256", "uint256", "uint64", "bytes", "bytes"],
        [int(AGREED["toBuyer"]), int(AGREED["toSeller"]), int(AGREED["validUntil"]),
         raw(sign("Outcome", AGREED, DOMAIN, key("buyer"))), raw(sign("Outcome", AGREED, DOMAIN, key("seller")))]),
    "propose": claim("propose", PROPOSAL, "proposer", sign("Proposal", PROPOSAL, DOMAIN, key("buyer"))),
    "dispute": claim("dispute", DISPUTE, "disputer", sign("Dispute", DISPUTE, DOMAIN, key("buyer"))),
    "openWithPermits": call(
        "openWithPermits", ["bytes", "bytes", "(uint256,uint8,bytes32,bytes32,uint256)[2]"],
        [raw(SIGNATURES["buyer"]), raw(SIGNATURES["seller"]),
         [(T0 + 500, 27, b"\1" * 32, b"\2" * 32, 1_000), (0, 0, b"\0" * 32, b"\0" * 32, 0)]]),
    "observe": call(
        "observe", ["(bytes32,uint64,uint64,uint256)[]", "bytes[]"],
        [[tuple(abi(kind, each["message"][name]) for kind, name in MEMBERS["Observation"]) for each in ARRIVED],
         [raw(each["signature"]) for each in ARRIVED]]),
    "observed": full_call("settleObserved"),
    "rule": call(
        "rule", ["uint8", "bytes32", "uint256", "uint256", "uint8", "address[]", "bytes[]"],
        [*(abi(kind, RULING[name]) for kind, name in MEMBERS["Ruling"][2:]), [address("arbitrator")],
         [raw(sign("Ruling", RULING, DOMAIN, key("arbitrator")))]]),
    "appeal": call("appeal", ["address", "uint64", "bytes"], [
        APPEAL["appellant"], int(APPEAL["validUntil"]), raw(sign("Appeal", APPEAL, DOMAIN, key("seller")))]),
    "uphold": call("uphold", [], []),
    "exercise": call("exercise", ["address", "uint64", "bytes"], [
        NOTICE["holder"], int(NOTICE["validUntil"]), raw(sign("ExerciseNotice", NOTICE, DOMAIN, key("buyer")))]),
    "amend": call("amend", [ESCROW_TYPE, "bytes32", "uint64", "bytes", "bytes"], [
        tuple(abi(kind, AMENDED["escrow"][member]) for kind, member in MEMBERS["Escrow"]),
        struct_hash("Economics", AMENDED["economics"]), int(AMENDMENT["validUntil"]),
        *(raw(sign("Amendment", AMENDMENT, DOMAIN, key(party))) for party in ("buyer", "seller"))]),
    "novate": call("novate", ["address", "address", "address", "uint64", "uint256", "uint64", "bytes", "bytes", "bytes"], [
        NOVATION["transferor"], NOVATION["transferee"], NONE, 3, int(NOVATION["consideration"]),
        int(NOVATION["validUntil"]),
        *(raw(sign("Novation", NOVATION, DOMAIN, key(signer))) for signer in ("seller", "transferee", "buyer"))]),
    "finalise": call("finalise", [], []),
    "default": call("settleByDefault", [], []),
}


# Settlement by delivery

PARTS = ("toBuyer", "toSeller", "deliveryToBuyer", "deliveryToSeller")


def delivery(option: str, clause: dict, kind: int, locked: int) -> dict:
    document = terms(
        {**ECONOMICS, "optionType": option, "exerciseStyle": "American", "settlementType": "Physical",
         "quantity": 3_333_333_333_333_333_333, "strikePrice": 2_500 * 10**8 + 1},
        {**ESCROW, "clause": clause["digest"], "payoffKind": kind, "deliveryToken": DELIVERED, "exerciseStart": T0 + 100,
         "sellerCollateral": locked, "defaultToSeller": locked, "observers": [NONE], "observerThreshold": 0,
         "maxDisagreementPpm": 0, "bond": 0})
    identity = agreement_id(document)
    named = {"agreementId": identity, "version": "1"}
    whole, deliverable = (ESCROW["buyerCollateral"], locked) if kind == 3 else (ESCROW["buyerCollateral"] + locked, 0)
    parts = [1, whole - 1, min(3, deliverable), max(deliverable - 3, 0)]
    ends = {**named, **dict(zip(PARTS, map(str, parts))), "validUntil": str(T0 + 9_000)}
    notice = {**named, "holder": address("buyer"), "validUntil": str(T0 + 900)}
    claim = {**named, "claimant": address("seller"), "token": DELIVERED, "to": address("elsewhere"), "amount": "5",
             "validUntil": str(T0 + 9_000)}
    economics = document["economics"]
    up = int(economics["tokenDecimals"]) - int(economics["quantityDecimals"]) - int(economics["priceDecimals"])
    assert up < 0
    return {
        "terms": document, "agreementId": identity, "vault": vault(identity, created2(bytes(32), DELIVERY_CODE)),
        "strikePayment": str(-(-int(economics["quantity"]) * int(economics["strikePrice"]) // 10**-up)),
        "signed": {
            "outcome": {"message": ends, "signatures": [
                sign("DeliveryOutcome", ends, DOMAIN, key(party)) for party in ("buyer", "seller")]},
            "exercise": signed(notice, "ExerciseNotice", "buyer"), "withdrawal": signed(claim, "TokenWithdrawal", "seller")},
        "calls": {
            "agreed": call(
                "settle", ["uint256"] * 4 + ["uint64", "bytes", "bytes"],
                [*parts, T0 + 9_000, *(raw(sign("DeliveryOutcome", ends, DOMAIN, key(each))) for each in ("buyer", "seller"))],
                document),
            "exercise": full_call(
                "exercise", document, ("uint64", "bytes"),
                (T0 + 900, raw(sign("ExerciseNotice", notice, DOMAIN, key("buyer"))))),
            "expire": call("expire", [], [], document),
            "withdrawal": call(
                "withdrawToken", ["address", "address", "address", "uint256", "uint64", "bytes"],
                [claim["claimant"], claim["token"], claim["to"], 5, T0 + 9_000,
                 raw(sign("TokenWithdrawal", claim, DOMAIN, key("seller")))], document)}}


DELIVERIES = {
    "call": delivery("Call", PHYSICAL_CALL, 3, 4 * 10**18),
    "put": delivery("Put", PHYSICAL_PUT, 4, 8_333_333_334),
}


# Journals

def canonical(document) -> bytes:
    """RFC 8785, for documents of ASCII names without numbers."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def journal(events: list[tuple[int, dict]], identity: str = ID) -> tuple[list[dict], str]:
    entries, head = [], "0x" + "00" * 32
    for sequence, (at, event) in enumerate(events):
        entries.append({"agreementId": identity, "at": str(at), "event": event, "previous": head, "sequence": str(sequence)})
        head = hexed(keccak(canonical(entries[-1])))
    return entries, head


def fact(number: int, time: int, block_hash: str | None = None, transaction: str | None = None) -> dict:
    return {
        "blockNumber": str(number), "blockHash": block_hash or hexed(keccak(text=f"block {number}")), "blockTime": str(time),
        "transaction": transaction or hexed(keccak(text=f"transaction {number}"))}


def happened(name: str, moment: int, number: int, **values) -> tuple[int, dict]:
    return moment, {"name": name, "event": {"kind": name, **values}, "fact": fact(number, moment)}


def opening(document: dict, law: dict = CALL, arrived: list[dict] = ARRIVED) -> list[tuple[int, dict]]:
    both = signatures(document)
    return [
        (T0 - 500, {"name": "submitted", "terms": document, "clause": law["source"]}),
        (T0 - 400, {"name": "signed", "party": "buyer", "signature": both["buyer"]}),
        (T0 - 300, {"name": "signed", "party": "seller", "signature": both["seller"]}),
        (T0 - 290, {"name": "due", "route": "open"}),
        (T0 - 290, {"name": "instructed", "route": "open", "transaction": hexed(keccak(text="transaction 10"))}),
        happened("opened", T0 - 280, 10),
    ] + [
        (T0 + 1_100 + place, {"name": "observed", "signed": {"message": each["message"], "signature": each["signature"]}})
        for place, each in enumerate(arrived)]


OPENING = opening(TERMS)
# The opening's first transaction paid too little; another one under the same nonce was mined.
REPLACED = OPENING[:4] + [
    (T0 - 290, {"name": "instructed", "route": "open", "transaction": hexed(keccak(text="too cheap"))}),
    (T0 - 285, {"name": "replaced", "route": "open", "transaction": hexed(keccak(text="too cheap")),
                "by": hexed(keccak(text="transaction 10"))})] + OPENING[5:]
BOTH_SIGN = [
    (T0 + 2_010, {"name": "outcomeSigned", "signed": signed(AGREED, "Outcome", party)}) for party in ("buyer", "seller")]
PROPOSE = [(T0 + 2_020, {"name": "proposalSigned", "signed": signed(PROPOSAL, "Proposal", "buyer")})]
ANSWER = {**PROPOSAL, "proposer": address("seller"), "validUntil": str(T0 + 2_950)}
STANDS = [happened(
    "proposed", T0 + 2_040, 20, by=address("buyer"), at=str(T0 + 2_040), **OWED)]
CONTRADICTED = [
    happened("proposed", T0 + 2_100, 20, by=address("seller"), at=str(T0 + 2_100), **WRONG),
    (T0 + 2_200, {"name": "disputeSigned", "signed": signed(DISPUTE, "Dispute", "buyer")}),
    happened("disputed", T0 + 2_300, 21, by=address("buyer"), at=str(T0 + 2_300), **OWED)]
# The contract computes the payoff from the prices that it was shown; the third observer's second price counts as absent.
OBSERVABLE = terms(ECONOMICS, {**ESCROW, "payoffKind": 1, "salt": 8})
SHOWN = [
    happened("priceHeld", T0 + 1_200, 20, by=each["signer"], at=each["message"]["publishedAt"], value=each["message"]["value"])
    for each in ARRIVED if each is not ARRIVED[4]]
SHOWN.append(happened(
    "equivocated", T0 + 1_212, 21, by=ARRIVED[4]["signer"], first=ARRIVED[2]["message"]["value"],
    second=ARRIVED[4]["message"]["value"]))
# Two of three arbitrators ruled that each bears half the fee, 15.000000 the disputer and 15.000001 the proposer.
ARBITRATORS = [address(f"arbitrator {place}") for place in range(3)]
RULABLE = terms(ECONOMICS, {
    **ESCROW, "arbitrators": ARBITRATORS, "arbitratorThreshold": 2, "fallbackArbitrators": [address("last arbitrator")],
    "fallbackThreshold": 1, "arbitrationFee": 30_000_001, "salt": 9})
DECISION = {"round": "1", "findingsDigest": hexed(keccak(text="findings")), "toBuyer": OUTCOME["toBuyer"],
            "toSeller": OUTCOME["toSeller"], "bondTo": "2", "at": str(T0 + 2_400)}
DECIDED = [CONTRADICTED[0], CONTRADICTED[2], happened("ruled", T0 + 2_400, 22, **DECISION)]
LOWEST, OTHER = sorted(ARBITRATORS[1:], key=str.lower)
RULED = {"agreementId": agreement_id(RULABLE), "version": "1", **{name: DECISION[name] for _, name in MEMBERS["Ruling"][2:]}}
RULED_BY = [
    {"signer": address(name), "signature": sign("Ruling", RULED, DOMAIN, key(name))}
    for name in sorted(("arbitrator 1", "arbitrator 2"), key=lambda name: address(name).lower())]
# One observer signed, so there is no price; what the panel found counts, since both parties were heard on this evidence.
LONE = EVIDENCE[:1]
LONE_DIGEST = hexed(keccak(entry(LONE[0])))
FOUND = {**DECISION, "toBuyer": "1234000000", "toSeller": "3816000000"}
UNPRICED = opening(RULABLE)[:6] + [
    (T0 + 1_100, {"name": "observed", "signed": {name: LONE[0][name] for name in ("message", "signature")}}),
    *((moment, {**event, "event": {**event["event"], "evidenceDigest": LONE_DIGEST}}) for moment, event in DECIDED[:2]),
    happened("ruled", T0 + 2_400, 22, **FOUND)]
FOUND_BY = [
    {**each, "signature": sign(
        "Ruling", {**RULED, "toBuyer": FOUND["toBuyer"], "toSeller": FOUND["toSeller"]}, DOMAIN, key(name))}
    for each in RULED_BY for name in ("arbitrator 1", "arbitrator 2") if address(name) == each["signer"]]

# Amended, and then novated; the buyer and the transferee settle together under version 3.
TWICE = {**AMENDED, "escrow": {**AMENDED["escrow"], **{
    name: NOVATED["escrow"][name] for name in ("seller", "sellerWatcher", "sellerEpoch")}}}
TAKEN_OVER = {**NOVATION, "version": "3", "terms": terms_hash(TWICE)}
AGREED_AFTER = {**AGREED, "version": "3"}


def hand_in(time: int, kind: str, document: dict, new: dict, *signers: str) -> list[tuple[int, dict]]:
    return [
        (time, {"name": kind.lower() + "Signed", "signed": signed(document, kind, signer), "terms": new,
                "clause": CALL["source"]}) for signer in signers]


def change(kind: str, document: dict, new: dict, **signers: str) -> dict:
    return {
        "kind": kind.lower(), "message": document, "terms": new, "clause": CALL["source"],
        "signatures": {role: sign(kind, document, DOMAIN, key(signer)) for role, signer in signers.items()}}


CHANGING = [
    *hand_in(T0 + 10, "Amendment", AMENDMENT, AMENDED, "seller", "buyer"),
    (T0 + 20, {"name": "due", "route": "amend"}),
    (T0 + 20, {"name": "instructed", "route": "amend", "transaction": hexed(keccak(text="transaction 11"))}),
    happened("amended", T0 + 40, 11, terms=AMENDMENT["terms"], version="2"),
    *hand_in(T0 + 50, "Novation", TAKEN_OVER, TWICE, "buyer", "transferee", "seller"),
    happened("novated", T0 + 60, 12, terms=TAKEN_OVER["terms"], transferor=address("seller"),
             transferee=address("transferee"), version="3", consideration="700")]
AFTER_SIGNED = [
    (T0 + 2_010, {"name": "outcomeSigned", "signed": signed(AGREED_AFTER, "Outcome", party)})
    for party in ("buyer", "transferee")]

DEFAULTS = {"toBuyer": ESCROW["defaultToBuyer"], "toSeller": ESCROW["defaultToSeller"]}
SETTLEMENTS = {
    "agreed": {
        "events": OPENING + BOTH_SIGN, "time": T0 + 2_030, "call": CALLS["agreed"], "number": 1, "bonds": [],
        "amounts": {name: int(AGREED[name]) for name in DEFAULTS},
        "basis": {"outcome": AGREED, "signatures": {
            party: sign("Outcome", AGREED, DOMAIN, key(party)) for party in ("buyer", "seller")}}},
    "finalised": {
        "events": OPENING + PROPOSE + STANDS, "time": T0 + 2_640, "call": CALLS["finalise"], "number": 3,
        "bonds": [(address("buyer"), ESCROW["bond"])],
        "amounts": {name: int(OUTCOME[name]) for name in DEFAULTS},
        "basis": {"proposal": signed(PROPOSAL, "Proposal", "buyer")}},
    "default": {
        "events": REPLACED + CONTRADICTED, "time": T0 + 3_200, "call": CALLS["default"], "number": 5,
        "bonds": [(address("seller"), ESCROW["bond"]), (address("buyer"), ESCROW["bond"])],
        "amounts": DEFAULTS, "basis": {}},
    "observed": {
        "terms": OBSERVABLE, "events": opening(OBSERVABLE) + SHOWN, "time": T0 + 2_000,
        "call": full_call("settleObserved", OBSERVABLE), "number": 2, "bonds": [],
        "amounts": {name: int(OUTCOME[name]) for name in DEFAULTS}, "basis": {}, "price": PRICE},
    "ruled": {
        "terms": RULABLE, "events": opening(RULABLE) + DECIDED, "time": T0 + 3_000,
        "call": call("uphold", [], [], RULABLE), "number": 4,
        "bonds": [(address("seller"), 84_999_999), (address("buyer"), 85_000_000), (LOWEST, 15_000_001), (OTHER, 15_000_000)],
        "amounts": {name: int(OUTCOME[name]) for name in DEFAULTS}, "basis": {"ruling": DECISION}},
}
SETTLEMENTS["changed"] = {
    **SETTLEMENTS["agreed"], "route": "agreed", "events": OPENING[:6] + CHANGING + OPENING[6:] + AFTER_SIGNED,
    "version": 3, "seller": address("transferee"),
    "changes": [
        change("Amendment", AMENDMENT, AMENDED, buyer="buyer", seller="seller"),
        change("Novation", TAKEN_OVER, TWICE, transferor="seller", transferee="transferee", remaining="buyer")],
    "call": call(
        "settle", ["uint256", "uint256", "uint64", "bytes", "bytes"],
        [int(AGREED["toBuyer"]), int(AGREED["toSeller"]), int(AGREED["validUntil"]),
         *(raw(sign("Outcome", AGREED_AFTER, DOMAIN, key(party))) for party in ("buyer", "transferee"))], TWICE),
    "basis": {"outcome": AGREED_AFTER, "signatures": {
        "buyer": sign("Outcome", AGREED_AFTER, DOMAIN, key("buyer")),
        "seller": sign("Outcome", AGREED_AFTER, DOMAIN, key("transferee"))}}}
SETTLEMENTS["answered"] = {
    "route": "agreed", "events": OPENING + PROPOSE + STANDS, "time": T0 + 2_100, "number": 1,
    "call": claim("propose", ANSWER, "proposer", sign("Proposal", ANSWER, DOMAIN, key("seller"))),
    "bonds": [(address("buyer"), ESCROW["bond"])], "amounts": {name: int(OUTCOME[name]) for name in DEFAULTS},
    "basis": {"proposals": [signed(PROPOSAL, "Proposal", "buyer"), signed(ANSWER, "Proposal", "seller")]}}
SETTLEMENTS["upheld"] = {
    **SETTLEMENTS["ruled"], "route": "ruled", "basis": {"ruling": {**DECISION, "signatures": RULED_BY}}}
SETTLEMENTS["found"] = {
    **SETTLEMENTS["ruled"], "route": "ruled", "events": UNPRICED, "evidence": LONE, "outcome": None,
    "amounts": {name: int(FOUND[name]) for name in DEFAULTS}, "basis": {"ruling": {**FOUND, "signatures": FOUND_BY}}}


# Of an option that is settled by delivery nothing is observed.

def delivered(option: str, law: dict, route: str, time: int, parts: list[int], *, call: str, taken: list, closing: list,
              paid: list, exercised: bool = False, **basis) -> dict:
    """`taken` are the messages that came before, `closing` what the vault said, `paid` the movements of both tokens."""
    document, identity = DELIVERIES[option]["terms"], DELIVERIES[option]["agreementId"]
    economics, escrow = document["economics"], document["escrow"]
    values = {name: int(economics[name]) for name in ("strikePrice", "quantity")}
    values |= {name: int(escrow[name]) for name in ("buyerCollateral", "sellerCollateral")}
    values |= {"sellerDelivery": values["sellerCollateral"], "scaleUp": 1, "scaleDown": 10**20}
    program = clause_machine.read(law["bytecode"])
    known = {name: values[name] for name, _ in program.inputs if name in values} | ({"exercisedAt": time} if exercised else {})
    found = clause_machine.run(program, known)
    claused = dict(zip(PARTS, map(str, [*found.decided[0]["payments"], *found.decided[0]["deliveries"]])))
    assert route == "agreed" or list(claused.values()) == list(map(str, parts))
    return {
        "terms": document, "clause": law, "evidence": [], "route": route, "basis": basis, "time": time,
        "vault": DELIVERIES[option]["vault"], "call": DELIVERIES[option]["calls"][call],
        "outcome": {**claused, "evidenceDigest": hexed(keccak(b"")), "traceDigest": hexed(keccak(found.trace))},
        "events": opening(document, law, []) + taken,
        "closing": [*closing, {"kind": "deliverySettled", "route": "agreed" if route == "agreed" else "delivered",
                               **dict(zip(PARTS, map(str, parts)))}],
        "logs": [movement(DELIVERIES[option]["vault"], identity, *each) for each in paid]
        + [said(DELIVERIES[option]["vault"], identity, event) for event in closing]
        + [block.log(
            DELIVERIES[option]["vault"],
            [keccak(text="DeliverySettled(bytes32,uint64,uint8,uint256,uint256,uint256,uint256)"), raw(identity)],
            b"".join(map(word, (1, 1 if route == "agreed" else 6, *parts))))]}


def movement(contract: str, identity: str, way: str, token: str, party: str, value: int) -> list:
    """A transfer out of the vault or into it, or what it booked as a claim."""
    if way == "claim":
        return block.log(contract, [keccak(text="TokenClaimable(bytes32,address,address,uint256)"), raw(identity)],
                         word(party) + word(token) + word(value))
    ends = (contract, party) if way == "out" else (party, contract)
    return block.log(token, [keccak(text="Transfer(address,address,uint256)"), *map(word, ends)], word(value))


def said(contract: str, identity: str, event: dict) -> list:
    return block.log(
        contract, [keccak(text="DeliveryExercised(bytes32,address,uint256,uint64)"), raw(identity)],
        word(event["by"]) + word(int(event["strikePayment"])) + word(int(event["at"])))


def word(value) -> bytes:
    return value.to_bytes(32, "big") if isinstance(value, int) else bytes.fromhex(value[2:]).rjust(32, b"\0")


def exercise(option: str, law: dict, time: int, parts: list[int], paid: list) -> dict:
    notice = DELIVERIES[option]["signed"]["exercise"]
    return delivered(
        option, law, "exercised", time, parts, call="exercise", taken=[(T0 + 50, {"name": "exerciseSigned", "signed": notice})],
        closing=[{"kind": "deliveryExercised", "by": address("buyer"),
                  "strikePayment": DELIVERIES[option]["strikePayment"], "at": str(time)}],
        paid=paid, exercised=True, notice=notice)


BUYER, SELLER, BROUGHT = address("buyer"), address("seller"), 3_333_333_333_333_333_333
PAID = 8_333_333_334  # 3.333... at 2,500.00000001, in units of six decimals: 8,333.333333..., rounded up
assert all(each["strikePayment"] == str(PAID) for each in DELIVERIES.values())
ENDS = DELIVERIES["call"]["signed"]["outcome"]
SETTLEMENTS |= {
    "delivery-agreed": delivered(
        "call", PHYSICAL_CALL, "agreed", T0 + 200, [1, 49_999_999, 3, 4 * 10**18 - 3], call="agreed",
        taken=[(T0 + 100, {"name": "deliveryOutcomeSigned", "signed": signed(ENDS["message"], "DeliveryOutcome", party)})
               for party in ("buyer", "seller")],
        closing=[], paid=[("out", TOKEN, BUYER, 1), ("out", TOKEN, SELLER, 49_999_999), ("out", DELIVERED, BUYER, 3),
                          ("out", DELIVERED, SELLER, 4 * 10**18 - 3)],
        outcome=ENDS["message"], signatures=dict(zip(("buyer", "seller"), ENDS["signatures"]))),
    "exercised-call": exercise(
        "call", PHYSICAL_CALL, T0 + 500, [50 * 10**6, PAID, BROUGHT, 4 * 10**18 - BROUGHT],
        [("in", TOKEN, BUYER, PAID), ("out", DELIVERED, BUYER, BROUGHT), ("claim", TOKEN, SELLER, PAID),
         ("out", DELIVERED, SELLER, 4 * 10**18 - BROUGHT), ("out", TOKEN, BUYER, 50 * 10**6)]),
    "exercised-put": exercise(
        "put", PHYSICAL_PUT, T0 + 100, [50 * 10**6 + PAID, 0, 0, BROUGHT],
        [("in", DELIVERED, BUYER, BROUGHT), ("out", TOKEN, BUYER, PAID), ("out", DELIVERED, SELLER, BROUGHT),
         ("out", TOKEN, BUYER, 50 * 10**6)]),
    "expired": delivered(
        "put", PHYSICAL_PUT, "expired", T0 + 1_000, [50 * 10**6, PAID, 0, 0], call="expire", taken=[], closing=[],
        paid=[("out", TOKEN, BUYER, 50 * 10**6), ("out", TOKEN, SELLER, PAID)]),
}


# Proofs

def logs(settlement: dict, identity: str) -> list:
    contract = vault(identity)
    transfer = keccak(text="Transfer(address,address,uint256)")
    amounts = settlement["amounts"]
    paid = [(address("buyer"), amounts["toBuyer"]), (settlement.get("seller", address("seller")), amounts["toSeller"])]
    version = settlement.get("version", 1)
    said = [("Settled(bytes32,uint64,uint8,uint256,uint256)", (settlement["number"], amounts["toBuyer"], amounts["toSeller"]))]
    if "price" in settlement:
        said.insert(0, ("Priced(bytes32,uint64,uint256)", (settlement["price"],)))
    return [
        block.log(TOKEN, [transfer, word(contract), word(to)], word(value))
        for to, value in paid + settlement["bonds"] if value
    ] + [
        block.log(contract, [keccak(text=event), raw(identity)], b"".join(map(word, (version, *values)))) for event, values in said]


def proof(name: str, settlement: dict) -> tuple[bytes, str]:
    document, law = settlement.get("terms", TERMS), settlement.get("clause", CALL)
    identity, route = agreement_id(document), settlement.get("route", name)
    transactions = [
        block.signed(key("stranger"), CHAIN, 4, TOKEN, b""),
        block.signed(key("sender"), CHAIN, 9, settlement.get("vault") or vault(identity), raw(settlement["call"])),
        block.signed(key("stranger"), CHAIN, 5, TOKEN, b"\1")]
    logged = settlement["logs"] if "logs" in settlement else logs(settlement, identity)
    receipts = [block.receipt(block.GAS, []), block.receipt(2 * block.GAS, logged), block.receipt(3 * block.GAS, [])]
    inclusion = block.inclusion(40, settlement["time"], transactions, receipts, 1)
    trusted = hexed(keccak(raw(inclusion["header"])))
    closing = settlement["closing"] if "closing" in settlement else [
        {"kind": "settled", "route": route, **{name: str(value) for name, value in settlement["amounts"].items()}}]
    place = fact(40, settlement["time"], trusted, hexed(keccak(transactions[1])))
    entries, head = journal(settlement["events"] + [
        (settlement["time"], {"name": event["kind"], "event": event, "fact": place}) for event in closing], identity)
    end = {"agreementId": identity, "entries": str(len(entries)), "head": head}
    evidence = settlement.get("evidence", EVIDENCE)
    file = {
        "format": "tallystick/proof/1", "terms": document, "signatures": signatures(document),
        "clause": {"source": law["source"], "bytecode": hexed(law["bytecode"])}, "changes": settlement.get("changes"),
        "evidence": [{"message": each["message"], "signature": each["signature"]} for each in evidence],
        "outcome": settlement.get("outcome", OUTCOME), "basis": {"route": route, **settlement["basis"]},
        "inclusion": inclusion,
        "journal": {"entries": entries, "signature": sign("JournalHead", end, DOMAIN, key("sender"))}}
    return canonical({name: value for name, value in file.items() if value is not None}), trusted


def vectors(trusted: dict[str, str]) -> dict:
    entries, head = journal(OPENING + BOTH_SIGN + PROPOSE + CONTRADICTED)
    transaction = block.signed(key("sender"), CHAIN, 9, VAULT, raw(CALLS["finalise"]))
    return {
        "domain": {**DOMAIN, "separator": hexed(typed_data.domain_separator(DOMAIN))},
        "keys": {name: {"key": hexed(key(name)), "address": address(name)} for name in ("buyer", "seller", "sender")},
        "types": [
            {"name": name, "string": typed_data.type_string(name), "hash": hexed(typed_data.type_hash(name))}
            for name in typed_data.STRINGS],
        "terms": [
            {"name": name, "document": document, "digest": agreement_id(document), "vault": vault(agreement_id(document)),
             "economicsHash": hexed(struct_hash("Economics", document["economics"])),
             "escrowHash": hexed(struct_hash("Escrow", document["escrow"]))} for name, document in VARIANTS.items()],
        "signatures": SIGNATURES,
        "messages": MESSAGES,
        "evidence": {
            "arrived": [{"message": each["message"], "signature": each["signature"]} for each in ARRIVED],
            "order": [each["signer"] for each in EVIDENCE], "digest": EVIDENCE_DIGEST, "manifest": hexed(MANIFEST),
            "price": str(PRICE)},
        "outcome": OUTCOME,
        "calls": {
            name: {"to": FACTORY if name in OF_THE_FACTORY or name.startswith("open") else VAULT, "data": data}
            for name, data in (OF_THE_FACTORY | CALLS).items()},
        "changedTerms": {"amended": AMENDED, "novated": NOVATED},
        "deliveries": DELIVERIES,
        "transaction": {
            "route": "finalise", "nonce": "9", "gasLimit": str(block.GAS), "maxFeePerGas": "2000000000",
            "maxPriorityFeePerGas": "1000000", "raw": hexed(transaction), "hash": hexed(keccak(transaction))},
        "journal": {"entries": entries, "head": head},
        "trustedBlocks": trusted,
    }


def main() -> int:
    files, trusted = {}, {}
    for route, settlement in SETTLEMENTS.items():
        files[f"proof-{route}.json"], trusted[route] = proof(route, settlement)
    files["traces.json"] = (json.dumps(library.traces(), indent=2) + "\n").encode()
    files["vectors.json"] = (json.dumps(vectors(trusted), indent=2) + "\n").encode()
    if "--check" in sys.argv:
        different = [name for name, content in files.items() if not (HERE / name).exists() or (HERE / name).read_bytes() != content]
        print("different: " + ", ".join(different) if different else "as derived")
        return 1 if different else 0
    for name, content in files.items():
        (HERE / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
