"""The escrow rule: which ways out of a vault are open, and what each releases."""

from exact import TIME_MAX, Clause, Fault, read

UNOPENED, OPEN, PROPOSED, DISPUTED, CLOSED = range(5)


def vault(inputs):
    status, now = read(inputs, "status"), inputs["now"]
    whole = inputs["buyerCollateral"] + inputs["sellerCollateral"]

    def parts(to_buyer):
        if to_buyer > whole:
            raise Fault("negativePart")
        return {"toBuyer": to_buyer, "toSeller": whole - to_buyer}

    in_window = status == PROPOSED and now < read(inputs, "proposedAt") + inputs["disputeWindow"]
    window_over = status == PROPOSED and not in_window
    agreed = "closed"
    if status in (OPEN, PROPOSED, DISPUTED) and "agreedToBuyer" in inputs and "agreedValidUntil" in inputs:
        if now < inputs["agreedValidUntil"] and inputs["agreedToBuyer"] <= whole:
            agreed = parts(inputs["agreedToBuyer"])
    may_propose = (status == OPEN or in_window) and inputs["settleFrom"] <= now < inputs["settleBy"]
    unproposed = status == OPEN and now >= inputs["settleBy"]
    unruled = status == DISPUTED and now >= read(inputs, "disputedAt") + inputs["rulingWindow"]
    return {
        "open": "open" if status == UNOPENED and now < inputs["acceptBy"] else "closed",
        "agreed": agreed,
        "propose": "open" if may_propose else "closed",
        "dispute": "open" if in_window else "closed",
        "finalise": parts(read(inputs, "proposedToBuyer")) if window_over else "closed",
        "default": parts(inputs["defaultToBuyer"]) if unproposed or unruled else "closed",
    }


VAULT = {
    "acceptBy": 1_000,
    "settleFrom": 5_000,
    "settleBy": 9_000,
    "disputeWindow": 600,
    "rulingWindow": 1_200,
    "buyerCollateral": 40,
    "sellerCollateral": 60,
    "defaultToBuyer": 45,
}


def vault_cases():
    def around(name, second, inputs):
        for offset, words in [(-1, "one second before"), (0, "at"), (1, "one second after")]:
            yield f"{words} {name}", {**inputs, "now": second + offset}

    unopened = {**VAULT, "status": UNOPENED}
    opened = {**VAULT, "status": OPEN}
    proposed = {**VAULT, "status": PROPOSED, "proposedAt": 8_000, "proposedToBuyer": 70}
    disputed = {**proposed, "status": DISPUTED, "disputedAt": 8_100}
    agreed = {"agreedToBuyer": 55, "agreedValidUntil": 7_000}
    yield from around("acceptBy, unopened", 1_000, unopened)
    yield from around("acceptBy, open", 1_000, opened)
    yield from around("settleFrom", 5_000, opened)
    yield from around("settleBy", 9_000, opened)
    yield from around("the end of the dispute window", 8_600, proposed)
    yield from around("settleBy, with a proposal in its window", 9_000, {**proposed, "proposedAt": 8_700})
    yield from around("the end of the ruling window", 9_300, disputed)
    yield from around("the end of the agreed outcome's validity", 7_000, {**opened, **agreed})
    for status, state in enumerate([unopened, opened, proposed, disputed, {**disputed, "status": CLOSED}]):
        yield f"agreed, status {status}", {**state, **agreed, "now": 6_000}
    yield "agreed on everything to the buyer", {**opened, **agreed, "agreedToBuyer": 100, "now": 6_000}
    yield "agreed on one base unit too many", {**opened, **agreed, "agreedToBuyer": 101, "now": 6_000}
    yield "agreed on nothing for the buyer", {**opened, **agreed, "agreedToBuyer": 0, "now": 6_000}
    yield "agreed, without an end", {**opened, "agreedToBuyer": 55, "now": 6_000}
    yield "closed, long after", {**disputed, "status": CLOSED, "now": 10**9}
    yield "a proposal of more than the escrow", {**proposed, "proposedToBuyer": 101, "now": 8_600}
    yield "a proposal without its time", {
        name: value for name, value in {**proposed, "now": 8_600}.items() if name != "proposedAt"}
    yield "no status", {**VAULT, "now": 6_000}
    yield "an unknown status", {**VAULT, "status": 7, "now": 6_000}
    yield "the last second there is", {**opened, "now": TIME_MAX}


CLAUSES = {"escrow/vault": Clause(vault, list(vault_cases()), "routes")}
