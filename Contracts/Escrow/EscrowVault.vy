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

from . import codes
from . import create2
from . import signatures
from . import tokens
from . import typed_data
from . import vault


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


MANIFEST_MAX: constant(uint256) = 32_768  # bytes of evidence in calldata

struct Details:
    status: String[8]
    agreementId: bytes32
    termsId: bytes32  # digest of the present terms
    version: uint64
    exercisedAt: uint64
    proposer: address
    proposedAt: uint64
    proposedToBuyer: uint256
    proposedToSeller: uint256
    disputer: address
    disputedAt: uint64
    ruledAt: uint64
    ruledToBuyer: uint256
    ruledBondTo: uint8
    appealedAt: uint64


struct Deadline:
    time: uint64
    meaning: String[96]
    toBuyer: uint256  # what is paid where nobody acts before; with toSeller 0 nothing is
    toSeller: uint256


initializes: vault
exports: vault.claimOf

# What this part of the code does not know is passed on to the next, which the escrow installs.
PANELS: immutable(address)


@deploy
def __init__():
    vault.__init__()
    PANELS = create2.address_of(msg.sender, empty(bytes32), codes.PANELS_INIT_CODE)


@external
@nonreentrant
def initialise(agreementId: bytes32, escrow: typed_data.Escrow):
    """
    @notice Takes premium and collaterals in. The escrow has checked terms and signatures.
    """
    assert msg.sender == vault.FACTORY, "initialise: not the escrow"
    assert vault.life == 0, "initialise: already open"
    vault.agreementId = agreementId
    vault.life = vault.OPEN | (convert(typed_data.FIRST_VERSION, uint256) << 8)
    log vault.Opened(
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
    agreementId: bytes32 = vault.check_terms(escrow, economics)
    assert vault.status() != vault.CLOSED, "settle: closed"
    assert block.timestamp < convert(validUntil, uint256), "settle: validUntil passed"
    assert vault.is_whole(
        escrow.buyerCollateral + escrow.sellerCollateral, toBuyer, toSeller
    ), "settle: sum"
    digest: bytes32 = typed_data.digest(
        vault.FACTORY, typed_data.hash_outcome(agreementId, vault.version(), toBuyer, toSeller, validUntil)
    )
    assert signatures.is_signed_by(
        escrow.buyer, digest, buyerSignature
    ), "settle: buyer did not sign"
    assert signatures.is_signed_by(
        escrow.seller, digest, sellerSignature
    ), "settle: seller did not sign"
    vault.close(
        vault.AGREED,
        escrow.token,
        escrow.buyer,
        escrow.seller,
        toBuyer, toSeller,
        escrow.bond,
        escrow.bond,
    )


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
    agreementId: bytes32 = vault.check_terms(escrow, economics)
    status: uint256 = vault.status()
    assert status == vault.OPEN or status == vault.PROPOSED, "propose: not open"
    assert proposer == escrow.buyer or proposer == escrow.seller, "propose: not a party"
    assert proposer != vault.proposer(), "propose: already proposed"
    assert block.timestamp >= convert(escrow.settleFrom, uint256), "propose: before settleFrom"
    assert block.timestamp < convert(escrow.settleBy, uint256), "propose: settleBy passed"
    assert block.timestamp < convert(validUntil, uint256), "propose: validUntil passed"
    assert vault.is_whole(
        escrow.buyerCollateral + escrow.sellerCollateral, toBuyer, toSeller
    ), "propose: sum"
    version: uint64 = vault.version()
    structHash: bytes32 = typed_data.hash_claim(
        typed_data.PROPOSAL_TYPE,
        agreementId,
        version,
        proposer,
        evidenceDigest,
        toBuyer,
        toSeller,
        validUntil,
    )
    assert signatures.is_signed_by(
        proposer, typed_data.digest(vault.FACTORY, structHash), signature
    ), "propose: proposer did not sign"

    if status == vault.PROPOSED:
        assert block.timestamp < self._window_end(escrow.disputeWindow), "propose: dispute window passed"
        if toBuyer == vault.proposedToBuyer:
            vault.close(
        vault.AGREED,
        escrow.token,
        escrow.buyer,
        escrow.seller,
        toBuyer, toSeller,
        escrow.bond,
        escrow.bond,
    )
        else:
            self._freeze(
        agreementId, escrow.token, escrow.bond, proposer, evidenceDigest, toBuyer, toSeller)
        return

    now: uint256 = convert(convert(block.timestamp, uint56), uint256)
    vault.life = (
        vault.PROPOSED
        | (convert(version, uint256) << 8)
        | (now << 40)
        | (convert(proposer, uint256) << 96)
    )
    vault.proposedToBuyer = toBuyer
    vault.proposedToSeller = toSeller
    log Proposed(
        agreementId=agreementId,
        version=version,
        proposer=proposer,
        evidenceDigest=evidenceDigest,
        toBuyer=toBuyer,
        toSeller=toSeller,
        proposedAt=convert(now, uint64),
    )
    self._pull_bond(escrow.token, escrow.bond, proposer)


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
    agreementId: bytes32 = vault.check_terms(escrow, economics)
    assert vault.status() == vault.PROPOSED, "dispute: nothing proposed"
    assert block.timestamp < self._window_end(escrow.disputeWindow), "dispute: dispute window passed"
    if vault.proposer() == escrow.buyer:
        assert disputer == escrow.seller or disputer == escrow.sellerWatcher, "dispute: not entitled"
    else:
        assert disputer == escrow.buyer or disputer == escrow.buyerWatcher, "dispute: not entitled"
    assert block.timestamp < convert(validUntil, uint256), "dispute: validUntil passed"
    assert vault.is_whole(
        escrow.buyerCollateral + escrow.sellerCollateral, toBuyer, toSeller
    ), "dispute: sum"
    assert toBuyer != vault.proposedToBuyer, "dispute: equals the proposal"
    structHash: bytes32 = typed_data.hash_claim(
        typed_data.DISPUTE_TYPE,
        agreementId,
        vault.version(),
        disputer,
        evidenceDigest,
        toBuyer,
        toSeller,
        validUntil,
    )
    assert signatures.is_signed_by(
        disputer, typed_data.digest(vault.FACTORY, structHash), signature
    ), "dispute: disputer did not sign"
    self._freeze(
        agreementId, escrow.token, escrow.bond, disputer, evidenceDigest, toBuyer, toSeller)


@external
@nonreentrant
def finalise(escrow: typed_data.Escrow, economics: bytes32):
    """
    @notice Route 3: the proposal stood through the dispute window.
    """
    vault.check_terms(escrow, economics)
    assert vault.status() == vault.PROPOSED, "finalise: nothing proposed"
    assert block.timestamp >= self._window_end(escrow.disputeWindow), "finalise: dispute window open"
    vault.close(
        vault.FINALISED,
        escrow.token,
        escrow.buyer,
        escrow.seller,
        vault.proposedToBuyer, vault.proposedToSeller,
        escrow.bond,
        escrow.bond,
    )


@external
@nonreentrant
def settleByDefault(escrow: typed_data.Escrow, economics: bytes32):
    """
    @notice Route 5: nobody proposed in time, or nobody ended a dispute in time. The terms' own amounts.
    """
    vault.check_terms(escrow, economics)
    status: uint256 = vault.status()
    if status == vault.OPEN:
        assert block.timestamp >= convert(escrow.settleBy, uint256), "default: before settleBy"
    else:
        assert status == vault.DISPUTED, "default: not open or disputed"
        end: uint256 = self._rulings_end(escrow.rulingWindow, escrow.fallbackThreshold)
        assert block.timestamp >= end, "default: ruling window open"
    vault.close(
        vault.DEFAULTED,
        escrow.token,
        escrow.buyer,
        escrow.seller,
        escrow.defaultToBuyer, escrow.defaultToSeller,
        escrow.bond,
        escrow.bond,
    )


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
    agreementId: bytes32 = vault.check_terms(escrow, economics)
    assert block.timestamp < convert(validUntil, uint256), "withdraw: validUntil passed"
    assert amount > 0 and amount == vault.claimOf[claimant], "withdraw: not the claim"
    assert to != empty(address) and to != self, "withdraw: receiver"
    structHash: bytes32 = typed_data.hash_withdrawal(
        agreementId, vault.version(), claimant, to, amount, validUntil
    )
    assert signatures.is_signed_by(
        claimant, typed_data.digest(vault.FACTORY, structHash), signature
    ), "withdraw: claimant did not sign"
    vault.claimOf[claimant] = 0
    log vault.Withdrawn(agreementId=agreementId, claimant=claimant, to=to, amount=amount)
    assert tokens.push(escrow.token, to, amount), "withdraw: transfer refused"


@external
@view
def state() -> (uint8, uint64, address, address, uint64, uint64, uint256, uint256):
    """
    @return Status, version, proposer, disputer, proposedAt, disputedAt, proposed toBuyer and toSeller
    """
    return (
        convert(vault.status(), uint8),
        vault.version(),
        vault.proposer(),
        vault.disputer(),
        convert(vault.proposed_at(), uint64),
        convert(vault.disputed_at(), uint64),
        vault.proposedToBuyer,
        vault.proposedToSeller,
    )


@external
@view
def details() -> Details:
    """
    @notice All that is stored, in words; what did not happen is zero.
    """
    termsId: bytes32 = vault.amendedId
    if termsId == empty(bytes32):
        termsId = vault.agreementId
    return Details(
        status=self._name(vault.status()),
        agreementId=vault.agreementId,
        termsId=termsId,
        version=vault.version(),
        exercisedAt=convert(vault.exercised_at(), uint64),
        proposer=vault.proposer(),
        proposedAt=convert(vault.proposed_at(), uint64),
        proposedToBuyer=vault.proposedToBuyer,
        proposedToSeller=vault.proposedToSeller,
        disputer=vault.disputer(),
        disputedAt=convert(vault.disputed_at(), uint64),
        ruledAt=convert(vault.ruled_at(), uint64),
        ruledToBuyer=vault.ruledToBuyer,
        ruledBondTo=convert((vault.ruling >> 128) & 3, uint8),
        appealedAt=convert(vault.appealed_at(), uint64),
    )


@external
@view
def timeline(escrow: typed_data.Escrow, economics: bytes32) -> DynArray[Deadline, 4]:
    """
    @notice The deadlines of the present state in order, and what happens from each of them on. The last one
            is where silence leads: from then on anybody may have these amounts paid.
    """
    vault.check_terms(escrow, economics)
    status: uint256 = vault.status()
    line: DynArray[Deadline, 4] = []
    toBuyer: uint256 = escrow.defaultToBuyer
    last: uint256 = 0
    meaning: String[96] = "settleByDefault pays the default amounts"
    if status == vault.OPEN:
        if escrow.exerciseStart < escrow.expirationTime and vault.exercised_at() == 0:
            line.append(self._deadline(escrow.expirationTime, "the buyer can no longer exercise"))
        if escrow.payoffKind != 0:
            line.append(
                self._deadline(
                    escrow.evidenceCloses,
                    "no more observations; settleObserved pays, in every later state too",
                )
            )
        line.append(self._deadline(escrow.settleFrom, "either party may propose"))
        last = convert(escrow.settleBy, uint256)
    elif status == vault.PROPOSED:
        last = self._window_end(escrow.disputeWindow)
        toBuyer = vault.proposedToBuyer
        meaning = "no more dispute; finalise pays the proposal"
    elif status == vault.DISPUTED:
        last = self._rulings_end(escrow.rulingWindow, escrow.fallbackThreshold)
        if escrow.fallbackThreshold > 0:
            line.append(
                self._deadline(
                    convert(last, uint64) - escrow.rulingWindow,
                    "the fallback panel rules instead of the arbitrators",
                )
            )
        meaning = "no more ruling; settleByDefault pays the default amounts"
    elif status == vault.CLOSED:
        return line
    else:
        toBuyer = vault.ruledToBuyer
        last = vault.ruled_at() + convert(escrow.disputeWindow, uint256)
        meaning = "no more appeal; uphold pays the ruling"
        if status == vault.APPEALED:
            last = vault.appealed_at() + convert(escrow.rulingWindow, uint256)
            meaning = "no more ruling of the fallback panel; uphold pays the first ruling"
    line.append(
        Deadline(
            time=convert(last, uint64),
            meaning=meaning,
            toBuyer=toBuyer,
            toSeller=escrow.buyerCollateral + escrow.sellerCollateral - toBuyer,
        )
    )
    return line


@external
@raw_return
def __default__() -> Bytes[vault.REPLY_MAX]:
    """
    @notice Observations, rulings, amendments: code beyond one contract's size, in this vault's storage.
    """
    assert PANELS.is_contract, "vault: panels not installed"
    return raw_call(PANELS, msg.data, max_outsize=vault.REPLY_MAX, is_delegate_call=True)


@internal
@pure
def _name(status: uint256) -> String[8]:
    if status == vault.OPEN:
        return "open"
    if status == vault.PROPOSED:
        return "proposed"
    if status == vault.DISPUTED:
        return "disputed"
    if status == vault.CLOSED:
        return "closed"
    if status == vault.RULED:
        return "ruled"
    if status == vault.APPEALED:
        return "appealed"
    return "unopened"


@internal
@pure
def _deadline(time: uint64, meaning: String[96]) -> Deadline:
    return Deadline(time=time, meaning=meaning, toBuyer=0, toSeller=0)


@internal
@view
def _window_end(disputeWindow: uint64) -> uint256:
    """
    @return The first second in which the proposal can no longer be disputed
    """
    return vault.proposed_at() + convert(disputeWindow, uint256)


@internal
@view
def _rulings_end(rulingWindow: uint64, fallbackThreshold: uint8) -> uint256:
    """
    @return The first second of a dispute in which no panel can rule any more
    """
    rounds: uint256 = 1
    if fallbackThreshold > 0:
        rounds = 2
    return vault.disputed_at() + rounds * convert(rulingWindow, uint256)


@internal
def _pull_bond(token: address, bond: uint256, payer: address):
    tokens.pull(
        token, payer, self, bond, "bond: refused", "bond: delivered short"
    )


@internal
def _freeze(
    agreementId: bytes32,
    token: address,
    bond: uint256,
    disputer: address,
    evidenceDigest: bytes32,
    toBuyer: uint256,
    toSeller: uint256,
):
    """
    @notice Disputed: from here both parties together, a ruling, an observed price or silence settle.
    """
    now: uint256 = convert(convert(block.timestamp, uint48), uint256)
    vault.set_status(vault.DISPUTED)
    vault.contest |= convert(disputer, uint256) | (now << 160)
    log Disputed(
        agreementId=agreementId,
        version=vault.version(),
        disputer=disputer,
        evidenceDigest=evidenceDigest,
        toBuyer=toBuyer,
        toSeller=toSeller,
        disputedAt=convert(now, uint64),
    )
    self._pull_bond(token, bond, disputer)
