# pragma version 0.4.3
"""
@title The settlement price of a panel, and what a vanilla option pays at it
@notice Stateless and exact: every product is 512 bits wide, the one division rounds down, at the end.
"""

from . import typed_data

# Payoff kinds that the contract computes itself.
EUROPEAN_CALL: constant(uint8) = 1
EUROPEAN_PUT: constant(uint8) = 2

PPM: constant(uint256) = 1_000_000  # parts in one
DECIMALS_MAX: constant(uint8) = 36  # of a price, a quantity or a token


@external
@pure
def priceOf(
    values: DynArray[uint256, typed_data.PANEL_MAX], threshold: uint8, maxDisagreementPpm: uint64
) -> uint256:
    """
    @return The price that these observers establish, one value each below 2^128; zero when they do not
    """
    return self.price_of(values, threshold, maxDisagreementPpm)


@external
@pure
def payoffOf(
    payoffKind: uint8,
    price: uint256,
    strikePrice: uint256,
    quantity: uint256,
    priceDecimals: uint8,
    quantityDecimals: uint8,
    tokenDecimals: uint8,
    sellerCollateral: uint256,
) -> uint256:
    """
    @return What the option pays in base units of the token, at most the seller's collateral
    """
    return self.payoff_of(
        payoffKind,
        price,
        strikePrice,
        quantity,
        priceDecimals,
        quantityDecimals,
        tokenDecimals,
        sellerCollateral,
    )


@internal
@pure
def price_of(
    values: DynArray[uint256, typed_data.PANEL_MAX], threshold: uint8, maxDisagreementPpm: uint64
) -> uint256:
    """
    @notice Of the sorted values, among the runs of at least `threshold` neighbours that spread no further
            than (max - min) x 10^6 <= ppm x min: the longest, then the narrowest, then the lowest. Its
            lower median.
    """
    size: uint256 = len(values)
    needed: uint256 = convert(threshold, uint256)
    if needed == 0 or size < needed:
        return 0
    sorted: DynArray[uint256, typed_data.PANEL_MAX] = []
    for value: uint256 in values:
        sorted.append(value)
        place: uint256 = len(sorted) - 1
        for _: uint256 in range(typed_data.PANEL_MAX):
            if place == 0 or sorted[place - 1] <= value:
                break
            sorted[place] = sorted[place - 1]
            place -= 1
        sorted[place] = value

    best: uint256 = 0
    spread: uint256 = 0
    price: uint256 = 0
    for first: uint256 in range(size, bound=typed_data.PANEL_MAX):
        allowed: uint256 = convert(maxDisagreementPpm, uint256) * sorted[first]
        for last: uint256 in range(first, size, bound=typed_data.PANEL_MAX):
            count: uint256 = last - first + 1
            distance: uint256 = sorted[last] - sorted[first]
            if count < needed or count < best or distance * PPM > allowed:
                continue
            if count > best or distance < spread:
                best = count
                spread = distance
                price = sorted[first + (count - 1) // 2]
    return price


@internal
@pure
def payoff_of(
    payoffKind: uint8,
    price: uint256,
    strikePrice: uint256,
    quantity: uint256,
    priceDecimals: uint8,
    quantityDecimals: uint8,
    tokenDecimals: uint8,
    cap: uint256,
) -> uint256:
    """
    @return min(floor(quantity x gain x 10^tokenDecimals / 10^(quantityDecimals + priceDecimals)), cap)
    """
    assert (
        priceDecimals <= DECIMALS_MAX
        and quantityDecimals <= DECIMALS_MAX
        and tokenDecimals <= DECIMALS_MAX
    ), "observed: decimals"
    gain: uint256 = 0
    if payoffKind == EUROPEAN_CALL:
        if price > strikePrice:
            gain = price - strikePrice
    else:
        assert payoffKind == EUROPEAN_PUT, "observed: payoffKind"
        if strikePrice > price:
            gain = strikePrice - price

    # quantity x gain = high x 2^256 + low
    low: uint256 = unsafe_mul(quantity, gain)
    high: uint256 = unsafe_sub(uint256_mulmod(quantity, gain, max_value(uint256)), low)
    if uint256_mulmod(quantity, gain, max_value(uint256)) < low:
        high = unsafe_sub(high, 1)

    up: uint256 = convert(tokenDecimals, uint256)
    down: uint256 = convert(quantityDecimals, uint256) + convert(priceDecimals, uint256)
    if up >= down:
        scale: uint256 = 10 ** (up - down)
        if high > 0 or low > cap // scale:
            return cap
        return low * scale
    divisor: uint256 = 10 ** (down - up)
    if high >= divisor:
        return cap
    return min(self._divide(high, low, uint256_mulmod(quantity, gain, divisor), divisor), cap)


@internal
@pure
def _divide(high: uint256, low: uint256, remainder: uint256, divisor: uint256) -> uint256:
    """
    @notice (high x 2^256 + low) / divisor rounded down, for high < divisor: the remainder is taken away,
            the powers of two are divided out, and what is left is multiplied by the divisor's inverse
            modulo 2^256.
    """
    h: uint256 = high
    if remainder > low:
        h -= 1
    l: uint256 = unsafe_sub(low, remainder)
    twos: uint256 = divisor & unsafe_sub(0, divisor)
    odd: uint256 = divisor // twos
    l = l // twos
    l |= unsafe_mul(h, unsafe_add(unsafe_sub(0, twos) // twos, 1))
    inverse: uint256 = unsafe_mul(3, odd) ^ 2  # right in four bits; each step doubles them
    for _: uint256 in range(6):
        inverse = unsafe_mul(inverse, unsafe_sub(2, unsafe_mul(odd, inverse)))
    return unsafe_mul(l, inverse)
