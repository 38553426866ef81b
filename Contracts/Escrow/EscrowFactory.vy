# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Tallystick escrow
@license Apache-2.0
@notice Opens one vault per agreement. Both parties sign one digest of the terms; anybody may carry the
        signatures here. `msg.sender` means nothing. No owner, no upgrade, no pause, no native coin.
        Times are Unix seconds and half-open: a message is valid while block.timestamp < validUntil.
"""

from . import codes
from . import create2
from . import payoff
from . import signatures
from . import tokens
from . import typed_data


interface Vault:
    def initialise(agreementId: bytes32, escrow: typed_data.Escrow): nonpayable


event VaultOpened:
    agreementId: indexed(bytes32)
    vault: address


event Cancelled:
    agreementId: indexed(bytes32)
    party: indexed(address)


event EpochRaised:
    party: indexed(address)
    epoch: uint64


INIT_CODE_MAX: constant(uint256) = 49_152  # bytes, EIP-3860
PHYSICAL_CALL: constant(uint8) = 3  # payoffKind
PHYSICAL_PUT: constant(uint8) = 4
WINDOW_MAX: constant(uint64) = 31_536_000  # seconds: 365 days
AMOUNT_BITS: constant(uint256) = 128  # every amount is below 2^128

# The code that every vault delegates to; itself never a vault.
implementation: public(immutable(address))
# The same for agreements settled by delivery; it is there once it is installed.
deliveryImplementation: public(immutable(address))

# The rules that these contracts keep to, by the Keccak-256 of their bytecode: who replays an agreement takes these.
vaultRule: public(constant(bytes32)) = codes.VAULT_RULE
deliveryRule: public(constant(bytes32)) = codes.DELIVERY_RULE
priceRule: public(constant(bytes32)) = codes.PRICE_RULE
ladderRule: public(constant(bytes32)) = codes.LADDER_RULE
evidenceRule: public(constant(bytes32)) = codes.EVIDENCE_RULE
rulingRule: public(constant(bytes32)) = codes.RULING_RULE

# What a party's terms must carry; raising it voids every unopened signature.
epochOf: public(HashMap[address, uint64])
isCancelled: public(HashMap[bytes32, HashMap[address, bool]])

# Addresses that already play a part in the terms being checked, by the number of the check; forgotten after
# the transaction.
named: transient(HashMap[uint256, HashMap[address, bool]])
checks: transient(uint256)


@deploy
def __init__(vaultInitCode: Bytes[INIT_CODE_MAX]):
    implementation = raw_create(vaultInitCode)
    deliveryImplementation = create2.address_of(self, empty(bytes32), codes.DELIVERY_INIT_CODE)


@external
def install(initCode: Bytes[INIT_CODE_MAX]) -> address:
    """
    @notice Makes a contract that vaults need and that does not fit into this one's own creation. Anybody
            may, once; only code that this contract knows by its digest.
    """
    assert keccak256(initCode) in [
        codes.PANELS_INIT_CODE, codes.CHANGES_INIT_CODE, codes.DELIVERY_INIT_CODE
    ], "install: unknown code"
    return raw_create(initCode, salt=empty(bytes32))


@external
@nonreentrant
def open(
    escrow: typed_data.Escrow,
    economics: bytes32,
    buyerSignature: Bytes[signatures.SIGNATURE_MAX],
    sellerSignature: Bytes[signatures.SIGNATURE_MAX],
) -> address:
    """
    @notice Makes the vault and moves premium and both collaterals, or does nothing.
    @param economics Struct hash of `Economics`
    """
    agreementId: bytes32 = typed_data.agreement_id(self, economics, escrow)
    return self._open(agreementId, escrow, buyerSignature, sellerSignature)


@external
@nonreentrant
def openWithPermits(
    escrow: typed_data.Escrow,
    economics: bytes32,
    buyerSignature: Bytes[signatures.SIGNATURE_MAX],
    sellerSignature: Bytes[signatures.SIGNATURE_MAX],
    permits: tokens.Permit[2],
) -> address:
    """
    @notice Opens after giving the token each party's permit for the vault (EIP-2612). One that fails does no
            harm where the allowance is there.
    @param permits The buyer's, the seller's of what it locks; a value of zero for none
    """
    agreementId: bytes32 = typed_data.agreement_id(self, economics, escrow)
    vault: address = self._vault_of(agreementId, self._code_for(escrow.payoffKind))
    sellerToken: address = escrow.token
    if escrow.payoffKind == PHYSICAL_CALL:
        sellerToken = escrow.deliveryToken
    tokens.permit(escrow.token, escrow.buyer, vault, permits[0])
    tokens.permit(sellerToken, escrow.seller, vault, permits[1])
    return self._open(agreementId, escrow, buyerSignature, sellerSignature)


@external
def checkTerms(escrow: typed_data.Escrow):
    """
    @notice Reverts where no agreement of these terms may stand, whoever signs it. Acceptance and epochs are
            not looked at.
    """
    self._check_terms(escrow)


@external
def cancel(
    agreementId: bytes32,
    party: address,
    validUntil: uint64,
    signature: Bytes[signatures.SIGNATURE_MAX],
):
    """
    @notice Spends an unopened agreement for ever, as far as this party is one of its parties.
    """
    assert block.timestamp < convert(validUntil, uint256), "cancel: validUntil passed"
    assert not self.isCancelled[agreementId][party], "cancel: already cancelled"
    assert (
        not self._vault_of(agreementId, implementation).is_contract
        and not self._vault_of(agreementId, deliveryImplementation).is_contract
    ), "cancel: already opened"
    structHash: bytes32 = typed_data.hash_cancellation(agreementId, party, validUntil)
    assert signatures.is_signed_by(
        party, typed_data.digest(self, structHash), signature
    ), "cancel: party did not sign"
    self.isCancelled[agreementId][party] = True
    log Cancelled(agreementId=agreementId, party=party)


@external
def raiseEpoch(
    party: address,
    epoch: uint64,
    validUntil: uint64,
    signature: Bytes[signatures.SIGNATURE_MAX],
):
    """
    @notice Voids every signature of this party under terms that are not open yet.
    """
    assert block.timestamp < convert(validUntil, uint256), "raiseEpoch: validUntil passed"
    assert epoch > self.epochOf[party], "raiseEpoch: epoch not higher"
    structHash: bytes32 = typed_data.hash_epoch_raise(party, epoch, validUntil)
    assert signatures.is_signed_by(
        party, typed_data.digest(self, structHash), signature
    ), "raiseEpoch: party did not sign"
    self.epochOf[party] = epoch
    log EpochRaised(party=party, epoch=epoch)


@external
@view
def digestOf(terms: typed_data.OptionTerms) -> bytes32:
    """
    @return The agreement's id from its full terms: what both parties sign
    """
    return typed_data.agreement_id(
        self, typed_data.hash_economics(terms.economics), terms.escrow
    )


@external
@view
def agreementIdOf(escrow: typed_data.Escrow, economics: bytes32) -> bytes32:
    """
    @param economics Struct hash of `Economics`
    """
    return typed_data.agreement_id(self, economics, escrow)


@external
@view
def vaultOf(agreementId: bytes32) -> address:
    """
    @return Where the agreement's vault is or will be: what each party approves before opening
    """
    return self._vault_of(agreementId, implementation)


@external
@view
def deliveryVaultOf(agreementId: bytes32) -> address:
    """
    @return The same for an agreement settled by delivery
    """
    return self._vault_of(agreementId, deliveryImplementation)


@external
@view
def eip712Domain() -> (
    bytes1, String[10], String[1], uint256, address, bytes32, DynArray[uint256, 1]
):
    """
    @notice EIP-5267: name, version, chain id and contract are in use.
    """
    return (
        0x0f,
        typed_data.DOMAIN_NAME,
        typed_data.DOMAIN_VERSION,
        chain.id,
        self,
        empty(bytes32),
        empty(DynArray[uint256, 1]),
    )


@internal
@view
def _vault_of(agreementId: bytes32, code: address) -> address:
    """
    @notice CREATE2 over the minimal proxy's init code, which holds nothing but the address of the code.
    """
    initCodeHash: bytes32 = keccak256(
        concat(
            x"602d3d8160093d39f3363d3d373d3d3d363d73",
            convert(code, bytes20),
            x"5af43d82803e903d91602b57fd5bf3",
        )
    )
    return create2.address_of(self, agreementId, initCodeHash)


@internal
def _open(
    agreementId: bytes32,
    escrow: typed_data.Escrow,
    buyerSignature: Bytes[signatures.SIGNATURE_MAX],
    sellerSignature: Bytes[signatures.SIGNATURE_MAX],
) -> address:
    code: address = self._code_for(escrow.payoffKind)
    assert not self._vault_of(agreementId, code).is_contract, "open: already opened"
    assert (
        not self.isCancelled[agreementId][escrow.buyer]
        and not self.isCancelled[agreementId][escrow.seller]
    ), "open: cancelled"
    assert escrow.buyerEpoch == self.epochOf[escrow.buyer], "open: buyer epoch"
    assert escrow.sellerEpoch == self.epochOf[escrow.seller], "open: seller epoch"
    assert block.timestamp < convert(escrow.acceptBy, uint256), "open: acceptBy passed"
    self._check_terms(escrow)
    assert signatures.is_signed_by(
        escrow.buyer, agreementId, buyerSignature
    ), "open: buyer did not sign"
    assert signatures.is_signed_by(
        escrow.seller, agreementId, sellerSignature
    ), "open: seller did not sign"

    vault: address = create_minimal_proxy_to(code, salt=agreementId)
    log VaultOpened(agreementId=agreementId, vault=vault)
    extcall Vault(vault).initialise(agreementId, escrow)
    return vault


@internal
def _check_terms(escrow: typed_data.Escrow):
    self.checks += 1
    check: uint256 = self.checks
    assert escrow.buyer != empty(address) and escrow.seller != empty(address), "open: zero party"
    assert escrow.buyer != escrow.seller, "open: buyer is seller"
    self.named[check][escrow.buyer] = True
    self.named[check][escrow.seller] = True
    assert (
        not self.named[check][escrow.buyerWatcher] and not self.named[check][escrow.sellerWatcher]
    ), "open: watcher is a party"
    self.named[check][escrow.buyerWatcher] = True
    self.named[check][escrow.sellerWatcher] = True

    assert escrow.acceptBy <= escrow.expirationTime, "open: acceptBy after expiration"
    assert escrow.exerciseStart <= escrow.expirationTime, "open: exerciseStart after expiration"
    assert escrow.expirationTime < escrow.evidenceCloses, "open: evidenceCloses too early"
    assert escrow.evidenceCloses <= escrow.settleFrom, "open: settleFrom too early"
    assert escrow.settleFrom < escrow.settleBy, "open: settleBy too early"
    assert (
        escrow.disputeWindow >= 1 and escrow.disputeWindow <= WINDOW_MAX
    ), "open: disputeWindow"
    assert escrow.rulingWindow >= 1 and escrow.rulingWindow <= WINDOW_MAX, "open: rulingWindow"

    assert escrow.token.is_contract, "open: token has no code"
    if self._is_physical(escrow.payoffKind):
        self._check_delivery(escrow)
    else:
        assert escrow.deliveryToken == empty(address), "open: deliveryToken unsupported"
        if escrow.payoffKind == payoff.EUROPEAN_CALL:
            assert escrow.clause == codes.EUROPEAN_CALL, "open: clause of another payoffKind"
        elif escrow.payoffKind == payoff.EUROPEAN_PUT:
            assert escrow.clause == codes.EUROPEAN_PUT, "open: clause of another payoffKind"
        else:
            assert escrow.payoffKind == 0, "open: payoffKind unsupported"
    amounts: uint256 = (
        escrow.premium
        | escrow.buyerCollateral
        | escrow.sellerCollateral
        | escrow.bond
        | escrow.arbitrationFee
        | escrow.defaultToBuyer
        | escrow.defaultToSeller
    )
    assert amounts >> AMOUNT_BITS == 0, "open: amount too large"
    assert escrow.arbitrationFee <= escrow.bond, "open: arbitrationFee above bond"
    assert (
        escrow.defaultToBuyer + escrow.defaultToSeller
        == escrow.buyerCollateral + escrow.sellerCollateral
    ), "open: default sum"

    self._check_panel(check, escrow.observers, escrow.observerThreshold)
    self._check_panel(check, escrow.arbitrators, escrow.arbitratorThreshold)
    self._check_panel(check, escrow.fallbackArbitrators, escrow.fallbackThreshold)


@internal
@view
def _code_for(payoffKind: uint8) -> address:
    """
    @return The code of this kind's vaults
    """
    if self._is_physical(payoffKind):
        return deliveryImplementation
    return implementation


@internal
@pure
def _is_physical(payoffKind: uint8) -> bool:
    return payoffKind == PHYSICAL_CALL or payoffKind == PHYSICAL_PUT


@internal
@view
def _check_delivery(escrow: typed_data.Escrow):
    """
    @notice What the terms of an agreement settled by delivery need besides. Its default is that each gets
            its own collateral back.
    """
    assert deliveryImplementation.is_contract, "open: delivery not installed"
    assert escrow.deliveryToken.is_contract, "open: deliveryToken has no code"
    assert escrow.deliveryToken != escrow.token, "open: deliveryToken is the token"
    assert escrow.exerciseStart < escrow.expirationTime, "open: no time to exercise"
    assert (
        escrow.defaultToBuyer == escrow.buyerCollateral
        and escrow.defaultToSeller == escrow.sellerCollateral
    ), "open: default is not the collaterals"


@internal
def _check_panel(
    check: uint256, panel: DynArray[address, typed_data.PANEL_MAX], threshold: uint8
):
    """
    @notice Either one zero address with threshold 0 (unused), or distinct members that have no other
            part in the agreement, more than half of whom decide.
    """
    size: uint256 = len(panel)
    assert size > 0, "open: panel empty"
    needed: uint256 = convert(threshold, uint256)
    if panel[0] == empty(address):
        assert size == 1 and needed == 0, "open: unused panel form"
        return
    assert needed <= size and 2 * needed > size, "open: panel threshold"
    for member: address in panel:
        assert member != empty(address), "open: zero panel member"
        assert not self.named[check][member], "open: panel member repeated"
        self.named[check][member] = True
