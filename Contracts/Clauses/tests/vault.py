"""The vault that pays in one token: which ways out are open, and what each releases.

Written from the procedure, state by state: what may happen next, until when, and what then.
"""

from exact import AMOUNT_MAX, TIME_MAX, Clause, require, without

UNOPENED, OPEN, PROPOSED, DISPUTED, CLOSED, RULED, APPEALED = range(7)
ROUTES = [
    "open", "agreed", "observe", "observed", "exercise", "propose", "default", "dispute", "finalise", "rule", "appeal",
    "uphold"]
STATE = {
    UNOPENED: [],
    OPEN: [],
    PROPOSED: ["proposedAt", "proposedToBuyer"],
    DISPUTED: ["disputedAt"],
    CLOSED: [],
    RULED: ["ruledAt", "ruledToBuyer"],
    APPEALED: ["appealedAt", "ruledToBuyer"],
}


def check(inputs, whole):
    times = [inputs[name] for name in ["expirationTime", "evidenceCloses", "settleFrom", "settleBy"]]
    expires, closes, settle_from, settle_by = times
    require(max(inputs["acceptBy"], inputs["exerciseStart"]) <= expires < closes <= settle_from < settle_by)
    require(inputs["defaultToBuyer"] <= whole and inputs["arbitrationFee"] <= inputs["bond"])
    require("status" in inputs)
    status = inputs["status"]
    require(all(name in inputs for name in STATE[status]))
    require(status not in (RULED, APPEALED) or inputs["hasFallback"])
    held = {PROPOSED: "proposedToBuyer", RULED: "ruledToBuyer", APPEALED: "ruledToBuyer"}.get(status)
    require(held is None or inputs[held] <= whole)


def after(status, inputs, ruling):
    """What can be done by one side, a panel or anyone: names, each with the buyer's part or nothing."""
    now, default = inputs["now"], inputs["defaultToBuyer"]
    dispute, rule = inputs["disputeWindow"], inputs["rulingWindow"]
    if status == UNOPENED and now < inputs["acceptBy"]:
        return {"open": None}
    if status == OPEN:
        ways = {}
        if inputs["exerciseStart"] <= now < inputs["expirationTime"] and "exercisedAt" not in inputs:
            ways["exercise"] = None
        if now >= inputs["settleBy"]:
            ways["default"] = default
        elif now >= inputs["settleFrom"]:
            ways["propose"] = None
        return ways
    if status == PROPOSED:
        if now - inputs["proposedAt"] >= dispute:
            return {"finalise": inputs["proposedToBuyer"]}
        late = not inputs["settleFrom"] <= now < inputs["settleBy"]
        return {"dispute": None} if late else {"dispute": None, "propose": None}
    if status == DISPUTED:
        # How many ruling windows have gone by; the fallback panel has the second one.
        gone = now - inputs["disputedAt"]
        rounds = 2 if inputs["hasFallback"] else 1
        if gone >= rounds * rule:
            return {"default": default}
        if ruling is None:
            return {}
        return {"rule": ruling if rounds == 1 or gone >= rule else None}
    if status == RULED:
        return {"uphold": inputs["ruledToBuyer"]} if now - inputs["ruledAt"] >= dispute else {"appeal": None}
    if status == APPEALED:
        if now - inputs["appealedAt"] >= rule:
            return {"uphold": inputs["ruledToBuyer"]}
        return {} if ruling is None else {"rule": ruling}
    return {}


def vault(inputs):
    whole = inputs["buyerCollateral"] + inputs["sellerCollateral"]
    check(inputs, whole)
    status, now = inputs["status"], inputs["now"]

    def paper(name):
        return inputs[name] if name in inputs and inputs[name] <= whole else None

    ways = after(status, inputs, paper("rulingToBuyer"))
    if status not in (UNOPENED, CLOSED):
        agreed, observed = paper("agreedToBuyer"), paper("observedToBuyer")
        if agreed is not None and now < inputs.get("agreedValidUntil", 0):
            ways["agreed"] = agreed
        if inputs["payoffKind"] in (1, 2):
            if now >= inputs["evidenceCloses"]:
                if observed is not None:
                    ways["observed"] = observed
            elif now >= inputs["expirationTime"]:
                ways["observe"] = None

    def words(name):
        if name not in ways:
            return "closed"
        part = ways[name]
        return "open" if part is None else {"toBuyer": part, "toSeller": whole - part}

    is_final = status == CLOSED or status == UNOPENED and now >= inputs["acceptBy"]
    return {"routes": {name: words(name) for name in ROUTES}, "findings": {"final": is_final}}


VAULT = {
    "acceptBy": 1_000,
    "exerciseStart": 3_000,
    "expirationTime": 4_000,
    "evidenceCloses": 4_500,
    "settleFrom": 5_000,
    "settleBy": 9_000,
    "disputeWindow": 600,
    "rulingWindow": 1_200,
    "buyerCollateral": 40,
    "sellerCollateral": 60,
    "defaultToBuyer": 45,
    "bond": 10,
    "arbitrationFee": 10,
    "payoffKind": 0,
    "hasFallback": 0,
}
UNOPENED_VAULT = {**VAULT, "status": UNOPENED}
OPENED = {**VAULT, "status": OPEN}
PROPOSAL = {**VAULT, "status": PROPOSED, "proposedAt": 8_000, "proposedToBuyer": 70}
DISPUTE = {**PROPOSAL, "status": DISPUTED, "disputedAt": 8_100}
LONG_DISPUTE = {**DISPUTE, "hasFallback": 1}
RULING = {**LONG_DISPUTE, "status": RULED, "ruledAt": 9_000, "ruledToBuyer": 30}
APPEAL = {**RULING, "status": APPEALED, "appealedAt": 9_500}
END = {**DISPUTE, "status": CLOSED}
AGREED = {"agreedToBuyer": 55, "agreedValidUntil": 9_100}


def around(name, second, inputs):
    for offset, words in [(-1, "one second before"), (0, "at"), (1, "one second after")]:
        yield f"{words} {name}", {**inputs, "now": second + offset}


def vault_cases():
    american = {**OPENED, "exerciseStart": 3_000}
    european = {**OPENED, "exerciseStart": 4_000, "payoffKind": 1}
    ruled = {"rulingToBuyer": 20}
    yield from around("acceptBy, unopened", 1_000, UNOPENED_VAULT)
    yield from around("acceptBy, open", 1_000, OPENED)
    yield from around("exerciseStart", 3_000, american)
    yield from around("expirationTime", 4_000, american)
    yield from around("expirationTime of a European option", 4_000, european)
    yield "exercised already", {**american, "exercisedAt": 3_100, "now": 3_200}
    yield from around("settleFrom", 5_000, OPENED)
    yield from around("settleBy", 9_000, OPENED)
    yield from around("settleFrom, with a proposal", 5_000, {**PROPOSAL, "proposedAt": 4_990})
    yield from around("the end of the dispute window", 8_600, PROPOSAL)
    yield from around("settleBy, with a proposal in its window", 9_000, {**PROPOSAL, "proposedAt": 8_700})
    yield from around("the end of the only round", 9_300, DISPUTE)
    yield from around("the end of the only round, with a ruling", 9_300, {**DISPUTE, **ruled})
    yield from around("the end of the first round", 9_300, {**LONG_DISPUTE, **ruled})
    yield from around("the end of the first round, in silence", 9_300, LONG_DISPUTE)
    yield from around("the end of the second round", 10_500, {**LONG_DISPUTE, **ruled})
    yield from around("the end of the time to appeal", 9_600, RULING)
    yield from around("the end of the appeal", 10_700, {**APPEAL, **ruled})
    yield from around("the end of the appeal, in silence", 10_700, APPEAL)
    yield from around("the end of the agreed outcome's validity", 9_100, {**OPENED, **AGREED})
    observed = {"payoffKind": 2, "observedToBuyer": 65}
    yield from around("evidenceCloses", 4_500, {**OPENED, **observed})
    for state in [UNOPENED_VAULT, OPENED, PROPOSAL, DISPUTE, END, RULING, APPEAL]:
        yield f"agreed, status {state['status']}", {**state, **AGREED, "now": 9_050}
        yield f"observed, status {state['status']}", {**state, **observed, "now": 9_500}
    for kind in range(5):
        yield f"observed, payoff kind {kind}", {**OPENED, **observed, "payoffKind": kind, "now": 4_600}
    yield "nothing observed", {**OPENED, "payoffKind": 1, "now": 4_600}
    yield "observed more than the escrow", {**OPENED, **observed, "observedToBuyer": 101, "now": 4_600}
    yield "a ruling on more than the escrow", {**DISPUTE, "rulingToBuyer": 101, "now": 8_200}
    yield "a ruling on the whole", {**DISPUTE, "rulingToBuyer": 100, "now": 8_200}
    yield "a ruling before any dispute", {**PROPOSAL, **ruled, "now": 8_200}
    yield "agreed on everything to the buyer", {**OPENED, **AGREED, "agreedToBuyer": 100, "now": 6_000}
    yield "agreed on one base unit too many", {**OPENED, **AGREED, "agreedToBuyer": 101, "now": 6_000}
    yield "agreed on nothing for the buyer", {**OPENED, **AGREED, "agreedToBuyer": 0, "now": 6_000}
    yield "agreed, without an end", {**OPENED, "agreedToBuyer": 55, "now": 6_000}
    yield "closed, long after", {**END, "now": 10**9}
    yield "every paper at once", {**DISPUTE, **AGREED, **observed, **ruled, "now": 9_000}
    yield "a proposal of more than the escrow", {**PROPOSAL, "proposedToBuyer": 101, "now": 8_600}
    yield "a ruling of the past on more than the escrow", {**APPEAL, "ruledToBuyer": 101, "now": 9_600}
    yield "a default of more than the escrow", {**OPENED, "defaultToBuyer": 101, "now": 8_600}
    yield "a fee above the bond", {**OPENED, "arbitrationFee": 11, "now": 8_600}
    yield "evidence that closes at expiration", {**OPENED, "evidenceCloses": 4_000, "now": 8_600}
    yield "a proposal without its time", without({**PROPOSAL, "now": 8_600}, "proposedAt")
    yield "a ruling without its time", without({**RULING, "now": 9_100}, "ruledAt")
    yield "a ruling that waits for an appeal to nobody", {**RULING, "hasFallback": 0, "now": 9_100}
    yield "no status", {**VAULT, "now": 6_000}
    yield "an unknown status", {**VAULT, "status": 7, "now": 6_000}
    yield "the last second there is", {**OPENED, "now": TIME_MAX}


def draw(random):
    """A vault in any state, mostly a possible one, with the time mostly beside one of its deadlines."""
    times = sorted(random.sample(range(1, 60), 6))
    accept, start, expires, closes, settle_from, settle_by = times
    status = random.choice([UNOPENED, OPEN, OPEN, PROPOSED, DISPUTED, DISPUTED, CLOSED, RULED, APPEALED])
    inputs = {
        "acceptBy": accept, "exerciseStart": random.choice([start, expires]), "expirationTime": expires,
        "evidenceCloses": closes, "settleFrom": random.choice([closes, settle_from]), "settleBy": settle_by,
        "disputeWindow": random.randint(1, 9), "rulingWindow": random.randint(1, 9),
        "payoffKind": random.randrange(4), "hasFallback": int(status in (RULED, APPEALED) or random.random() < 0.5),
        "bond": 20, "arbitrationFee": random.randint(0, 20), "status": status,
    }
    scale = random.choice([1, 1, 2**120])
    inputs["buyerCollateral"] = random.randint(0, 99) * scale
    inputs["sellerCollateral"] = random.randint(0, 99) * scale
    whole = inputs["buyerCollateral"] + inputs["sellerCollateral"]
    amounts = ["agreedToBuyer", "observedToBuyer", "rulingToBuyer", "proposedToBuyer", "ruledToBuyer"]
    for name in ["defaultToBuyer", *random.sample(amounts, random.randint(0, 5)), *STATE[status]]:
        inputs[name] = min(random.choice([0, whole, whole // 2, random.randint(0, whole)]), AMOUNT_MAX)
    for name in ["proposedAt", "disputedAt", "ruledAt", "appealedAt", "exercisedAt", "agreedValidUntil"]:
        if name in STATE[status] or random.random() < 0.4:
            inputs[name] = random.randint(1, 90)
    if random.random() < 0.1:
        inputs.pop(random.choice([name for name in inputs if name not in TERMS]), None)
    if random.random() < 0.1:
        inputs[random.choice(["defaultToBuyer", *amounts])] = whole + 1
    if random.random() < 0.05:
        inputs["arbitrationFee"] = random.randint(19, 22)
    if random.random() < 0.4:
        beside = random.choice(times)
    else:
        windows = [inputs["disputeWindow"], inputs["rulingWindow"], 2 * inputs["rulingWindow"]]
        beside = random.choice([value for name, value in inputs.items() if name.endswith("At")] or [settle_by])
        beside += random.choice(windows)
    inputs["now"] = max(beside + random.randint(-1, 1), 0)
    return inputs


TERMS = set(VAULT)
CLAUSES = {"escrow/vault": Clause(vault, list(vault_cases()), kind=None, draw=draw)}
