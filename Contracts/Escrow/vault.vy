# pragma version 0.4.3
"""
@title What all code of a vault shares: storage, events, the check of the terms, payouts
@notice Every contract whose code runs in a vault has this module's storage and no other, so that all
        parts of a vault's code mean the same by each slot.
"""

from . import tokens
from . import typed_data


event Opened:
    agreementId: indexed(bytes32)
    premium: uint256
    buyerCollateral: uint256
    sellerCollateral: uint256


event Settled:
    agreementId: indexed(bytes32)
    version: uint64
    route: uint8
    toBuyer: uint256
    toSeller: uint256


event Claimable:
    agreementId: indexed(bytes32)
    claimant: address
    amount: uint256


event Withdrawn:
    agreementId: indexed(bytes32)
    claimant: address
    to: address
    amount: uint256


# Status.
UNOPENED: constant(uint256) = 0
OPEN: constant(uint256) = 1
PROPOSED: constant(uint256) = 2
DISPUTED: constant(uint256) = 3
CLOSED: constant(uint256) = 4
RULED: constant(uint256) = 5
APPEALED: constant(uint256) = 6

# Routes to settlement.
AGREED: constant(uint8) = 1
OBSERVED: constant(uint8) = 2
FINALISED: constant(uint8) = 3
BY_RULING: constant(uint8) = 4
DEFAULTED: constant(uint8) = 5

REPLY_MAX: constant(uint256) = 4_096  # bytes of an answer that one part of the code passes on

# The escrow, which made this code: the verifying contract of every signature.
FACTORY: immutable(address)

agreementId: bytes32
# Digest of the terms since the last amendment or novation; zero while the first ones hold.
amendedId: bytes32
# From the lowest bit: status 8, version 32, proposedAt 56, proposer 160.
life: uint256
# From the lowest bit: disputer 160, disputedAt 48, exercisedAt 48.
contest: uint256
# From the lowest bit: ruledAt 64, appealedAt 64, bondTo 8, members of the panel that signed 16.
ruling: uint256
proposedToBuyer: uint256
proposedToSeller: uint256
ruledToBuyer: uint256
claimOf: public(HashMap[address, uint256])
# By feed, time and observer: the price, and whether the observer signed two.
prices: HashMap[bytes32, HashMap[uint64, HashMap[address, uint256]]]
EQUIVOCATED: constant(uint256) = 1 << 255


@deploy
def __init__():
    FACTORY = msg.sender


@internal
@view
def status() -> uint256:
    return self.life & (2**8 - 1)


@internal
@view
def version() -> uint64:
    return convert((self.life >> 8) & (2**32 - 1), uint64)


@internal
@view
def proposed_at() -> uint256:
    return (self.life >> 40) & (2**56 - 1)


@internal
@view
def proposer() -> address:
    return convert(self.life >> 96, address)


@internal
@view
def disputer() -> address:
    return convert(self.contest & (2**160 - 1), address)


@internal
@view
def disputed_at() -> uint256:
    return (self.contest >> 160) & (2**48 - 1)


@internal
@view
def exercised_at() -> uint256:
    return self.contest >> 208


@internal
@view
def ruled_at() -> uint256:
    return self.ruling & (2**64 - 1)


@internal
@view
def appealed_at() -> uint256:
    return (self.ruling >> 64) & (2**64 - 1)


@internal
def set_status(status: uint256):
    self.life = ((self.life >> 8) << 8) | status


@internal
@view
def check_terms(escrow: typed_data.Escrow, economics: bytes32) -> bytes32:
    """
    @return This vault's agreement id; the supplied terms were found to be its present ones
    """
    agreementId: bytes32 = self.agreementId
    present: bytes32 = self.amendedId
    if present == empty(bytes32):
        present = agreementId
    assert typed_data.agreement_id(FACTORY, economics, escrow) == present, "vault: other terms"
    return agreementId


@internal
@pure
def is_whole(total: uint256, toBuyer: uint256, toSeller: uint256) -> bool:
    return toBuyer <= total and toSeller == total - toBuyer


@internal
def close(
    route: uint8,
    token: address,
    buyer: address,
    seller: address,
    toBuyer: uint256,
    toSeller: uint256,
    toProposer: uint256,
    toDisputer: uint256,
):
    """
    @notice Pays both parties and what is given back of the bonds, each in a transfer of its own. Who put up
            no bond gets none.
    """
    self.set_status(CLOSED)
    log Settled(
        agreementId=self.agreementId,
        version=self.version(),
        route=route,
        toBuyer=toBuyer,
        toSeller=toSeller,
    )
    self.pay(token, buyer, toBuyer)
    self.pay(token, seller, toSeller)
    proposer: address = self.proposer()
    if proposer != empty(address):
        self.pay(token, proposer, toProposer)
    disputer: address = self.disputer()
    if disputer != empty(address):
        self.pay(token, disputer, toDisputer)


@internal
def pay(token: address, receiver: address, amount: uint256):
    """
    @notice A payout that fails becomes a claim, so that no receiver can block another.
    """
    if amount == 0:
        return
    if not tokens.push_capped(token, receiver, amount):
        self.claimOf[receiver] += amount
        log Claimable(agreementId=self.agreementId, claimant=receiver, amount=amount)
