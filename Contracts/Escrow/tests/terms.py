"""An independent description of the typed data, for eth-account, and a builder of terms.

Nothing here is taken from the contracts: the digests they compute are compared with these.
"""

from copy import deepcopy
from dataclasses import dataclass

from eth_account.messages import encode_typed_data
from eth_keys import keys
from eth_utils import keccak

ZERO = "0x" + "00" * 20


def fields(text: str) -> list[dict]:
    return [dict(zip(("type", "name"), field.split(" "))) for field in text.split(",")]


TYPES = {
    "EIP712Domain": fields(
        "string name,string version,uint256 chainId,address verifyingContract"
    ),
    "OptionTerms": fields("Economics economics,Escrow escrow"),
    "Economics": fields(
        "string optionType,string exerciseStyle,string settlementType,string underlying,"
        "string priceCurrency,uint256 strikePrice,uint8 priceDecimals,uint256 quantity,"
        "uint8 quantityDecimals,uint8 tokenDecimals,string priceSource,string parameters"
    ),
    "Escrow": fields(
        "address buyer,address seller,address token,address deliveryToken,uint256 premium,"
        "uint256 buyerCollateral,uint256 sellerCollateral,bytes32 clause,uint8 payoffKind,"
        "bytes32 feed,uint64 acceptBy,uint64 exerciseStart,uint64 expirationTime,"
        "uint64 evidenceCloses,uint64 settleFrom,uint64 settleBy,uint64 disputeWindow,"
        "uint64 rulingWindow,uint256 bond,uint256 arbitrationFee,uint256 defaultToBuyer,"
        "uint256 defaultToSeller,address[] observers,uint8 observerThreshold,"
        "uint64 maxDisagreementPpm,address[] arbitrators,uint8 arbitratorThreshold,"
        "address[] fallbackArbitrators,uint8 fallbackThreshold,address buyerWatcher,"
        "address sellerWatcher,uint64 buyerEpoch,uint64 sellerEpoch,uint256 salt"
    ),
    "Outcome": fields(
        "bytes32 agreementId,uint64 version,uint256 toBuyer,uint256 toSeller,uint64 validUntil"
    ),
    "Proposal": fields(
        "bytes32 agreementId,uint64 version,address proposer,bytes32 evidenceDigest,"
        "uint256 toBuyer,uint256 toSeller,uint64 validUntil"
    ),
    "Dispute": fields(
        "bytes32 agreementId,uint64 version,address disputer,bytes32 evidenceDigest,"
        "uint256 toBuyer,uint256 toSeller,uint64 validUntil"
    ),
    "Ruling": fields(
        "bytes32 agreementId,uint64 version,uint8 round,bytes32 findingsDigest,uint256 toBuyer,"
        "uint256 toSeller,uint8 bondTo"
    ),
    "Appeal": fields("bytes32 agreementId,uint64 version,address appellant,uint64 validUntil"),
    "Observation": fields(
        "bytes32 feed,uint64 observedAt,uint64 publishedAt,uint256 value"
    ),
    "ExerciseNotice": fields(
        "bytes32 agreementId,uint64 version,address holder,uint64 validUntil"
    ),
    "Amendment": fields("bytes32 agreementId,uint64 version,bytes32 terms,uint64 validUntil"),
    "Novation": fields(
        "bytes32 agreementId,uint64 version,address transferor,address transferee,bytes32 terms,"
        "uint256 consideration,uint64 validUntil"
    ),
    "Withdrawal": fields(
        "bytes32 agreementId,uint64 version,address claimant,address to,uint256 amount,"
        "uint64 validUntil"
    ),
    "DeliveryOutcome": fields(
        "bytes32 agreementId,uint64 version,uint256 toBuyer,uint256 toSeller,"
        "uint256 deliveryToBuyer,uint256 deliveryToSeller,uint64 validUntil"
    ),
    "TokenWithdrawal": fields(
        "bytes32 agreementId,uint64 version,address claimant,address token,address to,"
        "uint256 amount,uint64 validUntil"
    ),
    "Cancellation": fields(
        "bytes32 agreementId,uint64 version,address party,uint64 validUntil"
    ),
    "EpochRaise": fields("address party,uint64 epoch,uint64 validUntil"),
}


def types_for(primary: str) -> dict:
    needed = {primary, "EIP712Domain"}
    if primary == "OptionTerms":
        needed |= {"Economics", "Escrow"}
    return {name: TYPES[name] for name in needed}


@dataclass(frozen=True)
class Domain:
    chain_id: int
    factory: str

    def encoded(self, primary: str, message: dict):
        return encode_typed_data(
            full_message={
                "types": types_for(primary),
                "primaryType": primary,
                "domain": {
                    "name": "Tallystick",
                    "version": "1",
                    "chainId": self.chain_id,
                    "verifyingContract": self.factory,
                },
                "message": message,
            }
        )

    def digest(self, primary: str, message: dict) -> bytes:
        encoded = self.encoded(primary, message)
        return keccak(b"\x19" + encoded.version + encoded.header + encoded.body)


def economics_hash(economics: dict) -> bytes:
    """The struct hash, which no domain enters."""
    return Domain(1, ZERO).encoded("Economics", economics).body


class Party:
    """A key made from a name, so that a failing test prints the same addresses each time."""

    def __init__(self, name: str):
        self.name = name
        self.key = keys.PrivateKey(keccak(text="tallystick test party " + name))
        self.address = self.key.public_key.to_checksum_address()

    def sign(self, digest: bytes) -> bytes:
        """65 bytes r, s, v with v 27 or 28."""
        signature = self.key.sign_msg_hash(digest)
        return (
            signature.r.to_bytes(32, "big")
            + signature.s.to_bytes(32, "big")
            + bytes([27 + signature.v])
        )


ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def compact(signature: bytes) -> bytes:
    """EIP-2098."""
    vs = int.from_bytes(signature[32:64], "big") | (signature[64] - 27) << 255
    return signature[:32] + vs.to_bytes(32, "big")


def high_s(signature: bytes) -> bytes:
    """The other signature of the same digest and signer."""
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([27 + 28 - signature[64]])


NOW = 1_800_000_000
HOUR = 3_600
DAY = 86_400
UNIT = 10**6  # of a token with 6 decimals

BUYER, SELLER = Party("buyer"), Party("seller")
BUYER_WATCHER, SELLER_WATCHER = Party("buyer's watcher"), Party("seller's watcher")
OUTSIDER = Party("outsider")
OBSERVERS = [Party(f"observer {index}") for index in range(3)]
ARBITRATORS = [Party(f"arbitrator {index}") for index in range(3)]


@dataclass
class Terms:
    economics: dict
    escrow: dict

    def message(self) -> dict:
        return {"economics": self.economics, "escrow": self.escrow}

    def economics_hash(self) -> bytes:
        return economics_hash(self.economics)

    def total(self) -> int:
        return self.escrow["buyerCollateral"] + self.escrow["sellerCollateral"]

    def changed(self, **changes) -> "Terms":
        """A copy; each name is a field of Economics or of Escrow."""
        copy = deepcopy(self)
        for name, value in changes.items():
            part = copy.economics if name in copy.economics else copy.escrow
            assert name in part, name
            part[name] = value
        return copy


def european_call(token: str) -> Terms:
    expiration = NOW + 30 * DAY
    return Terms(
        economics={
            "optionType": "Call",
            "exerciseStyle": "European",
            "settlementType": "Cash",
            "underlying": "ETH",
            "priceCurrency": "USD",
            "strikePrice": 2_500 * 10**8,
            "priceDecimals": 8,
            "quantity": 10 * 10**18,
            "quantityDecimals": 18,
            "tokenDecimals": 6,
            "priceSource": "base ETH, quote USD, source daily fixing, decimals 8",
            "parameters": "",
        },
        escrow={
            "buyer": BUYER.address,
            "seller": SELLER.address,
            "token": token,
            "deliveryToken": ZERO,
            "premium": 400 * UNIT,
            "buyerCollateral": 50 * UNIT,
            "sellerCollateral": 10_000 * UNIT,
            "clause": keccak(text="clause"),
            "payoffKind": 0,
            "feed": keccak(text="feed"),
            "acceptBy": NOW + HOUR,
            "exerciseStart": NOW,
            "expirationTime": expiration,
            "evidenceCloses": expiration + HOUR,
            "settleFrom": expiration + 2 * HOUR,
            "settleBy": expiration + 7 * DAY,
            "disputeWindow": 6 * HOUR,
            "rulingWindow": 2 * DAY,
            "bond": 120 * UNIT,
            "arbitrationFee": 60 * UNIT,
            "defaultToBuyer": 3_050 * UNIT,
            "defaultToSeller": 7_000 * UNIT,
            "observers": [observer.address for observer in OBSERVERS],
            "observerThreshold": 2,
            "maxDisagreementPpm": 5_000,
            "arbitrators": [arbitrator.address for arbitrator in ARBITRATORS],
            "arbitratorThreshold": 2,
            "fallbackArbitrators": [ZERO],
            "fallbackThreshold": 0,
            "buyerWatcher": BUYER_WATCHER.address,
            "sellerWatcher": SELLER_WATCHER.address,
            "buyerEpoch": 0,
            "sellerEpoch": 0,
            "salt": 1,
        },
    )
