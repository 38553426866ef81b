"""Turns, rounds and silence; who bears bond and fee."""

from exact import AMOUNT_MAX, TIME_MAX, Clause, require, without
from vault import APPEALED, CLOSED, DISPUTED, OPEN, PROPOSED, RULED, UNOPENED, around

PROPOSER, DISPUTER, EACH = range(3)
NOBODY, PARTIES, OTHER_PARTY, ARBITRATORS, FALLBACK, ANYONE = range(6)
NOTHING, LAPSES, DEFAULT, STANDS, SECOND_ROUND, FIRST_STANDS = range(6)
NO_RULING, FIRST, SECOND = range(3)


def in_equal_parts(fee, signers):
    """Each signer's part, by ascending address."""
    parts = [fee // signers] * signers
    parts[0] += fee - sum(parts)
    return parts


def position(inputs):
    """Turn, meaning of silence, and open round."""
    status, now, fallback = inputs["status"], inputs["now"], inputs["hasFallback"]
    dispute, rule = inputs["disputeWindow"], inputs["rulingWindow"]
    if status == UNOPENED:
        return (PARTIES if now < inputs["acceptBy"] else NOBODY), LAPSES, 0
    if status == OPEN:
        return (PARTIES if now < inputs["settleBy"] else ANYONE), DEFAULT, 0
    if status == PROPOSED:
        return (OTHER_PARTY if now - inputs["proposedAt"] < dispute else ANYONE), STANDS, 0
    if status == DISPUTED:
        gone = now - inputs["disputedAt"]
        if gone < rule:
            return ARBITRATORS, SECOND_ROUND if fallback else DEFAULT, 1
        if fallback and gone < 2 * rule:
            return FALLBACK, DEFAULT, 2
        return ANYONE, DEFAULT, 0
    if status == RULED:
        return (PARTIES if now - inputs["ruledAt"] < dispute else ANYONE), FIRST_STANDS, 0
    if status == APPEALED:
        return (FALLBACK, FIRST_STANDS, 2) if now - inputs["appealedAt"] < rule else (ANYONE, FIRST_STANDS, 0)
    return NOBODY, NOTHING, 0


def ruling(inputs):
    bond, fee = inputs["bond"], inputs["arbitrationFee"]
    require(fee <= bond and "status" in inputs)
    status = inputs["status"]
    since = {PROPOSED: "proposedAt", DISPUTED: "disputedAt", RULED: "ruledAt", APPEALED: "appealedAt"}.get(status)
    require(since is None or since in inputs)
    has_first = status in (RULED, APPEALED)
    if has_first:
        require(inputs["hasFallback"] and "ruledBondTo" in inputs and inputs.get("ruledSigners", 0) > 0)
    require(("rulingBondTo" in inputs) == ("rulingSigners" in inputs) and inputs.get("rulingSigners", 1) > 0)
    turn, silence, round_ = position(inputs)

    stands, by = NO_RULING, None
    if "rulingBondTo" in inputs and (round_ == 2 or round_ == 1 and not inputs["hasFallback"]):
        stands, by = (FIRST if round_ == 1 else SECOND), "ruling"
    elif has_first and turn == ANYONE:
        stands, by = FIRST, "ruled"

    bonds = {PROPOSED: (bond, 0), DISPUTED: (bond, bond), RULED: (bond, bond), APPEALED: (bond, bond)}
    proposer, disputer = bonds.get(status, (0, 0))
    parts = [0]
    if by:
        # An appellant has paid the first panel already.
        due = 0 if by == "ruled" and status == APPEALED else fee
        to, parts = inputs[f"{by}BondTo"], in_equal_parts(due, inputs[f"{by}Signers"])
        if to == EACH:
            disputer -= due // 2
            proposer -= due - due // 2
        else:
            rest = proposer + disputer - due
            proposer, disputer = (rest, 0) if to == PROPOSER else (0, rest)
        assert proposer + disputer + sum(parts) == 2 * bond
    appeal = [0]
    if status == RULED and turn == PARTIES:
        appeal = in_equal_parts(fee, inputs["ruledSigners"])
    return {
        "round": round_, "stands": stands, "turn": turn, "silence": silence,
        "toProposer": proposer, "toDisputer": disputer, "feeEach": parts[-1],
        "feeToLowest": parts[0], "appealEach": appeal[-1], "appealToLowest": appeal[0],
    }


TERMS = {
    "acceptBy": 1_000, "settleBy": 9_000, "disputeWindow": 600, "rulingWindow": 1_200, "bond": 100,
    "arbitrationFee": 31, "hasFallback": 1}
UNOPENED_STATE = {**TERMS, "status": UNOPENED}
OPENED = {**TERMS, "status": OPEN}
PROPOSAL = {**TERMS, "status": PROPOSED, "proposedAt": 8_000}
DISPUTE = {**PROPOSAL, "status": DISPUTED, "disputedAt": 8_100}
ONE_ROUND = {**DISPUTE, "hasFallback": 0}
RULING = {**DISPUTE, "status": RULED, "ruledAt": 9_000, "ruledBondTo": PROPOSER, "ruledSigners": 2}
APPEAL = {**RULING, "status": APPEALED, "appealedAt": 9_500}


def cases():
    at_hand = {"rulingBondTo": DISPUTER, "rulingSigners": 3}
    yield from around("acceptBy", 1_000, UNOPENED_STATE)
    yield from around("settleBy", 9_000, OPENED)
    yield from around("the end of the dispute window", 8_600, PROPOSAL)
    for words, papers in [("in silence", {}), ("with a ruling", at_hand)]:
        yield from around(f"the end of the only round, {words}", 9_300, {**ONE_ROUND, **papers})
        yield from around(f"the end of the first round, {words}", 9_300, {**DISPUTE, **papers})
        yield from around(f"the end of the second round, {words}", 10_500, {**DISPUTE, **papers})
        yield from around(f"the end of the time to appeal, {words}", 9_600, {**RULING, **papers})
        yield from around(f"the end of the appeal, {words}", 10_700, {**APPEAL, **papers})
    yield "closed", {**DISPUTE, "status": CLOSED, "now": 9_000}
    for to in [PROPOSER, DISPUTER, EACH]:
        for fee in [0, 1, 30, 31, 99, 100]:
            for signers in [1, 2, 3, 15]:
                yield f"bonds to {to}, fee {fee}, {signers} signers", {
                    **ONE_ROUND, "arbitrationFee": fee, "rulingBondTo": to, "rulingSigners": signers, "now": 8_200}
        yield f"appealed, upheld, bonds to {to}", {**APPEAL, "ruledBondTo": to, "now": 10_700}
        yield f"not appealed, bonds to {to}", {**RULING, "ruledBondTo": to, "now": 9_600}
    largest = {"bond": AMOUNT_MAX, "arbitrationFee": AMOUNT_MAX, "now": 8_200}
    yield "the largest bonds", {**ONE_ROUND, **largest, "rulingBondTo": EACH, "rulingSigners": 7}
    yield "nothing at stake", {**ONE_ROUND, **at_hand, "bond": 0, "arbitrationFee": 0, "now": 8_200}
    yield "a fee above the bond", {**ONE_ROUND, **at_hand, "arbitrationFee": 101, "now": 8_200}
    yield "a ruling that nobody signed", {**ONE_ROUND, "rulingBondTo": EACH, "rulingSigners": 0, "now": 8_200}
    yield "a ruling without signers", {**ONE_ROUND, "rulingBondTo": EACH, "now": 8_200}
    yield "a ruling without a bearer", {**ONE_ROUND, "rulingSigners": 3, "now": 8_200}
    yield "an unknown bearer", {**ONE_ROUND, "rulingBondTo": 3, "rulingSigners": 1, "now": 8_200}
    yield "a first ruling without a fallback panel", {**RULING, "hasFallback": 0, "now": 9_600}
    for name in ["ruledAt", "ruledBondTo", "ruledSigners", "status"]:
        yield f"no {name}", without({**RULING, "now": 9_600}, name)
    yield "no time of the appeal", without({**APPEAL, "now": 9_600}, "appealedAt")
    yield "no time of the dispute", without({**DISPUTE, "now": 9_600}, "disputedAt")
    yield "the last second there is", {**APPEAL, "now": TIME_MAX}


def draw(random):
    accept, settle_by = sorted(random.sample(range(1, 40), 2))
    status = random.choice([UNOPENED, OPEN, PROPOSED, DISPUTED, DISPUTED, CLOSED, RULED, RULED, APPEALED])
    bond = random.choice([0, 20, 10**9, AMOUNT_MAX])
    inputs = {
        "acceptBy": accept, "settleBy": settle_by, "disputeWindow": random.randint(1, 9),
        "rulingWindow": random.randint(1, 9), "bond": bond, "arbitrationFee": random.randint(0, bond),
        "hasFallback": int(status in (RULED, APPEALED) or random.random() < 0.5), "status": status}
    for name in ["proposedAt", "disputedAt", "ruledAt", "appealedAt"]:
        inputs[name] = random.randint(1, 40)
    inputs |= {"ruledBondTo": random.randrange(3), "ruledSigners": random.randint(1, 15)}
    if random.random() < 0.7:
        inputs |= {"rulingBondTo": random.randrange(3), "rulingSigners": random.randint(1, 15)}
    windows = [0, inputs["disputeWindow"], inputs["rulingWindow"], 2 * inputs["rulingWindow"]]
    since = {PROPOSED: "proposedAt", DISPUTED: "disputedAt", RULED: "ruledAt", APPEALED: "appealedAt"}
    beside = inputs[since[status]] + random.choice(windows) if status in since else random.choice([accept, settle_by])
    inputs["now"] = max(beside + random.randint(-1, 1), 0)
    if random.random() < 0.1:
        inputs.pop(random.choice(["proposedAt", "ruledAt", "ruledBondTo", "ruledSigners", "rulingBondTo", "appealedAt"]), 0)
    return inputs


CLAUSES = {"arbitration/ruling": Clause(ruling, list(cases()), "findings", draw)}
