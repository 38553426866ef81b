"""Raw transactions: reading them, and the rules that need no state. Texts and order are geth's."""

from __future__ import annotations

from eth.abc import BlockHeaderAPI, SignedTransactionAPI
from eth.exceptions import UnrecognizedTransactionType
from eth.vm.forks.prague.constants import STANDARD_TOKEN_COST, TOTAL_COST_FLOOR_PER_TOKEN
from eth.vm.forks.prague.transactions import PragueTransactionBuilder
from eth.vm.forks.shanghai.constants import INITCODE_WORD_COST, MAX_INITCODE_SIZE
from eth_keys.constants import SECPK1_N
from eth_keys.exceptions import BadSignature
from eth_keys.exceptions import ValidationError as BadSignatureValue
from eth_utils import ValidationError
from rlp.exceptions import RLPException

from .errors import RPCError
from .settings import ETHER

SIZE_MAX = 128 * 1024
"""Bytes of an encoded transaction."""
FEE_MAX = ETHER
"""The most that one transaction may offer for gas over RPC, in wei."""
TYPES = (0, 1, 2, 4)
"""Legacy, access list (EIP-2930), fee market (EIP-1559), set code (EIP-7702). No blobs."""
CREATION = b""
"""The `to` of a transaction that creates a contract."""


def type_of(transaction: SignedTransactionAPI) -> int:
    """EIP-2718 type; 0 for a legacy transaction."""
    return transaction.type_id or 0


def decode(raw: bytes, chain_id: int) -> SignedTransactionAPI:
    """A transaction whose encoding is exact and whose sender is known."""
    if len(raw) == 0 or (raw[0] < 0x80 and len(raw) == 1):
        raise RPCError("typed transaction too short")
    if raw[0] < 0x80 and raw[0] not in TYPES[1:]:
        raise RPCError("transaction type not supported")
    try:
        transaction = PragueTransactionBuilder.decode(raw)
    except (RLPException, ValidationError, UnrecognizedTransactionType) as error:
        raise RPCError(f"rlp: {error}") from error
    _check_sender(transaction, chain_id)
    return transaction


def _check_sender(transaction: SignedTransactionAPI, chain_id: int) -> None:
    if transaction.chain_id is None:
        raise RPCError("only replay-protected (EIP-155) transactions allowed over RPC")
    if transaction.chain_id != chain_id:
        raise RPCError(f"invalid sender: invalid chain id for signer: have {transaction.chain_id} want {chain_id}")
    if not (0 < transaction.r < SECPK1_N and 0 < transaction.s <= SECPK1_N // 2 and transaction.y_parity in (0, 1)):
        raise RPCError("invalid sender: invalid transaction v, r, s values")
    try:
        transaction.sender
    except (BadSignature, BadSignatureValue, ValidationError) as error:
        raise RPCError("invalid sender: recovery failed") from error


def check(transaction: SignedTransactionAPI, head: BlockHeaderAPI) -> None:
    """What a pool asks of a transaction before it looks at balances and nonces."""
    fee = transaction.gas * transaction.max_fee_per_gas
    if fee > FEE_MAX:
        raise RPCError(f"tx fee ({fee / ETHER:.2f} ether) exceeds the configured cap ({FEE_MAX / ETHER:.2f} ether)")
    size = len(transaction.encode())
    if size > SIZE_MAX:
        raise RPCError(f"oversized data: transaction size {size}, limit {SIZE_MAX}")
    if transaction.to == CREATION and len(transaction.data) > MAX_INITCODE_SIZE:
        raise RPCError(f"max initcode size exceeded: code size {len(transaction.data)} limit {MAX_INITCODE_SIZE}")
    if transaction.gas > head.gas_limit:
        raise RPCError("exceeds block gas limit")
    if max(transaction.max_fee_per_gas, transaction.max_priority_fee_per_gas, transaction.value) >= 2**256:
        raise RPCError("max fee per gas higher than 2^256-1")
    if transaction.max_fee_per_gas < transaction.max_priority_fee_per_gas:
        raise RPCError("max priority fee per gas higher than max fee per gas")
    if transaction.nonce >= 2**64 - 1:
        raise RPCError("nonce has max value")
    needed = intrinsic_gas(transaction)
    if transaction.gas < needed:
        raise RPCError(f"intrinsic gas too low: gas {transaction.gas}, minimum needed {needed}")
    floor = floor_gas(transaction.data)
    if transaction.gas < floor:
        raise RPCError(f"insufficient gas for floor data gas cost: gas {transaction.gas}, minimum needed {floor}")
    if transaction.max_priority_fee_per_gas < 1:
        raise RPCError(
            f"transaction gas price below minimum: gas tip cap {transaction.max_priority_fee_per_gas}, minimum needed 1"
        )


def cost(transaction: SignedTransactionAPI) -> int:
    """The most that a transaction can take from its sender, in wei."""
    return transaction.gas * transaction.max_fee_per_gas + transaction.value


def intrinsic_gas(transaction: SignedTransactionAPI) -> int:
    """Gas due before the first instruction, with EIP-3860's price of init code (which py-evm charges later)."""
    gas = transaction.intrinsic_gas
    if transaction.to == CREATION:
        gas += INITCODE_WORD_COST * ((len(transaction.data) + 31) // 32)
    return gas


def floor_gas(data: bytes) -> int:
    """EIP-7623: the least a transaction with that data can cost."""
    zeros = data.count(0)
    return 21_000 + TOTAL_COST_FLOOR_PER_TOKEN * (zeros + STANDARD_TOKEN_COST * (len(data) - zeros))
