"""Digital options: all or nothing, from the strike on. At the strike they pay."""

import draws
from exact import AMOUNT_MAX, Clause, money, read, shared, without
from samples import OPTION, about_the_cap, at_prices, of_every_payoff


def in_the_money(sign, inputs):
    return sign * (read(inputs, "settlementPrice") - inputs["strikePrice"]) >= 0


def cash_or_nothing(sign):
    def payoff(inputs):
        return shared(inputs, inputs["payoutAmount"] if in_the_money(sign, inputs) else 0)

    return payoff


def asset_or_nothing(sign):
    def payoff(inputs):
        return shared(inputs, money(inputs, inputs["settlementPrice"] if in_the_money(sign, inputs) else 0))

    return payoff


# A fixed 250 tokens, of 300 that the seller put up; and an asset worth 3750 tokens, of 4500.
CASH = {**without(OPTION, "quantity", "scaleUp", "scaleDown"), "payoutAmount": 250_000_000}
ASSET = {**OPTION, "sellerCollateral": 4_500_000_000}


def about_the_strike(terms, sign):
    yield from at_prices(terms, {
        "at the strike": 250_000, "one tick in the money": 250_000 + sign, "one tick out of the money": 250_000 - sign,
        "two ticks in the money": 250_000 + 2 * sign, "two ticks out of the money": 250_000 - 2 * sign,
        "well in the money": 250_000 + sign * 40_000, "far out of the money": 250_000 - sign * 200_000,
        "the lowest price": 1, "the highest price": AMOUNT_MAX})


def cash_cases(sign):
    yield from about_the_strike(CASH, sign)
    paying = {**CASH, "settlementPrice": 250_000 + sign}
    yield from about_the_cap(paying, 250_000_000)
    yield "a price of nothing", {**CASH, "settlementPrice": 0}
    yield "a payout of nothing", {**paying, "payoutAmount": 0}
    yield "a payout of one base unit", {**paying, "payoutAmount": 1}
    yield "a payout of all there is", {**paying, "payoutAmount": 300_000_000}
    yield "a payout of one base unit more than there is", {**paying, "payoutAmount": 300_000_001}
    yield "the largest payout", {**paying, "payoutAmount": AMOUNT_MAX}
    yield "a payout out of range", {**paying, "payoutAmount": AMOUNT_MAX + 1}
    yield "a strike of one tick", {**paying, "strikePrice": 1, "settlementPrice": 1}
    yield "no settlement price", without(paying, "settlementPrice")
    yield "no collateral of the buyer", {**paying, "buyerCollateral": 0}


def asset_cases(sign):
    yield from about_the_strike(ASSET, sign)
    at_strike = {**ASSET, "settlementPrice": 250_000}
    yield from about_the_cap(at_strike, 3_750_000_000)
    yield from of_every_payoff(at_strike)
    yield "the cap met at 3000.00", {**ASSET, "strikePrice": 300_000, "settlementPrice": 300_000}
    yield "one tick past the cap", {**ASSET, "strikePrice": 300_001, "settlementPrice": 300_001}


def clause(model, cases, is_cash):
    def make(rng):
        terms = draws.terms(rng)
        if is_cash:
            terms = without(terms, "quantity", "scaleUp", "scaleDown") | {"payoutAmount": draws.amount(rng)}
        return {**terms, "settlementPrice": draws.near(rng, terms["strikePrice"])}

    return Clause(model, list(cases), draw=draws.payoff(model, make))


CLAUSES = {
    "payoff/cash-or-nothing-call": clause(cash_or_nothing(1), cash_cases(1), True),
    "payoff/cash-or-nothing-put": clause(cash_or_nothing(-1), cash_cases(-1), True),
    "payoff/asset-or-nothing-call": clause(asset_or_nothing(1), asset_cases(1), False),
    "payoff/asset-or-nothing-put": clause(asset_or_nothing(-1), asset_cases(-1), False),
}
