"""An independent model of the clauses in exact integers, and the golden cases that it gives.

    python model.py           checks that the golden files say what the model says
    python model.py --write   writes them

It knows nothing of the clause language: what each clause should mean is written here a second time, in Python.
"""

import json
import sys
from fractions import Fraction
from math import floor
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
AMOUNT_MAX = 2**128 - 1
TIME_MAX = 2**64 - 1
INT256_MAX = 2**255 - 1


class Fault(Exception):
    """A run that has no result; its text is the fault's name."""


# What the clauses mean


def scale(token_decimals, price_decimals, quantity_decimals):
    exponent = token_decimals - price_decimals - quantity_decimals
    return {"scaleUp": 10 ** max(exponent, 0), "scaleDown": 10 ** max(-exponent, 0)}


def read(inputs, name):
    if name not in inputs:
        raise Fault("missingInput")
    return inputs[name]


def european(sign):
    def payoff(inputs):
        gain = max(sign * (read(inputs, "settlementPrice") - inputs["strikePrice"]), 0)
        if inputs["quantity"] * inputs["scaleUp"] > INT256_MAX:
            raise Fault("overflow")
        if inputs["scaleDown"] == 0:
            raise Fault("divisionByZero")
        exact = Fraction(inputs["quantity"] * gain * inputs["scaleUp"], inputs["scaleDown"])
        if floor(exact) > INT256_MAX:
            raise Fault("overflow")
        to_buyer = inputs["buyerCollateral"] + min(floor(exact), inputs["sellerCollateral"])
        whole = inputs["buyerCollateral"] + inputs["sellerCollateral"]
        return {"toBuyer": to_buyer, "toSeller": whole - to_buyer}

    return payoff


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


# The cases

# Strike 2500.00, 1.500 units, a token of 6 decimals: one tick of the price moves the payoff by 15000 base units.
OPTION = {
    "strikePrice": 250_000,
    "quantity": 1_500,
    "buyerCollateral": 40,
    "sellerCollateral": 300_000_000,
    **scale(6, 2, 3),
}
# 8 decimals each for price and quantity, a token of 6: ten digits are cut off.
FINE = {
    "strikePrice": 6_500_000_000_000,
    "quantity": 12_345_678,
    "buyerCollateral": 0,
    "sellerCollateral": 5_000_000_000,
    **scale(6, 8, 8),
}
# A token of 18 decimals, whole prices, whole quantities.
COARSE = {
    "strikePrice": 3,
    "quantity": 7,
    "buyerCollateral": 1,
    "sellerCollateral": 10**19,
    **scale(18, 0, 0),
}


def european_cases(is_call):
    def at(terms, distance):
        return {**terms, "settlementPrice": terms["strikePrice"] + (distance if is_call else -distance)}

    def without(inputs, *names):
        return {name: value for name, value in inputs.items() if name not in names}

    yield "at the strike", at(OPTION, 0)
    yield "one tick in the money", at(OPTION, 1)
    yield "one tick out of the money", at(OPTION, -1)
    yield "far out of the money", at(OPTION, -200_000)
    yield "well in the money: 100.00 on 1.500 units is 150 tokens", at(OPTION, 10_000)
    yield "one tick before the cap", at(OPTION, 19_999)
    yield "at the cap", at(OPTION, 20_000)
    yield "one tick past the cap", at(OPTION, 20_001)
    yield "one base unit less collateral than the payoff", {**at(OPTION, 10_000), "sellerCollateral": 149_999_999}
    yield "exactly the collateral of the payoff", {**at(OPTION, 10_000), "sellerCollateral": 150_000_000}
    yield "one base unit more collateral than the payoff", {**at(OPTION, 10_000), "sellerCollateral": 150_000_001}
    yield "no collateral of the seller", {**at(OPTION, 10_000), "sellerCollateral": 0}
    yield "rounded down to nothing", at(FINE, 809)
    yield "rounded down to one base unit", at(FINE, 811)
    yield "rounded down, many digits", at(FINE, 123_456_789_012)
    yield "scaled up", at(COARSE, 1)
    yield "scaled up, at the strike", at(COARSE, 0)
    yield "no quantity", {**at(OPTION, 10_000), "quantity": 0}
    if is_call:
        yield "the highest price", {**OPTION, "settlementPrice": AMOUNT_MAX}
    yield "the lowest price", {**OPTION, "settlementPrice": 0}
    yield "the largest collaterals", {
        **at(OPTION, 10_000), "buyerCollateral": AMOUNT_MAX, "sellerCollateral": AMOUNT_MAX}
    yield "no settlement price", without(at(OPTION, 0), "settlementPrice")
    yield "a settlement price out of range", {**OPTION, "settlementPrice": AMOUNT_MAX + 1}
    yield "a negative quantity", {**at(OPTION, 1), "quantity": -1}
    yield "no scale", {**at(OPTION, 1), "scaleDown": 0}
    yield "a scale that does not fit", {**at(OPTION, 1), "scaleUp": INT256_MAX}


RANGES = {
    **dict.fromkeys(["strikePrice", "quantity", "settlementPrice"], AMOUNT_MAX),
    **dict.fromkeys(["buyerCollateral", "sellerCollateral", "defaultToBuyer"], AMOUNT_MAX),
    **dict.fromkeys(["proposedToBuyer", "agreedToBuyer"], AMOUNT_MAX),
    **dict.fromkeys(["acceptBy", "settleFrom", "settleBy", "disputeWindow", "rulingWindow"], TIME_MAX),
    **dict.fromkeys(["proposedAt", "disputedAt", "agreedValidUntil", "now"], TIME_MAX),
    "status": CLOSED,
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
    yield "an unknown status", {**VAULT, "status": 5, "now": 6_000}
    yield "the last second there is", {**opened, "now": TIME_MAX}


CLAUSES = {
    "payoff/european-call": (european(1), list(european_cases(True)), "payments"),
    "payoff/european-put": (european(-1), list(european_cases(False)), "payments"),
    "escrow/vault": (vault, list(vault_cases()), "routes"),
}


# The files


def result(model, inputs, kind):
    try:
        for name, value in inputs.items():
            if name in RANGES and not 0 <= value <= RANGES[name]:
                raise Fault("inputOutOfRange")
        return {kind: model(inputs)}
    except Fault as fault:
        return {"fault": str(fault)}


def texts(value):
    if isinstance(value, dict):
        return {name: texts(member) for name, member in value.items()}
    return value if isinstance(value, str) else str(value)


def document(model, cases, kind):
    rows = [{"name": name, "inputs": texts(inputs), **texts(result(model, inputs, kind))} for name, inputs in cases]
    return json.dumps({"cases": rows}, indent=2) + "\n"


def golden_file(name):
    return FOLDER / f"{name}.cases.json"


def main():
    stale = []
    for name, clause in CLAUSES.items():
        text = document(*clause)
        if "--write" in sys.argv:
            golden_file(name).write_text(text)
        elif golden_file(name).read_text() != text:
            stale.append(str(golden_file(name)))
    if stale:
        sys.exit("these do not say what the model says: " + ", ".join(stale))
    print(f"{sum(len(cases) for _, cases, _ in CLAUSES.values())} cases in {len(CLAUSES)} files agree with the model")


if __name__ == "__main__":
    main()
