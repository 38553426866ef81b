# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Exercise, and changes of an open agreement
@license Apache-2.0
@notice The last part of a vault's code: a vault passes on what its first part does not know, the panels'
        part what it does not. Acts in the vault's storage; what is said there of terms, signatures and
        times holds here. A change makes a new version, which every later message carries.
"""

from . import payoff
from . import signatures
from . import tokens
from . import typed_data
from . import vault


interface Factory:
    def epochOf(party: address) -> uint64: view
    def checkTerms(escrow: typed_data.Escrow): nonpayable


event Exercised:
    agreementId: indexed(bytes32)
    version: uint64
    holder: address
    exercisedAt: uint64


event Amended:
    agreementId: indexed(bytes32)
    version: uint64
    terms: bytes32


event Novated:
    agreementId: indexed(bytes32)
    version: uint64
    terms: bytes32
    transferor: address
    transferee: address
    consideration: uint256


initializes: vault


@deploy
def __init__():
    vault.__init__()


@external
@nonreentrant
def exercise(
    escrow: typed_data.Escrow,
    economics: bytes32,
    holder: address,
    validUntil: uint64,
    signature: Bytes[signatures.SIGNATURE_MAX],
):
    """
    @notice The buyer exercises before the expiration; the time that counts is this block's. It moves
            nothing: what it pays is proposed like any outcome.
    """
    agreementId: bytes32 = vault.check_terms(escrow, economics)
    assert vault.status() == vault.OPEN, "exercise: not open"
    assert vault.exercised_at() == 0, "exercise: already exercised"
    assert holder == escrow.buyer, "exercise: not the buyer"
    assert block.timestamp >= convert(escrow.exerciseStart, uint256), "exercise: before exerciseStart"
    assert block.timestamp < convert(escrow.expirationTime, uint256), "exercise: expired"
    assert block.timestamp < convert(validUntil, uint256), "exercise: validUntil passed"
    version: uint64 = vault.version()
    structHash: bytes32 = typed_data.hash_exercise_notice(
        agreementId, version, holder, validUntil
    )
    assert signatures.is_signed_by(
        holder, typed_data.digest(vault.FACTORY, structHash), signature
    ), "exercise: buyer did not sign"
    now: uint256 = convert(convert(block.timestamp, uint48), uint256)
    vault.contest = now << 208
    log Exercised(
        agreementId=agreementId, version=version, holder=holder, exercisedAt=convert(now, uint64)
    )


@external
@nonreentrant
def amend(
    escrow: typed_data.Escrow,
    economics: bytes32,
    amended: typed_data.Escrow,
    amendedEconomics: bytes32,
    validUntil: uint64,
    buyerSignature: Bytes[signatures.SIGNATURE_MAX],
    sellerSignature: Bytes[signatures.SIGNATURE_MAX],
):
    """
    @notice Both parties put other terms in place of the present ones. Parties, token and premium stay; what
            the collaterals differ by moves in the same call.
    """
    agreementId: bytes32 = vault.check_terms(escrow, economics)
    assert vault.status() == vault.OPEN, "amend: not open"
    assert vault.exercised_at() == 0, "amend: exercised"
    assert block.timestamp < convert(validUntil, uint256), "amend: validUntil passed"
    assert amended.buyer == escrow.buyer and amended.seller == escrow.seller, "amend: other party"
    assert amended.token == escrow.token, "amend: other token"
    assert amended.payoffKind <= payoff.EUROPEAN_PUT, "amend: payoffKind"
    assert amended.premium == escrow.premium, "amend: other premium"
    assert self._is_current(amended.buyer, amended.buyerEpoch), "amend: buyer epoch"
    assert self._is_current(amended.seller, amended.sellerEpoch), "amend: seller epoch"
    terms: bytes32 = typed_data.hash_terms(amendedEconomics, amended)
    version: uint64 = vault.version() + 1
    digest: bytes32 = typed_data.digest(
        vault.FACTORY, typed_data.hash_amendment(agreementId, version, terms, validUntil)
    )
    assert signatures.is_signed_by(
        escrow.buyer, digest, buyerSignature
    ), "amend: buyer did not sign"
    assert signatures.is_signed_by(
        escrow.seller, digest, sellerSignature
    ), "amend: seller did not sign"
    extcall Factory(vault.FACTORY).checkTerms(amended)
    self._adopt(version, terms)
    log Amended(agreementId=agreementId, version=version, terms=terms)
    self._take(escrow.token, escrow.buyer, escrow.buyerCollateral, amended.buyerCollateral)
    self._take(escrow.token, escrow.seller, escrow.sellerCollateral, amended.sellerCollateral)
    self._give(escrow.token, escrow.buyer, escrow.buyerCollateral, amended.buyerCollateral)
    self._give(escrow.token, escrow.seller, escrow.sellerCollateral, amended.sellerCollateral)


@external
@nonreentrant
def novate(
    escrow: typed_data.Escrow,
    economics: bytes32,
    transferor: address,
    transferee: address,
    watcher: address,
    epoch: uint64,
    consideration: uint256,
    validUntil: uint64,
    transferorSignature: Bytes[signatures.SIGNATURE_MAX],
    transfereeSignature: Bytes[signatures.SIGNATURE_MAX],
    remainingSignature: Bytes[signatures.SIGNATURE_MAX],
):
    """
    @notice Another party takes one party's place, with a watcher and the epoch of its own, and pays it the
            consideration. All three signed; the collaterals stay where they are.
    """
    agreementId: bytes32 = vault.check_terms(escrow, economics)
    assert vault.status() == vault.OPEN, "novate: not open"
    assert vault.exercised_at() == 0, "novate: exercised"
    assert block.timestamp < convert(validUntil, uint256), "novate: validUntil passed"
    assert transferee != transferor, "novate: transferee"
    novated: typed_data.Escrow = escrow
    remaining: address = escrow.seller
    if transferor == escrow.buyer:
        novated.buyer = transferee
        novated.buyerWatcher = watcher
        novated.buyerEpoch = epoch
    else:
        assert transferor == escrow.seller, "novate: transferor"
        remaining = escrow.buyer
        novated.seller = transferee
        novated.sellerWatcher = watcher
        novated.sellerEpoch = epoch
    assert self._is_current(transferee, epoch), "novate: epoch"
    terms: bytes32 = typed_data.hash_terms(economics, novated)
    version: uint64 = vault.version() + 1
    digest: bytes32 = typed_data.digest(
        vault.FACTORY,
        typed_data.hash_novation(
            agreementId, version, transferor, transferee, terms, consideration, validUntil
        ),
    )
    assert signatures.is_signed_by(
        transferor, digest, transferorSignature
    ), "novate: transferor did not sign"
    assert signatures.is_signed_by(
        transferee, digest, transfereeSignature
    ), "novate: transferee did not sign"
    assert signatures.is_signed_by(
        remaining, digest, remainingSignature
    ), "novate: remaining party did not sign"
    extcall Factory(vault.FACTORY).checkTerms(novated)
    self._adopt(version, terms)
    log Novated(
        agreementId=agreementId,
        version=version,
        terms=terms,
        transferor=transferor,
        transferee=transferee,
        consideration=consideration,
    )
    tokens.pull(
        escrow.token,
        transferee,
        transferor,
        consideration,
        "novate: consideration refused",
        "novate: consideration delivered short",
    )


@internal
@view
def _is_current(party: address, epoch: uint64) -> bool:
    return staticcall Factory(vault.FACTORY).epochOf(party) == epoch


@internal
def _adopt(version: uint64, terms: bytes32):
    vault.amendedId = typed_data.digest(vault.FACTORY, terms)
    vault.life = vault.OPEN | (convert(convert(version, uint32), uint256) << 8)


@internal
def _take(token: address, party: address, before: uint256, after: uint256):
    if after > before:
        tokens.pull(
            token,
            party,
            self,
            after - before,
            "amend: collateral refused",
            "amend: collateral delivered short",
        )


@internal
def _give(token: address, party: address, before: uint256, after: uint256):
    if after < before:
        vault.pay(token, party, before - after)
