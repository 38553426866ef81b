# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Tallystick vault with delivery
@license Apache-2.0
@notice Holds the money of one agreement that is settled by delivery. A call's seller has locked what it
        delivers, a put's seller the strike. The buyer exercises by a signed notice: what it pays or
        delivers is taken and what it gets is handed over in the same call, or nothing is; unpaid is not
        exercised. From the expiration anybody returns the collaterals. No price enters, so nothing is
        proposed, disputed or ruled. Terms, signatures and times are treated as in the other vault.
"""

from ethereum.ercs import IERC20

from . import signatures
from . import tokens
from . import typed_data


event DeliveryOpened:
    agreementId: indexed(bytes32)
    premium: uint256
    buyerCollateral: uint256
    sellerCollateral: uint256


event DeliveryExercised:
    agreementId: indexed(bytes32)
    holder: address
    strikePayment: uint256
    exercisedAt: uint64


# What left the vault: of the token, then of the delivery token.
event DeliverySettled:
    agreementId: indexed(bytes32)
    version: uint64
    route: uint8
    toBuyer: uint256
    toSeller: uint256
    deliveryToBuyer: uint256
    deliveryToSeller: uint256


event TokenClaimable:
    agreementId: indexed(bytes32)
    claimant: address
    token: address
    amount: uint256


event TokenWithdrawn:
    agreementId: indexed(bytes32)
    claimant: address
    token: address
    to: address
    amount: uint256


struct Details:
    status: String[8]
    agreementId: bytes32
    version: uint64
    exercisedAt: uint64


# What is paid where nobody acts before; where no amount is above zero, nothing is.
struct Deadline:
    time: uint64
    meaning: String[96]
    toBuyer: uint256
    toSeller: uint256
    deliveryToBuyer: uint256
    deliveryToSeller: uint256


# Status, with the other vault's numbers.
UNOPENED: constant(uint8) = 0
OPEN: constant(uint8) = 1
CLOSED: constant(uint8) = 4

# Routes to settlement, with the other vault's numbers.
AGREED: constant(uint8) = 1
DELIVERED: constant(uint8) = 6

PHYSICAL_CALL: constant(uint8) = 3  # payoffKind; the other one is a put

AMOUNT_BITS: constant(uint256) = 128
DECIMALS_MAX: constant(uint8) = 36

# The escrow that made this code: the verifying contract of every signature.
FACTORY: immutable(address)

agreementId: bytes32
status: uint8
exercisedAt: uint64
# By token and holder.
claimOf: public(HashMap[address, HashMap[address, uint256]])


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
    log DeliveryOpened(
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
    locked: address = escrow.token
    if escrow.payoffKind == PHYSICAL_CALL:
        locked = escrow.deliveryToken
    tokens.pull(
        locked,
        escrow.seller,
        self,
        escrow.sellerCollateral,
        "open: sellerCollateral refused",
        "open: sellerCollateral delivered short",
    )


@external
@nonreentrant
def exercise(
    terms: typed_data.OptionTerms,
    validUntil: uint64,
    signature: Bytes[signatures.SIGNATURE_MAX],
):
    """
    @notice Route 6: the buyer exercises, once, in whole. It must receive what it exercises for in this
            call; what goes to the seller may become a claim, so that a seller cannot refuse.
    """
    escrow: typed_data.Escrow = terms.escrow
    agreementId: bytes32 = self._check_terms(escrow, typed_data.hash_economics(terms.economics))
    assert self.status == OPEN, "exercise: closed"
    assert block.timestamp >= convert(
        escrow.exerciseStart, uint256
    ), "exercise: before exerciseStart"
    assert block.timestamp < convert(escrow.expirationTime, uint256), "exercise: expired"
    assert block.timestamp < convert(validUntil, uint256), "exercise: validUntil passed"
    structHash: bytes32 = typed_data.hash_exercise_notice(
        agreementId, typed_data.FIRST_VERSION, escrow.buyer, validUntil
    )
    assert signatures.is_signed_by(
        escrow.buyer, typed_data.digest(FACTORY, structHash), signature
    ), "exercise: buyer did not sign"
    quantity: uint256 = terms.economics.quantity
    strikePayment: uint256 = self._strike_payment(terms.economics)
    isCall: bool = escrow.payoffKind == PHYSICAL_CALL
    locked: uint256 = strikePayment
    if isCall:
        locked = quantity
    assert locked <= escrow.sellerCollateral, "exercise: more than sellerCollateral"

    self.status = CLOSED
    self.exercisedAt = convert(block.timestamp, uint64)
    log DeliveryExercised(
        agreementId=agreementId,
        holder=escrow.buyer,
        strikePayment=strikePayment,
        exercisedAt=self.exercisedAt,
    )
    rest: uint256 = escrow.sellerCollateral - locked
    if isCall:
        self._exchange(
            agreementId, escrow, escrow.token, strikePayment, escrow.deliveryToken, quantity, rest
        )
        self._log_settled(
            agreementId, DELIVERED, escrow.buyerCollateral, strikePayment, quantity, rest
        )
    else:
        self._exchange(
            agreementId, escrow, escrow.deliveryToken, quantity, escrow.token, strikePayment, rest
        )
        self._log_settled(
            agreementId, DELIVERED, escrow.buyerCollateral + strikePayment, rest, 0, quantity
        )
    self._pay(agreementId, escrow.token, escrow.buyer, escrow.buyerCollateral)


@external
@nonreentrant
def settle(
    escrow: typed_data.Escrow,
    economics: bytes32,
    toBuyer: uint256,
    toSeller: uint256,
    deliveryToBuyer: uint256,
    deliveryToSeller: uint256,
    validUntil: uint64,
    buyerSignature: Bytes[signatures.SIGNATURE_MAX],
    sellerSignature: Bytes[signatures.SIGNATURE_MAX],
):
    """
    @notice Route 1, agreed: both parties signed one outcome, in both tokens. Possible until the vault is
            closed.
    """
    agreementId: bytes32 = self._check_terms(escrow, economics)
    assert self.status == OPEN, "settle: closed"
    assert block.timestamp < convert(validUntil, uint256), "settle: validUntil passed"
    held: uint256 = escrow.buyerCollateral + escrow.sellerCollateral
    deliverable: uint256 = 0
    if escrow.payoffKind == PHYSICAL_CALL:
        held = escrow.buyerCollateral
        deliverable = escrow.sellerCollateral
    assert toBuyer <= held and toSeller == held - toBuyer, "settle: sum"
    assert (
        deliveryToBuyer <= deliverable and deliveryToSeller == deliverable - deliveryToBuyer
    ), "settle: delivery sum"
    structHash: bytes32 = typed_data.hash_delivery_outcome(
        agreementId,
        typed_data.FIRST_VERSION,
        toBuyer,
        toSeller,
        deliveryToBuyer,
        deliveryToSeller,
        validUntil,
    )
    digest: bytes32 = typed_data.digest(FACTORY, structHash)
    assert signatures.is_signed_by(
        escrow.buyer, digest, buyerSignature
    ), "settle: buyer did not sign"
    assert signatures.is_signed_by(
        escrow.seller, digest, sellerSignature
    ), "settle: seller did not sign"
    self._close(
        agreementId, escrow, AGREED, toBuyer, toSeller, deliveryToBuyer, deliveryToSeller
    )


@external
@nonreentrant
def expire(escrow: typed_data.Escrow, economics: bytes32):
    """
    @notice Route 6: not exercised until the expiration. The collaterals go back.
    """
    agreementId: bytes32 = self._check_terms(escrow, economics)
    assert self.status == OPEN, "expire: closed"
    assert block.timestamp >= convert(escrow.expirationTime, uint256), "expire: not expired"
    if escrow.payoffKind == PHYSICAL_CALL:
        self._close(
            agreementId, escrow, DELIVERED, escrow.buyerCollateral, 0, 0, escrow.sellerCollateral
        )
    else:
        self._close(
            agreementId, escrow, DELIVERED, escrow.buyerCollateral, escrow.sellerCollateral, 0, 0
        )


@external
@nonreentrant
def withdrawToken(
    escrow: typed_data.Escrow,
    economics: bytes32,
    claimant: address,
    token: address,
    to: address,
    amount: uint256,
    validUntil: uint64,
    signature: Bytes[signatures.SIGNATURE_MAX],
):
    """
    @notice Pays a claim in one token, whole, to the address that the claimant signed for.
    """
    agreementId: bytes32 = self._check_terms(escrow, economics)
    assert block.timestamp < convert(validUntil, uint256), "withdraw: validUntil passed"
    assert amount > 0 and amount == self.claimOf[token][claimant], "withdraw: not the claim"
    assert to != empty(address) and to != self, "withdraw: receiver"
    structHash: bytes32 = typed_data.hash_token_withdrawal(
        agreementId, typed_data.FIRST_VERSION, claimant, token, to, amount, validUntil
    )
    assert signatures.is_signed_by(
        claimant, typed_data.digest(FACTORY, structHash), signature
    ), "withdraw: claimant did not sign"
    self.claimOf[token][claimant] = 0
    log TokenWithdrawn(
        agreementId=agreementId, claimant=claimant, token=token, to=to, amount=amount
    )
    assert tokens.push(token, to, amount), "withdraw: transfer refused"


@external
@view
def deliveryState() -> (uint8, uint64, uint64):
    """
    @return Status, version and when it was exercised, zero when it was not
    """
    return (self.status, typed_data.FIRST_VERSION, self.exercisedAt)


@external
@view
def details() -> Details:
    """
    @notice All that is stored, in words; what did not happen is zero.
    """
    status: String[8] = "unopened"
    if self.status == OPEN:
        status = "open"
    elif self.status == CLOSED:
        status = "closed"
    return Details(
        status=status,
        agreementId=self.agreementId,
        version=typed_data.FIRST_VERSION,
        exercisedAt=self.exercisedAt,
    )


@external
@view
def timeline(escrow: typed_data.Escrow, economics: bytes32) -> DynArray[Deadline, 2]:
    """
    @notice The deadlines ahead of an open vault in order, and what happens from each of them on. The last
            one is where silence leads: from then on anybody may have these amounts paid.
    """
    self._check_terms(escrow, economics)
    line: DynArray[Deadline, 2] = []
    if self.status != OPEN:
        return line
    line.append(
        Deadline(
            time=escrow.exerciseStart,
            meaning="the buyer may exercise; strikePaymentOf says against how much",
            toBuyer=0,
            toSeller=0,
            deliveryToBuyer=0,
            deliveryToSeller=0,
        )
    )
    expired: Deadline = Deadline(
        time=escrow.expirationTime,
        meaning="no more exercise; expire returns the collaterals",
        toBuyer=escrow.buyerCollateral,
        toSeller=escrow.sellerCollateral,
        deliveryToBuyer=0,
        deliveryToSeller=0,
    )
    if escrow.payoffKind == PHYSICAL_CALL:
        expired.toSeller = 0
        expired.deliveryToSeller = escrow.sellerCollateral
    line.append(expired)
    return line


@external
@pure
def strikePaymentOf(economics: typed_data.Economics) -> uint256:
    """
    @return What exercising costs a call's buyer and pays a put's, in base units of the token
    """
    return self._strike_payment(economics)


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
def _strike_payment(economics: typed_data.Economics) -> uint256:
    """
    @notice quantity x strikePrice x 10^tokenDecimals / 10^(quantityDecimals + priceDecimals), rounded up.
    """
    assert (
        economics.quantity | economics.strikePrice
    ) >> AMOUNT_BITS == 0, "exercise: amount too large"
    assert (
        economics.priceDecimals <= DECIMALS_MAX
        and economics.quantityDecimals <= DECIMALS_MAX
        and economics.tokenDecimals <= DECIMALS_MAX
    ), "exercise: decimals"
    product: uint256 = economics.quantity * economics.strikePrice
    up: uint256 = convert(economics.tokenDecimals, uint256)
    down: uint256 = convert(economics.quantityDecimals, uint256) + convert(
        economics.priceDecimals, uint256
    )
    if up >= down:
        scale: uint256 = 10 ** (up - down)
        assert product <= max_value(uint256) // scale, "exercise: amount too large"
        return product * scale
    scale: uint256 = 10 ** (down - up)
    payment: uint256 = product // scale
    if product % scale > 0:
        payment += 1
    return payment


@internal
def _exchange(
    agreementId: bytes32,
    escrow: typed_data.Escrow,
    given: address,
    price: uint256,
    taken: address,
    amount: uint256,
    rest: uint256,
):
    """
    @notice `price` from the buyer to the seller through this vault, `amount` to the buyer, and what the
            seller had locked beyond that back to it.
    """
    tokens.pull(
        given,
        escrow.buyer,
        self,
        price,
        "exercise: payment refused",
        "exercise: payment delivered short",
    )
    if amount > 0:
        before: uint256 = staticcall IERC20(taken).balanceOf(escrow.buyer)
        assert tokens.push(taken, escrow.buyer, amount), "exercise: delivery refused"
        after: uint256 = staticcall IERC20(taken).balanceOf(escrow.buyer)
        assert after >= before and after - before == amount, "exercise: delivery short"
    self._pay(agreementId, given, escrow.seller, price)
    self._pay(agreementId, taken, escrow.seller, rest)


@internal
def _close(
    agreementId: bytes32,
    escrow: typed_data.Escrow,
    route: uint8,
    toBuyer: uint256,
    toSeller: uint256,
    deliveryToBuyer: uint256,
    deliveryToSeller: uint256,
):
    self.status = CLOSED
    self._log_settled(agreementId, route, toBuyer, toSeller, deliveryToBuyer, deliveryToSeller)
    self._pay(agreementId, escrow.token, escrow.buyer, toBuyer)
    self._pay(agreementId, escrow.token, escrow.seller, toSeller)
    self._pay(agreementId, escrow.deliveryToken, escrow.buyer, deliveryToBuyer)
    self._pay(agreementId, escrow.deliveryToken, escrow.seller, deliveryToSeller)


@internal
def _log_settled(
    agreementId: bytes32,
    route: uint8,
    toBuyer: uint256,
    toSeller: uint256,
    deliveryToBuyer: uint256,
    deliveryToSeller: uint256,
):
    log DeliverySettled(
        agreementId=agreementId,
        version=typed_data.FIRST_VERSION,
        route=route,
        toBuyer=toBuyer,
        toSeller=toSeller,
        deliveryToBuyer=deliveryToBuyer,
        deliveryToSeller=deliveryToSeller,
    )


@internal
def _pay(agreementId: bytes32, token: address, receiver: address, amount: uint256):
    """
    @notice A payout that fails becomes a claim, so that no receiver can block another.
    """
    if amount == 0:
        return
    if not tokens.push_capped(token, receiver, amount):
        self.claimOf[token][receiver] += amount
        log TokenClaimable(
            agreementId=agreementId, claimant=receiver, token=token, amount=amount
        )
