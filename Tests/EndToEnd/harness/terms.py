"""Terms as their document says them: literal numbers, nothing computed by the code under test."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from eth_utils import keccak

from harness import ROOT

ZERO = "0x" + "00" * 20
MINUTE, HOUR, DAY = 60, 3_600, 86_400
UNIT = 10**6
"""Base units of one token, which has six decimals."""
PRICE = 10**8
"""One unit of the price currency, which is quoted with eight decimals."""
CALL = ROOT / "Contracts/Clauses/payoff/european-call.clause"
SOURCE = "base=ETH quote=USD source=demo-fixing method=ClosingPrice decimals=8"


def european_call(
    *, now: int, chain_id: int, escrow: str, token: str, buyer: str, seller: str, observers: list[str], clause: str,
    **changes: Any,
) -> dict[str, Any]:
    """A cash-settled European call of a day, with short windows. Each change is a field of either struct."""
    expiration = now + DAY
    document = {
        "format": "tallystick/terms/1",
        "domain": {"chainId": chain_id, "verifyingContract": escrow},
        "economics": {
            "optionType": "Call",
            "exerciseStyle": "European",
            "settlementType": "Cash",
            "underlying": "ETH",
            "priceCurrency": "USD",
            "strikePrice": 2_500 * PRICE,
            "priceDecimals": 8,
            "quantity": 12_345_678_901_234_567_890,
            "quantityDecimals": 18,
            "tokenDecimals": 6,
            "priceSource": SOURCE,
            "parameters": "",
        },
        "escrow": {
            "buyer": buyer,
            "seller": seller,
            "token": token,
            "deliveryToken": ZERO,
            "premium": 420 * UNIT,
            "buyerCollateral": 100 * UNIT,
            "sellerCollateral": 10_000 * UNIT,
            "clause": clause,
            "payoffKind": 0,
            "feed": "0x" + keccak(text=SOURCE).hex(),
            "acceptBy": now + 12 * HOUR,
            "exerciseStart": expiration,
            "expirationTime": expiration,
            "evidenceCloses": expiration + 6 * HOUR,
            "settleFrom": expiration + 6 * HOUR,
            "settleBy": expiration + 3 * DAY,
            "disputeWindow": 12 * HOUR,
            "rulingWindow": DAY,
            "bond": 150 * UNIT,
            "arbitrationFee": 0,
            "defaultToBuyer": 100 * UNIT,
            "defaultToSeller": 10_000 * UNIT,
            "observers": observers,
            "observerThreshold": 2,
            "maxDisagreementPpm": 1_000,
            "arbitrators": [ZERO],
            "arbitratorThreshold": 0,
            "fallbackArbitrators": [ZERO],
            "fallbackThreshold": 0,
            "buyerWatcher": ZERO,
            "sellerWatcher": ZERO,
            "buyerEpoch": 0,
            "sellerEpoch": 0,
            "salt": 1,
        },
    }
    return in_text(changed(document, **changes))


def changed(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy; each name is a field of the economics or of the escrow."""
    document = deepcopy(document)
    for name, value in changes.items():
        part = document["economics"] if name in document["economics"] else document["escrow"]
        assert name in part, name
        part[name] = value
    return in_text(document)


def in_text(value: Any) -> Any:
    """Integers as decimal strings, everywhere, as the document wants them."""
    if isinstance(value, dict):
        return {name: in_text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [in_text(each) for each in value]
    return str(value) if isinstance(value, int) else value


def call_payout(document: dict[str, Any], price: int) -> int:
    """What a call pays beyond the collateral, in base units: floor(Q x (S - K) x 10^token / 10^(quantity + price)),
    at most the seller's collateral. Written from the definition, with Python's integers."""
    economics = {name: int(text) for name, text in document["economics"].items() if text.isdigit()}
    gain = max(price - economics["strikePrice"], 0)
    scale = 10 ** (economics["quantityDecimals"] + economics["priceDecimals"])
    payoff = economics["quantity"] * gain * 10 ** economics["tokenDecimals"] // scale
    return min(payoff, int(document["escrow"]["sellerCollateral"]))
