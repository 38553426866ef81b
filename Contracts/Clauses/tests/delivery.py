"""The vault of an option settled by delivery: two tokens, exercise against payment, no price."""

from math import ceil

from exact import AMOUNT_MAX, TIME_MAX, Clause, money, require, scale, without
from vault import around

UNOPENED, OPEN, CLOSED = 0, 1, 4
CALL, PUT = 3, 4


def delivery(inputs):
    call = inputs["payoffKind"] == CALL
    quantity, strike = inputs["quantity"], None
    require(inputs["acceptBy"] <= inputs["expirationTime"] > inputs["exerciseStart"])
    require(inputs.get("status") in (UNOPENED, OPEN, CLOSED))
    require(inputs["payoffKind"] in (CALL, PUT))
    if call:
        require(inputs["sellerCollateral"] == 0 and quantity <= inputs["sellerDelivery"])
    else:
        require(inputs["sellerDelivery"] == 0)
    strike = money(inputs, inputs["strikePrice"], ceil)
    if not call:
        require(strike <= inputs["sellerCollateral"])

    own, status, now = inputs["buyerCollateral"], inputs["status"], inputs["now"]
    whole = (own + inputs["sellerCollateral"], inputs["sellerDelivery"])
    ways = {}
    if status == UNOPENED and now < inputs["acceptBy"]:
        ways["open"] = None
    if status == OPEN:
        papers = ["agreedToBuyer", "agreedDeliveryToBuyer", "agreedValidUntil"]
        if all(name in inputs for name in papers):
            both = (inputs["agreedToBuyer"], inputs["agreedDeliveryToBuyer"])
            if now < inputs["agreedValidUntil"] and both[0] <= whole[0] and both[1] <= whole[1]:
                ways["agreed"] = both
        if now >= inputs["expirationTime"]:
            ways["expire"] = (own, 0)
        elif now >= inputs["exerciseStart"]:
            ways["exercise"] = (own, quantity) if call else (own + strike, 0)

    def words(name):
        if name not in ways:
            return "closed"
        if ways[name] is None:
            return "open"
        (money_part, delivery_part), (money_whole, delivery_whole) = ways[name], whole
        return {
            "toBuyer": money_part, "toSeller": money_whole - money_part,
            "deliveryToBuyer": delivery_part, "deliveryToSeller": delivery_whole - delivery_part}

    return {
        "routes": {name: words(name) for name in ["open", "agreed", "exercise", "expire"]},
        "findings": {
            "broughtAmount": strike if call else 0,
            "broughtDelivery": 0 if call else quantity,
            "final": status == CLOSED or status == UNOPENED and now >= inputs["acceptBy"],
        },
    }


# 1.5 units of a token of 18 decimals, at 2500.00, against a token of 6: 3750 tokens.
PHYSICAL = {
    "acceptBy": 1_000, "exerciseStart": 3_000, "expirationTime": 4_000, "strikePrice": 250_000,
    "quantity": 15 * 10**17, "buyerCollateral": 40, "sellerCollateral": 0, "sellerDelivery": 0, **scale(6, 2, 18)}
CALL_TERMS = {**PHYSICAL, "payoffKind": CALL, "sellerDelivery": 15 * 10**17}
PUT_TERMS = {**PHYSICAL, "payoffKind": PUT, "sellerCollateral": 3_750_000_000}
AGREED = {"agreedToBuyer": 30, "agreedDeliveryToBuyer": 0, "agreedValidUntil": 3_500}


def cases():
    for name, terms in [("call", CALL_TERMS), ("put", PUT_TERMS)]:
        opened = {**terms, "status": OPEN}
        yield from around(f"acceptBy, {name}", 1_000, {**terms, "status": UNOPENED})
        yield from around(f"exerciseStart, {name}", 3_000, opened)
        yield from around(f"expirationTime, {name}", 4_000, opened)
        yield from around(f"the end of the agreed outcome's validity, {name}", 3_500, {**opened, **AGREED})
        yield f"closed, {name}", {**terms, "status": CLOSED, **AGREED, "now": 3_200}
        yield f"disputed, {name}", {**terms, "status": 3, "now": 3_200}
        yield f"no status, {name}", {**terms, "now": 3_200}
    call, put = ({**terms, "status": OPEN, "now": 3_000} for terms in [CALL_TERMS, PUT_TERMS])
    yield "one unit more is put up than is delivered", {**call, "sellerDelivery": 15 * 10**17 + 1}
    yield "one unit less is put up than is delivered", {**call, "sellerDelivery": 15 * 10**17 - 1}
    yield "one unit more is put up than the strike", {**put, "sellerCollateral": 3_750_000_001}
    yield "one unit less is put up than the strike", {**put, "sellerCollateral": 3_749_999_999}
    yield "the strike is rounded up", {**call, "quantity": 15 * 10**17 - 1}
    yield "the strike of one base unit", {**call, "quantity": 1}
    yield "a call with money of the seller's", {**call, "sellerCollateral": 1}
    yield "a put with a delivery of the seller's", {**put, "sellerDelivery": 1}
    yield "an option of another kind", {**call, "payoffKind": 1}
    yield "agreed on all", {**call, **AGREED, "agreedToBuyer": 40, "agreedDeliveryToBuyer": 15 * 10**17}
    yield "agreed on too much", {**call, **AGREED, "agreedToBuyer": 41}
    yield "agreed on too much of the other token", {**call, **AGREED, "agreedDeliveryToBuyer": 15 * 10**17 + 1}
    for name in AGREED:
        yield f"agreed, without {name}", without({**call, **AGREED}, name)
    yield "no time to exercise", {**call, "exerciseStart": 4_000}
    yield "the last second there is", {**put, "now": TIME_MAX}


def draw(random):
    accept, start, expires = sorted(random.sample(range(1, 40), 3))
    decimals = random.choice([(6, 2, 18), (18, 8, 8), (0, 0, 0), (6, 6, 6), (2, 18, 9)])
    inputs = {
        "acceptBy": random.choice([accept, expires]), "exerciseStart": start, "expirationTime": expires,
        "strikePrice": random.randint(1, 10 ** random.randint(1, 14)),
        "quantity": random.randint(1, 10 ** random.randint(1, 20)),
        "buyerCollateral": random.randint(0, 50), "sellerCollateral": 0, "sellerDelivery": 0,
        "payoffKind": random.choice([CALL, PUT]), "status": random.choice([UNOPENED, OPEN, OPEN, OPEN, CLOSED]),
        "now": random.choice([accept, start, expires]) + random.randint(-1, 1), **scale(*decimals)}
    slack = random.choice([0, 0, 1, 1_000, -1])
    if inputs["payoffKind"] == CALL:
        inputs["sellerDelivery"] = inputs["quantity"] + slack
    else:
        strike = money(inputs, inputs["strikePrice"], ceil)
        inputs["sellerCollateral"] = min(max(strike + slack, 0), AMOUNT_MAX)
    if random.random() < 0.5:
        inputs["agreedToBuyer"] = random.randint(0, inputs["buyerCollateral"] + inputs["sellerCollateral"] + 1)
        inputs["agreedDeliveryToBuyer"] = random.randint(0, inputs["sellerDelivery"] + random.choice([0, 1]))
        inputs["agreedValidUntil"] = random.randint(1, 41)
    if random.random() < 0.05:
        inputs[random.choice(["sellerCollateral", "sellerDelivery", "payoffKind", "status"])] = random.randint(0, 4)
    return inputs


CLAUSES = {"escrow/delivery": Clause(delivery, list(cases()), kind=None, draw=draw)}
