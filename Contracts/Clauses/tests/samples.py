"""Terms that the golden cases share, and the cases that every payoff has."""

from exact import AMOUNT_MAX, INT256_MAX, scale, without

# Strike 2500.00, 1.500 units, a token of 6 decimals: one tick of the price moves the payoff by 15000 base units.
OPTION = {
    "strikePrice": 250_000,
    "quantity": 1_500,
    "buyerCollateral": 40,
    "sellerCollateral": 300_000_000,
    **scale(6, 2, 3),
}
TICK = 15_000
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


def at_prices(inputs, prices):
    """One case for each settlement price."""
    for name, price in prices.items():
        yield name, {**inputs, "settlementPrice": price}


def about_the_cap(inputs, payoff):
    """Cases of an option that is worth `payoff` base units."""
    yield "one base unit less collateral than the payoff", {**inputs, "sellerCollateral": payoff - 1}
    yield "exactly the collateral of the payoff", {**inputs, "sellerCollateral": payoff}
    yield "one base unit more collateral than the payoff", {**inputs, "sellerCollateral": payoff + 1}
    yield "no collateral of the seller", {**inputs, "sellerCollateral": 0}
    yield "the largest collaterals", {**inputs, "buyerCollateral": AMOUNT_MAX, "sellerCollateral": AMOUNT_MAX}


def of_every_payoff(inputs):
    """Cases of a quantity priced in the token, of an option that is in the money."""
    yield "no quantity", {**inputs, "quantity": 0}
    yield "a quantity of one: rounded down", {**inputs, "quantity": 1, "scaleUp": 1, "scaleDown": 7}
    yield "the lowest price", {**inputs, "settlementPrice": 0}
    yield "the highest price", {**inputs, "settlementPrice": AMOUNT_MAX}
    yield "no settlement price", without(inputs, "settlementPrice")
    yield "a settlement price out of range", {**inputs, "settlementPrice": AMOUNT_MAX + 1}
    yield "a negative quantity", {**inputs, "quantity": -1}
    yield "no scale", {**inputs, "scaleDown": 0}
    yield "a scale that does not fit", {**inputs, "scaleUp": INT256_MAX}
