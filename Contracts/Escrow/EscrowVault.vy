# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Tallystick vault
@license Apache-2.0
@notice Holds the money of one agreement. It runs no payoff rule; it checks signatures, windows and sums.
        The terms are supplied again with each act and hashed again. `msg.sender` means nothing.
        Times are Unix seconds and half-open: a message is valid while block.timestamp < validUntil.
        toBuyer + toSeller is always the sum of both collaterals.
"""

from . import signatures
from . import tokens
from . import typed_data


event Opened:
    agreementId: indexed(bytes32)
    premium: uint256
    buyerCollateral: uint256
    sellerCollateral: uint256


event Proposed:
    agreementId: indexed(bytes32)
    version: uint64
    proposer: address
    evidenceDigest: bytes32
    toBuyer: uint256
    toSeller: uint256
    proposedAt: uint64


event Disputed:
    agreementId: indexed(bytes32)
    version: uint64
    disputer: address
    evidenceDigest: bytes32
    toBuyer: uint256
    toSeller: uint256
    disputedAt: uint64


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
UNOPENED: constant(uint8) = 0
OPEN: constant(uint8) = 1
PROPOSED: constant(uint8) = 2
DISPUTED: constant(uint8) = 3
CLOSED: constant(uint8) = 4

# Routes to settlement.
AGREED: constant(uint8) = 1
FINALISED: constant(uint8) = 3
DEFAULTED: constant(uint8) = 5

MANIFEST_MAX: constant(uint256) = 32_768  # bytes of evidence in calldata

# The escrow that made the implementation: the verifying contract of every signature.
FACTORY: immutable(address)

agreementId: bytes32
status: uint8
proposer: address
disputer: address
proposedAt: uint64
disputedAt: uint64
toBuyer: uint256  # as proposed
toSeller: uint256
claimOf: public(HashMap[address, uint256])


@deploy
def __init__():
    FACTORY = msg.sender


@external
@nonreentrant
def initialise(agreementId: bytes32, escrow: typed_data.Escrow):
    """
    @notice Takes premium and collaterals in. The escrow has checked terms and signatures.
    """
    assert msg.sender == FACTORY, "initialise: not the escrow"
    assert self.status == UNOPENED, "initialise: already open"
    self.agreementId = agreementId
    self.status = OPEN
    log Opened(
        agreementId=agreementId,
        premium=escrow.premium,
        buyerCollateral=escrow.buyerCollateral,
        sellerCollateral=escrow.sellerCollateral,
    )
    tokens.pull(
        escrow.token,
        escrow.buyer,
        escrow.seller,
        escrow.premium,
        "open: premium refused",
        "open: premium delivered short",
    )
    tokens.pull(
        escrow.token,
        escrow.buyer,
        self,
        escrow.buyerCollateral,
        "open: buyerCollateral refused",
        "open: buyerCollateral delivered short",
    )
    tokens.pull(
        escrow.token,
        escrow.seller,
        self,
        escrow.sellerCollateral,
        "open: sellerCollateral refused",
        "open: sellerCollateral delivered short",
    )


@external
@nonreentrant
def settle(
    escrow: typed_data.Escrow,
    economics: bytes32,
    toBuyer: uint256,
    toSeller: uint256,
    validUntil: uint64,
    buyerSignature: Bytes[signatures.SIGNATURE_MAX],
    sellerSignature: Bytes[signatures.SIGNATURE_MAX],
):
    """
    @notice Route 1, agreed: both parties signed one outcome. Possible until the vault is closed.
    """
    agreementId: bytes32 = self._check_terms(escrow, economics)
    assert self.status != CLOSED, "settle: closed"
    assert block.timestamp < convert(validUntil, uint256), "settle: validUntil passed"
    assert self._is_whole(escrow, toBuyer, toSeller), "settle: sum"
    digest: bytes32 = typed_data.digest(
        FACTORY, typed_data.hash_outcome(agreementId, toBuyer, toSeller, validUntil)
    )
    assert signatures.is_signed_by(
        escrow.buyer, digest, buyerSignature
    ), "settle: buyer did not sign"
    assert signatures.is_signed_by(
        escrow.seller, digest, sellerSignature
    ), "settle: seller did not sign"
    self._close(agreementId, escrow, AGREED, toBuyer, toSeller)


@external
@nonreentrant
def propose(
    escrow: typed_data.Escrow,
    economics: bytes32,
    proposer: address,
    evidenceDigest: bytes32,
    toBuyer: uint256,
    toSeller: uint256,
    validUntil: uint64,
    signature: Bytes[signatures.SIGNATURE_MAX],
    manifest: Bytes[MANIFEST_MAX],
):
    """
    @notice One party proposes an outcome and puts up the bond. A proposal of the other party within the
            dispute window settles at once when its amounts are equal, and is a dispute when not.
    @param manifest The evidence, kept in calldata for whoever checks the outcome
    """
    agreementId: bytes32 = self._check_terms(escrow, economics)
    assert self.status == OPEN or self.status == PROPOSED, "propose: not open"
    assert proposer == escrow.buyer or proposer == escrow.seller, "propose: not a party"
    assert proposer != self.proposer, "propose: already proposed"
    assert block.timestamp >= convert(escrow.settleFrom, uint256), "propose: before settleFrom"
    assert block.timestamp < convert(escrow.settleBy, uint256), "propose: settleBy passed"
    assert block.timestamp < convert(validUntil, uint256), "propose: validUntil passed"
    assert self._is_whole(escrow, toBuyer, toSeller), "propose: sum"
    structHash: bytes32 = typed_data.hash_proposal(
        agreementId, proposer, evidenceDigest, toBuyer, toSeller, validUntil
    )
    assert signatures.is_signed_by(
        proposer, typed_data.digest(FACTORY, structHash), signature
    ), "propose: proposer did not sign"

    if self.status == PROPOSED:
        assert block.timestamp < self._window_end(escrow), "propose: dispute window passed"
        if toBuyer == self.toBuyer:
            self._close(agreementId, escrow, AGREED, toBuyer, toSeller)
        else:
            self._freeze(agreementId, escrow, proposer, evidenceDigest, toBuyer, toSeller)
        return

    self.status = PROPOSED
    self.proposer = proposer
    self.proposedAt = convert(block.timestamp, uint64)
    self.toBuyer = toBuyer
    self.toSeller = toSeller
    log Proposed(
        agreementId=agreementId,
        version=typed_data.VERSION,
        proposer=proposer,
        evidenceDigest=evidenceDigest,
        toBuyer=toBuyer,
        toSeller=toSeller,
        proposedAt=self.proposedAt,
    )
    self._pull_bond(escrow, proposer)


@external
@nonreentrant
def dispute(
    escrow: typed_data.Escrow,
    economics: bytes32,
    disputer: address,
    evidenceDigest: bytes32,
    toBuyer: uint256,
    toSeller: uint256,
    validUntil: uint64,
    signature: Bytes[signatures.SIGNATURE_MAX],
    manifest: Bytes[MANIFEST_MAX],
):
    """
    @notice The other party, or its watcher, answers a proposal with another outcome and the same bond.
    """
    agreementId: bytes32 = self._check_terms(escrow, economics)
    assert self.status == PROPOSED, "dispute: nothing proposed"
    assert block.timestamp < self._window_end(escrow), "dispute: dispute window passed"
    if self.proposer == escrow.buyer:
        assert disputer == escrow.seller or disputer == escrow.sellerWatcher, "dispute: not entitled"
    else:
        assert disputer == escrow.buyer or disputer == escrow.buyerWatcher, "dispute: not entitled"
    assert block.timestamp < convert(validUntil, uint256), "dispute: validUntil passed"
    assert self._is_whole(escrow, toBuyer, toSeller), "dispute: sum"
    assert toBuyer != self.toBuyer, "dispute: equals the proposal"
    structHash: bytes32 = typed_data.hash_dispute(
        agreementId, disputer, evidenceDigest, toBuyer, toSeller, validUntil
    )
    assert signatures.is_signed_by(
        disputer, typed_data.digest(FACTORY, structHash), signature
    ), "dispute: disputer did not sign"
    self._freeze(agreementId, escrow, disputer, evidenceDigest, toBuyer, toSeller)


@external
@nonreentrant
def finalise(escrow: typed_data.Escrow, economics: bytes32):
    """
    @notice Route 3: the proposal stood through the dispute window.
    """
    agreementId: bytes32 = self._check_terms(escrow, economics)
    assert self.status == PROPOSED, "finalise: nothing proposed"
    assert block.timestamp >= self._window_end(escrow), "finalise: dispute window open"
    self._close(agreementId, escrow, FINALISED, self.toBuyer, self.toSeller)


@external
@nonreentrant
def settleByDefault(escrow: typed_data.Escrow, economics: bytes32):
    """
    @notice Route 5: nobody proposed in time, or nobody ended a dispute in time. The terms' own amounts.
    """
    agreementId: bytes32 = self._check_terms(escrow, economics)
    if self.status == OPEN:
        assert block.timestamp >= convert(escrow.settleBy, uint256), "default: before settleBy"
    else:
        assert self.status == DISPUTED, "default: not open or disputed"
        rulingEnd: uint256 = convert(self.disputedAt, uint256) + convert(
            escrow.rulingWindow, uint256
        )
        assert block.timestamp >= rulingEnd, "default: ruling window open"
    self._close(agreementId, escrow, DEFAULTED, escrow.defaultToBuyer, escrow.defaultToSeller)


@external
@nonreentrant
def withdraw(
    escrow: typed_data.Escrow,
    economics: bytes32,
    claimant: address,
    to: address,
    amount: uint256,
    validUntil: uint64,
    signature: Bytes[signatures.SIGNATURE_MAX],
):
    """
    @notice Pays a claim, whole, to the address that the claimant signed for.
    """
    agreementId: bytes32 = self._check_terms(escrow, economics)
    assert block.timestamp < convert(validUntil, uint256), "withdraw: validUntil passed"
    assert amount > 0 and amount == self.claimOf[claimant], "withdraw: not the claim"
    assert to != empty(address) and to != self, "withdraw: receiver"
    structHash: bytes32 = typed_data.hash_withdrawal(
        agreementId, claimant, to, amount, validUntil
    )
    assert signatures.is_signed_by(
        claimant, typed_data.digest(FACTORY, structHash), signature
    ), "withdraw: claimant did not sign"
    self.claimOf[claimant] = 0
    log Withdrawn(agreementId=agreementId, claimant=claimant, to=to, amount=amount)
    assert tokens.push(escrow.token, to, amount), "withdraw: transfer refused"


@external
@view
def state() -> (uint8, uint64, address, address, uint64, uint64, uint256, uint256):
    """
    @return Status, version, proposer, disputer, proposedAt, disputedAt, proposed toBuyer and toSeller
    """
    return (
        self.status,
        typed_data.VERSION,
        self.proposer,
        self.disputer,
        self.proposedAt,
        self.disputedAt,
        self.toBuyer,
        self.toSeller,
    )


@internal
@view
def _check_terms(escrow: typed_data.Escrow, economics: bytes32) -> bytes32:
    """
    @return This vault's agreement id, which the supplied terms were found to hash to
    """
    agreementId: bytes32 = self.agreementId
    assert (
        typed_data.agreement_id(FACTORY, economics, escrow) == agreementId
    ), "vault: other terms"
    return agreementId


@internal
@pure
def _is_whole(escrow: typed_data.Escrow, toBuyer: uint256, toSeller: uint256) -> bool:
    total: uint256 = escrow.buyerCollateral + escrow.sellerCollateral
    return toBuyer <= total and toSeller == total - toBuyer


@internal
@view
def _window_end(escrow: typed_data.Escrow) -> uint256:
    """
    @return The first second in which the proposal can no longer be disputed
    """
    return convert(self.proposedAt, uint256) + convert(escrow.disputeWindow, uint256)


@internal
def _pull_bond(escrow: typed_data.Escrow, payer: address):
    tokens.pull(
        escrow.token, payer, self, escrow.bond, "bond: refused", "bond: delivered short"
    )


@internal
def _freeze(
    agreementId: bytes32,
    escrow: typed_data.Escrow,
    disputer: address,
    evidenceDigest: bytes32,
    toBuyer: uint256,
    toSeller: uint256,
):
    """
    @notice Disputed: from here only both parties together or the end of the ruling window settle.
    """
    self.status = DISPUTED
    self.disputer = disputer
    self.disputedAt = convert(block.timestamp, uint64)
    log Disputed(
        agreementId=agreementId,
        version=typed_data.VERSION,
        disputer=disputer,
        evidenceDigest=evidenceDigest,
        toBuyer=toBuyer,
        toSeller=toSeller,
        disputedAt=self.disputedAt,
    )
    self._pull_bond(escrow, disputer)


@internal
def _close(
    agreementId: bytes32,
    escrow: typed_data.Escrow,
    route: uint8,
    toBuyer: uint256,
    toSeller: uint256,
):
    """
    @notice Pays both parties and returns every live bond, each in a transfer of its own.
    """
    self.status = CLOSED
    log Settled(
        agreementId=agreementId,
        version=typed_data.VERSION,
        route=route,
        toBuyer=toBuyer,
        toSeller=toSeller,
    )
    self._pay(agreementId, escrow.token, escrow.buyer, toBuyer)
    self._pay(agreementId, escrow.token, escrow.seller, toSeller)
    if self.proposer != empty(address):
        self._pay(agreementId, escrow.token, self.proposer, escrow.bond)
    if self.disputer != empty(address):
        self._pay(agreementId, escrow.token, self.disputer, escrow.bond)


@internal
def _pay(agreementId: bytes32, token: address, receiver: address, amount: uint256):
    """
    @notice A payout that fails becomes a claim, so that no receiver can block another.
    """
    if amount == 0:
        return
    if not tokens.push_capped(token, receiver, amount):
        self.claimOf[receiver] += amount
        log Claimable(agreementId=agreementId, claimant=receiver, amount=amount)
