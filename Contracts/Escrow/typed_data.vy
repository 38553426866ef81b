# pragma version 0.4.3
"""
@title Typed data of the Tallystick escrow (EIP-712)
@notice Structs, type hashes and digests. Every signed message is hashed here and nowhere else.
        Type strings are frozen: a change makes a new domain version.
"""

# Every amendment and novation adds one. A cancellation is always of the first version.
FIRST_VERSION: constant(uint64) = 1

DOMAIN_NAME: constant(String[10]) = "Tallystick"
DOMAIN_VERSION: constant(String[1]) = "1"

PANEL_MAX: constant(uint256) = 15  # addresses in one panel


struct Economics:
    optionType: String[32]
    exerciseStyle: String[32]
    settlementType: String[32]
    underlying: String[32]
    priceCurrency: String[32]
    strikePrice: uint256
    priceDecimals: uint8
    quantity: uint256
    quantityDecimals: uint8
    tokenDecimals: uint8
    priceSource: String[256]
    parameters: String[1024]


struct Escrow:
    buyer: address
    seller: address
    token: address
    deliveryToken: address
    premium: uint256
    buyerCollateral: uint256
    sellerCollateral: uint256
    clause: bytes32
    payoffKind: uint8
    feed: bytes32
    acceptBy: uint64
    exerciseStart: uint64
    expirationTime: uint64
    evidenceCloses: uint64
    settleFrom: uint64
    settleBy: uint64
    disputeWindow: uint64
    rulingWindow: uint64
    bond: uint256
    arbitrationFee: uint256
    defaultToBuyer: uint256
    defaultToSeller: uint256
    observers: DynArray[address, PANEL_MAX]
    observerThreshold: uint8
    maxDisagreementPpm: uint64
    arbitrators: DynArray[address, PANEL_MAX]
    arbitratorThreshold: uint8
    fallbackArbitrators: DynArray[address, PANEL_MAX]
    fallbackThreshold: uint8
    buyerWatcher: address
    sellerWatcher: address
    buyerEpoch: uint64
    sellerEpoch: uint64
    salt: uint256


struct OptionTerms:
    economics: Economics
    escrow: Escrow


struct Observation:
    feed: bytes32
    observedAt: uint64
    publishedAt: uint64
    value: uint256


DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
ECONOMICS_TYPE: constant(bytes32) = keccak256(
    "Economics(string optionType,string exerciseStyle,string settlementType,string underlying,string priceCurrency,uint256 strikePrice,uint8 priceDecimals,uint256 quantity,uint8 quantityDecimals,uint8 tokenDecimals,string priceSource,string parameters)"
)
ESCROW_TYPE: constant(bytes32) = keccak256(
    "Escrow(address buyer,address seller,address token,address deliveryToken,uint256 premium,uint256 buyerCollateral,uint256 sellerCollateral,bytes32 clause,uint8 payoffKind,bytes32 feed,uint64 acceptBy,uint64 exerciseStart,uint64 expirationTime,uint64 evidenceCloses,uint64 settleFrom,uint64 settleBy,uint64 disputeWindow,uint64 rulingWindow,uint256 bond,uint256 arbitrationFee,uint256 defaultToBuyer,uint256 defaultToSeller,address[] observers,uint8 observerThreshold,uint64 maxDisagreementPpm,address[] arbitrators,uint8 arbitratorThreshold,address[] fallbackArbitrators,uint8 fallbackThreshold,address buyerWatcher,address sellerWatcher,uint64 buyerEpoch,uint64 sellerEpoch,uint256 salt)"
)
OPTION_TERMS_TYPE: constant(bytes32) = keccak256(
    "OptionTerms(Economics economics,Escrow escrow)Economics(string optionType,string exerciseStyle,string settlementType,string underlying,string priceCurrency,uint256 strikePrice,uint8 priceDecimals,uint256 quantity,uint8 quantityDecimals,uint8 tokenDecimals,string priceSource,string parameters)Escrow(address buyer,address seller,address token,address deliveryToken,uint256 premium,uint256 buyerCollateral,uint256 sellerCollateral,bytes32 clause,uint8 payoffKind,bytes32 feed,uint64 acceptBy,uint64 exerciseStart,uint64 expirationTime,uint64 evidenceCloses,uint64 settleFrom,uint64 settleBy,uint64 disputeWindow,uint64 rulingWindow,uint256 bond,uint256 arbitrationFee,uint256 defaultToBuyer,uint256 defaultToSeller,address[] observers,uint8 observerThreshold,uint64 maxDisagreementPpm,address[] arbitrators,uint8 arbitratorThreshold,address[] fallbackArbitrators,uint8 fallbackThreshold,address buyerWatcher,address sellerWatcher,uint64 buyerEpoch,uint64 sellerEpoch,uint256 salt)"
)
OUTCOME_TYPE: constant(bytes32) = keccak256(
    "Outcome(bytes32 agreementId,uint64 version,uint256 toBuyer,uint256 toSeller,uint64 validUntil)"
)
PROPOSAL_TYPE: constant(bytes32) = keccak256(
    "Proposal(bytes32 agreementId,uint64 version,address proposer,bytes32 evidenceDigest,uint256 toBuyer,uint256 toSeller,uint64 validUntil)"
)
DISPUTE_TYPE: constant(bytes32) = keccak256(
    "Dispute(bytes32 agreementId,uint64 version,address disputer,bytes32 evidenceDigest,uint256 toBuyer,uint256 toSeller,uint64 validUntil)"
)
RULING_TYPE: constant(bytes32) = keccak256(
    "Ruling(bytes32 agreementId,uint64 version,uint8 round,bytes32 findingsDigest,uint256 toBuyer,uint256 toSeller,uint8 bondTo)"
)
APPEAL_TYPE: constant(bytes32) = keccak256(
    "Appeal(bytes32 agreementId,uint64 version,address appellant,uint64 validUntil)"
)
OBSERVATION_TYPE: constant(bytes32) = keccak256(
    "Observation(bytes32 feed,uint64 observedAt,uint64 publishedAt,uint256 value)"
)
EXERCISE_NOTICE_TYPE: constant(bytes32) = keccak256(
    "ExerciseNotice(bytes32 agreementId,uint64 version,address holder,uint64 validUntil)"
)
AMENDMENT_TYPE: constant(bytes32) = keccak256(
    "Amendment(bytes32 agreementId,uint64 version,bytes32 terms,uint64 validUntil)"
)
NOVATION_TYPE: constant(bytes32) = keccak256(
    "Novation(bytes32 agreementId,uint64 version,address transferor,address transferee,bytes32 terms,uint256 consideration,uint64 validUntil)"
)
WITHDRAWAL_TYPE: constant(bytes32) = keccak256(
    "Withdrawal(bytes32 agreementId,uint64 version,address claimant,address to,uint256 amount,uint64 validUntil)"
)
DELIVERY_OUTCOME_TYPE: constant(bytes32) = keccak256(
    "DeliveryOutcome(bytes32 agreementId,uint64 version,uint256 toBuyer,uint256 toSeller,uint256 deliveryToBuyer,uint256 deliveryToSeller,uint64 validUntil)"
)
TOKEN_WITHDRAWAL_TYPE: constant(bytes32) = keccak256(
    "TokenWithdrawal(bytes32 agreementId,uint64 version,address claimant,address token,address to,uint256 amount,uint64 validUntil)"
)
CANCELLATION_TYPE: constant(bytes32) = keccak256(
    "Cancellation(bytes32 agreementId,uint64 version,address party,uint64 validUntil)"
)
EPOCH_RAISE_TYPE: constant(bytes32) = keccak256(
    "EpochRaise(address party,uint64 epoch,uint64 validUntil)"
)


@internal
@view
def digest(verifyingContract: address, structHash: bytes32) -> bytes32:
    """
    @notice The bytes a wallet signs. The domain separator is built on each call, so that a
            signature dies with a chain split.
    """
    separator: bytes32 = keccak256(
        abi_encode(
            DOMAIN_TYPE,
            keccak256(DOMAIN_NAME),
            keccak256(DOMAIN_VERSION),
            chain.id,
            verifyingContract,
        )
    )
    return keccak256(concat(x"1901", separator, structHash))


@internal
@view
def agreement_id(verifyingContract: address, economics: bytes32, escrow: Escrow) -> bytes32:
    """
    @param economics Struct hash of `Economics`
    """
    return self.digest(verifyingContract, self.hash_terms(economics, escrow))


@internal
@pure
def hash_terms(economics: bytes32, escrow: Escrow) -> bytes32:
    return keccak256(abi_encode(OPTION_TERMS_TYPE, economics, self.hash_escrow(escrow)))


@internal
@pure
def hash_economics(economics: Economics) -> bytes32:
    return keccak256(
        abi_encode(
            ECONOMICS_TYPE,
            keccak256(economics.optionType),
            keccak256(economics.exerciseStyle),
            keccak256(economics.settlementType),
            keccak256(economics.underlying),
            keccak256(economics.priceCurrency),
            economics.strikePrice,
            economics.priceDecimals,
            economics.quantity,
            economics.quantityDecimals,
            economics.tokenDecimals,
            keccak256(economics.priceSource),
            keccak256(economics.parameters),
        )
    )


@internal
@pure
def hash_escrow(escrow: Escrow) -> bytes32:
    return keccak256(
        abi_encode(
            ESCROW_TYPE,
            escrow.buyer,
            escrow.seller,
            escrow.token,
            escrow.deliveryToken,
            escrow.premium,
            escrow.buyerCollateral,
            escrow.sellerCollateral,
            escrow.clause,
            escrow.payoffKind,
            escrow.feed,
            escrow.acceptBy,
            escrow.exerciseStart,
            escrow.expirationTime,
            escrow.evidenceCloses,
            escrow.settleFrom,
            escrow.settleBy,
            escrow.disputeWindow,
            escrow.rulingWindow,
            escrow.bond,
            escrow.arbitrationFee,
            escrow.defaultToBuyer,
            escrow.defaultToSeller,
            self.hash_panel(escrow.observers),
            escrow.observerThreshold,
            escrow.maxDisagreementPpm,
            self.hash_panel(escrow.arbitrators),
            escrow.arbitratorThreshold,
            self.hash_panel(escrow.fallbackArbitrators),
            escrow.fallbackThreshold,
            escrow.buyerWatcher,
            escrow.sellerWatcher,
            escrow.buyerEpoch,
            escrow.sellerEpoch,
            escrow.salt,
        )
    )


@internal
@pure
def hash_panel(panel: DynArray[address, PANEL_MAX]) -> bytes32:
    """
    @notice EIP-712 array: the hash of the members, one word each, without offset and length.
    """
    encoded: Bytes[32 * (PANEL_MAX + 2)] = abi_encode(panel)
    return keccak256(slice(encoded, 64, 32 * len(panel)))


@internal
@pure
def hash_outcome(
    agreementId: bytes32, version: uint64, toBuyer: uint256, toSeller: uint256, validUntil: uint64
) -> bytes32:
    return keccak256(abi_encode(OUTCOME_TYPE, agreementId, version, toBuyer, toSeller, validUntil))


@internal
@pure
def hash_claim(
    type: bytes32,
    agreementId: bytes32,
    version: uint64,
    claimant: address,
    evidenceDigest: bytes32,
    toBuyer: uint256,
    toSeller: uint256,
    validUntil: uint64,
) -> bytes32:
    """
    @param type Of `Proposal` or of `Dispute`, whose members are alike
    """
    return keccak256(
        abi_encode(
            type, agreementId, version, claimant, evidenceDigest, toBuyer, toSeller, validUntil
        )
    )


@internal
@pure
def hash_ruling(
    agreementId: bytes32,
    version: uint64,
    round: uint8,
    findingsDigest: bytes32,
    toBuyer: uint256,
    toSeller: uint256,
    bondTo: uint8,
) -> bytes32:
    return keccak256(
        abi_encode(
            RULING_TYPE, agreementId, version, round, findingsDigest, toBuyer, toSeller, bondTo
        )
    )


@internal
@pure
def hash_appeal(
    agreementId: bytes32, version: uint64, appellant: address, validUntil: uint64
) -> bytes32:
    return keccak256(abi_encode(APPEAL_TYPE, agreementId, version, appellant, validUntil))


@internal
@pure
def hash_observation(observation: Observation) -> bytes32:
    return keccak256(
        abi_encode(
            OBSERVATION_TYPE,
            observation.feed,
            observation.observedAt,
            observation.publishedAt,
            observation.value,
        )
    )


@internal
@pure
def hash_exercise_notice(
    agreementId: bytes32, version: uint64, holder: address, validUntil: uint64
) -> bytes32:
    return keccak256(abi_encode(EXERCISE_NOTICE_TYPE, agreementId, version, holder, validUntil))


@internal
@pure
def hash_amendment(
    agreementId: bytes32, version: uint64, terms: bytes32, validUntil: uint64
) -> bytes32:
    """
    @param version The new one
    @param terms Struct hash of the new `OptionTerms`
    """
    return keccak256(abi_encode(AMENDMENT_TYPE, agreementId, version, terms, validUntil))


@internal
@pure
def hash_novation(
    agreementId: bytes32,
    version: uint64,
    transferor: address,
    transferee: address,
    terms: bytes32,
    consideration: uint256,
    validUntil: uint64,
) -> bytes32:
    """
    @param version The new one
    @param terms Struct hash of the new `OptionTerms`
    """
    return keccak256(
        abi_encode(
            NOVATION_TYPE,
            agreementId,
            version,
            transferor,
            transferee,
            terms,
            consideration,
            validUntil,
        )
    )


@internal
@pure
def hash_withdrawal(
    agreementId: bytes32,
    version: uint64,
    claimant: address,
    to: address,
    amount: uint256,
    validUntil: uint64,
) -> bytes32:
    return keccak256(
        abi_encode(WITHDRAWAL_TYPE, agreementId, version, claimant, to, amount, validUntil)
    )


@internal
@pure
def hash_cancellation(agreementId: bytes32, party: address, validUntil: uint64) -> bytes32:
    return keccak256(
        abi_encode(CANCELLATION_TYPE, agreementId, FIRST_VERSION, party, validUntil)
    )


@internal
@pure
def hash_epoch_raise(party: address, epoch: uint64, validUntil: uint64) -> bytes32:
    return keccak256(abi_encode(EPOCH_RAISE_TYPE, party, epoch, validUntil))


@internal
@pure
def hash_delivery_outcome(
    agreementId: bytes32,
    version: uint64,
    toBuyer: uint256,
    toSeller: uint256,
    deliveryToBuyer: uint256,
    deliveryToSeller: uint256,
    validUntil: uint64,
) -> bytes32:
    return keccak256(
        abi_encode(
            DELIVERY_OUTCOME_TYPE,
            agreementId,
            version,
            toBuyer,
            toSeller,
            deliveryToBuyer,
            deliveryToSeller,
            validUntil,
        )
    )


@internal
@pure
def hash_token_withdrawal(
    agreementId: bytes32,
    version: uint64,
    claimant: address,
    token: address,
    to: address,
    amount: uint256,
    validUntil: uint64,
) -> bytes32:
    return keccak256(
        abi_encode(
            TOKEN_WITHDRAWAL_TYPE, agreementId, version, claimant, token, to, amount, validUntil
        )
    )
