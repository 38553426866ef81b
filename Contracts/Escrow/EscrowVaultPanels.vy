# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Panels: observers' prices, arbitrators' rulings
@license Apache-2.0
@notice A vault passes every call that its first part does not know to this contract, which acts in the
        vault's storage. What is said there of terms, signatures and times holds here.
"""

from . import codes
from . import create2
from . import payoff
from . import signatures as signing
from . import tokens
from . import typed_data
from . import vault


event Ruled:
    agreementId: indexed(bytes32)
    version: uint64
    round: uint8
    findingsDigest: bytes32
    toBuyer: uint256
    toSeller: uint256
    bondTo: uint8
    ruledAt: uint64


event Appealed:
    agreementId: indexed(bytes32)
    version: uint64
    appellant: address
    appealedAt: uint64


event Observed:
    agreementId: indexed(bytes32)
    version: uint64
    observer: address
    publishedAt: uint64
    price: uint256


event Equivocated:
    agreementId: indexed(bytes32)
    version: uint64
    observer: address
    first: uint256
    second: uint256


event Priced:
    agreementId: indexed(bytes32)
    version: uint64
    price: uint256


initializes: vault
exports: (payoff.priceOf, payoff.payoffOf)

# To whom a ruling gives the bonds.
TO_PROPOSER: constant(uint8) = 0
TO_DISPUTER: constant(uint8) = 1
TO_EACH: constant(uint8) = 2


# What this part of the code does not know either is passed on to the next.
CHANGES: immutable(address)


@deploy
def __init__():
    vault.__init__()
    CHANGES = create2.address_of(msg.sender, empty(bytes32), codes.CHANGES_INIT_CODE)


@external
@nonreentrant
def rule(
    escrow: typed_data.Escrow,
    economics: bytes32,
    round: uint8,
    findingsDigest: bytes32,
    toBuyer: uint256,
    toSeller: uint256,
    bondTo: uint8,
    signers: DynArray[address, typed_data.PANEL_MAX],
    signatures: DynArray[Bytes[signing.SIGNATURE_MAX], typed_data.PANEL_MAX],
):
    """
    @notice Enough members of the round's panel signed one ruling; the first one posted in a round stands.
            It pays at once (route 4), unless it is of round 1 and can be appealed to a fallback panel.
    @param round 1: arbitrators. 2: fallback panel, after silence in round 1 or an appeal
    @param bondTo 0 the proposer, 1 the disputer, 2 each its own
    @param signers Distinct, in ascending order
    """
    agreementId: bytes32 = vault.check_terms(escrow, economics)
    status: uint256 = vault.status()
    assert status == vault.DISPUTED or status == vault.APPEALED, "rule: not disputed"
    panel: DynArray[address, typed_data.PANEL_MAX] = escrow.arbitrators
    threshold: uint256 = convert(escrow.arbitratorThreshold, uint256)
    window: uint256 = convert(escrow.rulingWindow, uint256)
    opens: uint256 = vault.disputed_at()
    if round == 2:
        panel = escrow.fallbackArbitrators
        threshold = convert(escrow.fallbackThreshold, uint256)
        opens += window
        if status == vault.APPEALED:
            opens = vault.appealed_at()
    else:
        assert round == 1 and status == vault.DISPUTED, "rule: round"
    assert threshold > 0, "rule: no panel"
    assert block.timestamp >= opens, "rule: round not open"
    assert block.timestamp < opens + window, "rule: ruling window passed"
    assert vault.is_whole(
        escrow.buyerCollateral + escrow.sellerCollateral, toBuyer, toSeller
    ), "rule: sum"
    assert bondTo <= TO_EACH, "rule: bondTo"

    assert len(signers) == len(signatures), "rule: signatures"
    assert len(signers) >= threshold, "rule: too few signers"
    version: uint64 = vault.version()
    digest: bytes32 = typed_data.digest(
        vault.FACTORY,
        typed_data.hash_ruling(
            agreementId, version, round, findingsDigest, toBuyer, toSeller, bondTo
        ),
    )
    members: uint256 = 0
    lowest: uint256 = 0
    for i: uint256 in range(len(signers), bound=typed_data.PANEL_MAX):
        assert convert(signers[i], uint256) > lowest, "rule: signers not ascending"
        lowest = convert(signers[i], uint256)
        member: uint256 = 0
        for place: uint256 in range(len(panel), bound=typed_data.PANEL_MAX):
            if panel[place] == signers[i]:
                member = 1 << place
        assert member != 0, "rule: not an arbitrator"
        members |= member
        assert signing.is_signed_by(signers[i], digest, signatures[i]), "rule: arbitrator did not sign"

    log Ruled(
        agreementId=agreementId,
        version=version,
        round=round,
        findingsDigest=findingsDigest,
        toBuyer=toBuyer,
        toSeller=toSeller,
        bondTo=bondTo,
        ruledAt=convert(block.timestamp, uint64),
    )
    if round == 2 or escrow.fallbackThreshold == 0:
        self._execute(
            escrow.token,
            escrow.buyer,
            escrow.seller,
            panel,
            members,
            toBuyer,
            toSeller,
            bondTo,
            escrow.bond,
            escrow.arbitrationFee,
        )
        return
    vault.set_status(vault.RULED)
    vault.ruledToBuyer = toBuyer
    vault.ruling = (
        convert(convert(block.timestamp, uint64), uint256)
        | (convert(bondTo, uint256) << 128)
        | (members << 136)
    )


@external
@nonreentrant
def appeal(
    escrow: typed_data.Escrow,
    economics: bytes32,
    appellant: address,
    validUntil: uint64,
    signature: Bytes[signing.SIGNATURE_MAX],
):
    """
    @notice A party asks for round 2 and pays the arbitration fee of round 1, at once, to those who signed
            its ruling. No bond pays them again.
    """
    agreementId: bytes32 = vault.check_terms(escrow, economics)
    assert vault.status() == vault.RULED, "appeal: nothing ruled"
    assert block.timestamp < vault.ruled_at() + convert(
        escrow.disputeWindow, uint256
    ), "appeal: dispute window passed"
    assert block.timestamp < convert(validUntil, uint256), "appeal: validUntil passed"
    assert appellant == escrow.buyer or appellant == escrow.seller, "appeal: not a party"
    version: uint64 = vault.version()
    structHash: bytes32 = typed_data.hash_appeal(agreementId, version, appellant, validUntil)
    assert signing.is_signed_by(
        appellant, typed_data.digest(vault.FACTORY, structHash), signature
    ), "appeal: appellant did not sign"
    now: uint64 = convert(block.timestamp, uint64)
    vault.set_status(vault.APPEALED)
    vault.ruling |= convert(now, uint256) << 64
    log Appealed(
        agreementId=agreementId, version=version, appellant=appellant, appealedAt=now
    )
    tokens.pull(
        escrow.token,
        appellant,
        self,
        escrow.arbitrationFee,
        "appeal: fee refused",
        "appeal: fee delivered short",
    )
    self._pay_signers(
        escrow.token, escrow.arbitrators, vault.ruling >> 136, escrow.arbitrationFee
    )


@external
@nonreentrant
def uphold(escrow: typed_data.Escrow, economics: bytes32):
    """
    @notice Route 4: nobody appealed in time, or the fallback panel was silent on the appeal. The ruling of
            round 1 pays. Its signers have their fee from the appellant, if there was one; then the bonds
            go whole.
    """
    vault.check_terms(escrow, economics)
    status: uint256 = vault.status()
    fee: uint256 = 0
    if status == vault.RULED:
        fee = escrow.arbitrationFee
        assert block.timestamp >= vault.ruled_at() + convert(
            escrow.disputeWindow, uint256
        ), "uphold: appeal possible"
    else:
        assert status == vault.APPEALED, "uphold: nothing ruled"
        assert block.timestamp >= vault.appealed_at() + convert(
            escrow.rulingWindow, uint256
        ), "uphold: ruling window open"
    toBuyer: uint256 = vault.ruledToBuyer
    self._execute(
        escrow.token,
        escrow.buyer,
        escrow.seller,
        escrow.arbitrators,
        vault.ruling >> 136,
        toBuyer,
        escrow.buyerCollateral + escrow.sellerCollateral - toBuyer,
        convert((vault.ruling >> 128) & 3, uint8),
        escrow.bond,
        fee,
    )


@external
@nonreentrant
def observe(
    escrow: typed_data.Escrow,
    economics: bytes32,
    observations: DynArray[typed_data.Observation, typed_data.PANEL_MAX],
    signatures: DynArray[Bytes[signing.SIGNATURE_MAX], typed_data.PANEL_MAX],
):
    """
    @notice Keeps observers' prices of the fixing, one slot an observer. An observer of two different prices
            counts as absent from then on.
    """
    agreementId: bytes32 = vault.check_terms(escrow, economics)
    assert vault.status() != vault.CLOSED, "observe: closed"
    assert escrow.payoffKind != 0, "observe: payoffKind"
    assert block.timestamp < convert(escrow.evidenceCloses, uint256), "observe: evidence closed"
    assert len(observations) == len(signatures), "observe: signatures"
    version: uint64 = vault.version()
    for i: uint256 in range(len(observations), bound=typed_data.PANEL_MAX):
        observation: typed_data.Observation = observations[i]
        assert observation.feed == escrow.feed, "observe: other feed"
        assert observation.observedAt == escrow.expirationTime, "observe: not the fixing"
        assert observation.publishedAt >= observation.observedAt, "observe: published too early"
        assert (
            convert(observation.publishedAt, uint256) <= block.timestamp
        ), "observe: published later than now"
        assert observation.value > 0 and observation.value >> 128 == 0, "observe: value"
        observer: address = signing.recover(
            typed_data.digest(vault.FACTORY, typed_data.hash_observation(observation)),
            signatures[i],
        )
        assert observer in escrow.observers, "observe: not an observer"
        held: uint256 = vault.prices[observation.feed][observation.observedAt][observer]
        if held == 0:
            vault.prices[observation.feed][observation.observedAt][observer] = observation.value
            log Observed(
                agreementId=agreementId,
                version=version,
                observer=observer,
                publishedAt=observation.publishedAt,
                price=observation.value,
            )
        elif held < vault.EQUIVOCATED and held != observation.value:
            vault.prices[observation.feed][observation.observedAt][observer] = (
                held | vault.EQUIVOCATED
            )
            log Equivocated(
                agreementId=agreementId,
                version=version,
                observer=observer,
                first=held,
                second=observation.value,
            )


@external
@nonreentrant
def settleObserved(terms: typed_data.OptionTerms):
    """
    @notice Route 2: the price that the observers established, from evidenceCloses on, in every state that
            is not final. It needs no panel, and beats a proposal, a dispute, a ruling and silence.
    """
    agreementId: bytes32 = vault.check_terms(
        terms.escrow, typed_data.hash_economics(terms.economics)
    )
    assert vault.status() != vault.CLOSED, "observed: closed"
    assert block.timestamp >= convert(
        terms.escrow.evidenceCloses, uint256
    ), "observed: evidence open"
    price: uint256 = self._price(
        terms.escrow.feed,
        terms.escrow.expirationTime,
        terms.escrow.observers,
        terms.escrow.observerThreshold,
        terms.escrow.maxDisagreementPpm,
    )
    assert price != 0, "observed: no price"
    paid: uint256 = payoff.payoff_of(
        terms.escrow.payoffKind,
        price,
        terms.economics.strikePrice,
        terms.economics.quantity,
        terms.economics.priceDecimals,
        terms.economics.quantityDecimals,
        terms.economics.tokenDecimals,
        terms.escrow.sellerCollateral,
    )
    log Priced(agreementId=agreementId, version=vault.version(), price=price)
    vault.close(
        vault.OBSERVED,
        terms.escrow.token,
        terms.escrow.buyer,
        terms.escrow.seller,
        terms.escrow.buyerCollateral + paid,
        terms.escrow.sellerCollateral - paid,
        terms.escrow.bond,
        terms.escrow.bond,
    )


@external
@view
def observedPrice(escrow: typed_data.Escrow) -> uint256:
    """
    @return The price that the observations kept so far establish under these terms; zero when they do not
    """
    return self._price(
        escrow.feed,
        escrow.expirationTime,
        escrow.observers,
        escrow.observerThreshold,
        escrow.maxDisagreementPpm,
    )


@external
@view
def observationOf(feed: bytes32, observedAt: uint64, observer: address) -> (uint256, bool):
    """
    @return The observer's first price, zero when there is none, and whether it signed another one too
    """
    held: uint256 = vault.prices[feed][observedAt][observer]
    return held & (vault.EQUIVOCATED - 1), held >= vault.EQUIVOCATED


@external
@raw_return
def __default__() -> Bytes[vault.REPLY_MAX]:
    assert CHANGES.is_contract, "vault: changes not installed"
    return raw_call(CHANGES, msg.data, max_outsize=vault.REPLY_MAX, is_delegate_call=True)


@internal
@view
def _price(
    feed: bytes32,
    observedAt: uint64,
    observers: DynArray[address, typed_data.PANEL_MAX],
    threshold: uint8,
    maxDisagreementPpm: uint64,
) -> uint256:
    values: DynArray[uint256, typed_data.PANEL_MAX] = []
    for observer: address in observers:
        held: uint256 = vault.prices[feed][observedAt][observer]
        if held != 0 and held < vault.EQUIVOCATED:
            values.append(held)
    return payoff.price_of(values, threshold, maxDisagreementPpm)


@internal
def _execute(
    token: address,
    buyer: address,
    seller: address,
    panel: DynArray[address, typed_data.PANEL_MAX],
    members: uint256,
    toBuyer: uint256,
    toSeller: uint256,
    bondTo: uint8,
    bond: uint256,
    fee: uint256,
):
    """
    @notice The loser's bond pays the fee, and what is left of it goes to the winner with the winner's own.
            Where each keeps its own, each bears half the fee, the proposer the odd unit.
    """
    toProposer: uint256 = 0
    toDisputer: uint256 = 0
    if bondTo == TO_PROPOSER:
        toProposer = 2 * bond - fee
    elif bondTo == TO_DISPUTER:
        toDisputer = 2 * bond - fee
    else:
        toDisputer = bond - fee // 2
        toProposer = 2 * bond - fee - toDisputer
    vault.close(
        vault.BY_RULING, token, buyer, seller, toBuyer, toSeller, toProposer, toDisputer
    )
    self._pay_signers(token, panel, members, fee)


@internal
def _pay_signers(
    token: address,
    panel: DynArray[address, typed_data.PANEL_MAX],
    members: uint256,
    fee: uint256,
):
    """
    @notice Equal parts; what does not divide goes to the lowest address.
    @param members One bit a place in the panel
    """
    count: uint256 = 0
    lowest: uint256 = max_value(uint256)
    place: uint256 = 0
    for member: address in panel:
        if (members >> place) & 1 == 1:
            count += 1
            lowest = min(lowest, convert(member, uint256))
        place += 1
    part: uint256 = fee // count
    place = 0
    for member: address in panel:
        if (members >> place) & 1 == 1:
            amount: uint256 = part
            if convert(member, uint256) == lowest:
                amount += fee % count
            vault.pay(token, member, amount)
        place += 1
