"""What all models share: faults, exact sums, and how a golden file is written.

The models know nothing of the clause language: what each clause should mean is written here a second time, in Python,
from the payoff's definition.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from random import Random

AMOUNT_MAX = 2**128 - 1
TIME_MAX = 2**64 - 1
ADDRESS_MAX = 2**160 - 1
INT256_MAX = 2**255 - 1


class Fault(Exception):
    """A run that has no result; its text is the fault's name."""


@dataclass(frozen=True)
class Clause:
    """A clause's meaning, its golden cases, random inputs for the comparison with the machine, and how long its lists
    may be."""

    model: Callable[[dict], dict]
    cases: list[tuple[str, dict]]
    # What the model's answer is; None where it says so itself: routes and findings.
    kind: str | None = "payments"
    draw: Callable[[Random], dict] | None = None
    items_max: int = 0


def read(inputs, name):
    if name not in inputs:
        raise Fault("missingInput")
    return inputs[name]


def without(inputs, *names):
    return {name: value for name, value in inputs.items() if name not in names}


def require(holds):
    """What the clause says its terms must satisfy."""
    if not holds:
        raise Fault("givenBroken")


def fits(value):
    if not -INT256_MAX - 1 <= value <= INT256_MAX:
        raise Fault("overflow")
    return value


def scale(token_decimals, price_decimals, quantity_decimals):
    exponent = token_decimals - price_decimals - quantity_decimals
    return {"scaleUp": 10 ** max(exponent, 0), "scaleDown": 10 ** max(-exponent, 0)}


def coin_scale(token_decimals, quantity_decimals):
    exponent = token_decimals - quantity_decimals
    return {"coinUp": 10 ** max(exponent, 0), "coinDown": 10 ** max(-exponent, 0)}


def money(inputs, price, rounding=floor):
    """What the quantity costs at a price, in base units of the token."""
    fits(inputs["quantity"] * inputs["scaleUp"])
    if inputs["scaleDown"] == 0:
        raise Fault("divisionByZero")
    return fits(rounding(Fraction(inputs["quantity"] * inputs["scaleUp"]) * price / inputs["scaleDown"]))


def call(price, strike):
    return max(price - strike, 0)


def put(price, strike):
    return max(strike - price, 0)


def shared(inputs, gain):
    """Both payments when the buyer gains that much: no more than the seller put up, no less than losing its own."""
    to_buyer = inputs["buyerCollateral"] + max(min(gain, inputs["sellerCollateral"]), -inputs["buyerCollateral"])
    return {"toBuyer": to_buyer, "toSeller": inputs["buyerCollateral"] + inputs["sellerCollateral"] - to_buyer}


# The files

AMOUNTS = """
    strikePrice lowerStrike upperStrike maximumGain wingWidth barrier lowestPrice settlementPrice fixings quantity
    buyerCollateral sellerCollateral sellerDelivery payoutAmount rebate defaultToBuyer proposedToBuyer agreedToBuyer
    observedToBuyer rulingToBuyer ruledToBuyer bond arbitrationFee prices
""".split()
TIMES = """
    exerciseStart expirationTime exercisedAt fixingTimes noticeDelay noticeWindow acceptBy settleFrom settleBy
    disputeWindow rulingWindow proposedAt disputedAt agreedValidUntil now
    evidenceCloses ruledAt appealedAt fixingStart fixingInterval observed published
""".split()
RANGES = {
    **dict.fromkeys(AMOUNTS, AMOUNT_MAX), **dict.fromkeys(TIMES, TIME_MAX), "status": 6, "ruledBondTo": 2,
    "rulingBondTo": 2}


def values(value):
    return value if isinstance(value, list) else [value]


def result(clause, inputs):
    try:
        for name, value in inputs.items():
            if name in RANGES and any(not 0 <= each <= RANGES[name] for each in values(value)):
                raise Fault("inputOutOfRange")
        if any(isinstance(value, list) and len(value) > clause.items_max for value in inputs.values()):
            raise Fault("listTooLong")
        answer = clause.model(inputs)
        return answer if clause.kind is None else {clause.kind: answer}
    except Fault as fault:
        return {"fault": str(fault)}


def texts(value):
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, dict):
        return {name: texts(member) for name, member in value.items()}
    if isinstance(value, list):
        return [texts(member) for member in value]
    return value if isinstance(value, str) else str(value)


def document(clause):
    rows = [{"name": name, "inputs": texts(inputs), **texts(result(clause, inputs))} for name, inputs in clause.cases]
    text = json.dumps({"cases": rows}, indent=2)
    # A list of numbers stands on one line.
    return re.sub(r'\[\s*("\d+"[^]]*?)\s*\]', lambda match: f"[{' '.join(match[1].split())}]", text) + "\n"


def collected(families: Iterable[dict[str, Clause]]) -> dict[str, Clause]:
    clauses: dict[str, Clause] = {}
    for family in families:
        assert clauses.keys().isdisjoint(family)
        clauses |= family
    return clauses
