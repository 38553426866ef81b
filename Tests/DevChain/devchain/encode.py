"""The JSON shapes of blocks, transactions, receipts and logs, as in the execution API specification."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import rlp
from eth._utils.address import generate_contract_address
from eth.abc import BlockHeaderAPI, SignedTransactionAPI

from .chain import Emitted, Sealed
from .transactions import CREATION, type_of

JSON = Any


def quantity(number: int) -> str:
    """0x-prefixed, without leading zeros."""
    return hex(number)


def data(raw: bytes) -> str:
    """0x-prefixed, two digits a byte."""
    return "0x" + raw.hex()


def word(number: int) -> str:
    """A number as 32 bytes."""
    return f"0x{number:064x}"


def block(sealed: Sealed, full: bool) -> JSON:
    """A block with whole transactions, or with their hashes."""
    fields = header(sealed.header)
    fields["hash"] = data(sealed.hash)
    fields["size"] = quantity(sealed.size)
    fields["transactions"] = [
        transaction(each, sealed, index) if full else data(each.hash) for index, each in enumerate(sealed.transactions)
    ]
    fields["uncles"] = []
    fields["withdrawals"] = []
    return fields


def pending_block(header_so_far: BlockHeaderAPI, transactions: Iterable[SignedTransactionAPI], full: bool) -> JSON:
    """The block that would come next: no hash, no nonce, no state yet."""
    fields = header(header_so_far)
    fields |= {"hash": None, "nonce": None, "miner": None}
    fields["size"] = quantity(len(rlp.encode(header_so_far)))
    fields["transactions"] = [transaction(each) if full else data(each.hash) for each in transactions]
    fields["uncles"] = []
    fields["withdrawals"] = []
    return fields


def header(header: BlockHeaderAPI) -> dict[str, JSON]:
    """The header's own fields: with `mixHash` and the rest, enough to compute its hash again."""
    return {
        "number": quantity(header.block_number),
        "parentHash": data(header.parent_hash),
        "nonce": data(header.nonce),
        "mixHash": data(header.mix_hash),
        "sha3Uncles": data(header.uncles_hash),
        "logsBloom": f"0x{header.bloom:0512x}",
        "transactionsRoot": data(header.transaction_root),
        "stateRoot": data(header.state_root),
        "receiptsRoot": data(header.receipt_root),
        "miner": data(header.coinbase),
        "difficulty": quantity(header.difficulty),
        "extraData": data(header.extra_data),
        "gasLimit": quantity(header.gas_limit),
        "gasUsed": quantity(header.gas_used),
        "timestamp": quantity(header.timestamp),
        "baseFeePerGas": quantity(header.base_fee_per_gas),
        "withdrawalsRoot": data(header.withdrawals_root),
        "blobGasUsed": quantity(header.blob_gas_used),
        "excessBlobGas": quantity(header.excess_blob_gas),
        "parentBeaconBlockRoot": data(header.parent_beacon_block_root),
        "requestsHash": data(header.requests_hash),
    }


def transaction(transaction: SignedTransactionAPI, sealed: Sealed | None = None, index: int = 0) -> JSON:
    """A transaction at its place in a block, or waiting for one."""
    kind = type_of(transaction)
    fields: dict[str, JSON] = {
        "blockHash": None if sealed is None else data(sealed.hash),
        "blockNumber": None if sealed is None else quantity(sealed.number),
        "blockTimestamp": None if sealed is None else quantity(sealed.header.timestamp),
        "transactionIndex": None if sealed is None else quantity(index),
        "hash": data(transaction.hash),
        "from": data(transaction.sender),
        "to": None if transaction.to == CREATION else data(transaction.to),
        "nonce": quantity(transaction.nonce),
        "gas": quantity(transaction.gas),
        "value": quantity(transaction.value),
        "input": data(transaction.data),
        "type": quantity(kind),
        "r": quantity(transaction.r),
        "s": quantity(transaction.s),
    }
    if transaction.chain_id is not None:
        fields["chainId"] = quantity(transaction.chain_id)
    if kind == 0:
        fields["v"] = quantity(transaction.v)
    else:
        fields["v"] = fields["yParity"] = quantity(transaction.y_parity)
        fields["accessList"] = [
            {"address": data(address), "storageKeys": [word(slot) for slot in slots]}
            for address, slots in transaction.access_list
        ]
    if kind in (0, 1):
        fields["gasPrice"] = quantity(transaction.gas_price)
    else:
        fields["maxFeePerGas"] = quantity(transaction.max_fee_per_gas)
        fields["maxPriorityFeePerGas"] = quantity(transaction.max_priority_fee_per_gas)
        fields["gasPrice"] = quantity(
            transaction.max_fee_per_gas if sealed is None else effective_gas_price(transaction, sealed.header)
        )
    if kind == 4:
        fields["authorizationList"] = [
            {
                "chainId": quantity(each.chain_id),
                "address": data(each.address),
                "nonce": quantity(each.nonce),
                "yParity": quantity(each.y_parity),
                "r": quantity(each.r),
                "s": quantity(each.s),
            }
            for each in transaction.authorization_list
        ]
    return fields


def effective_gas_price(transaction: SignedTransactionAPI, header: BlockHeaderAPI) -> int:
    """EIP-1559: base fee and tip, at most the maximum; wei per gas."""
    return min(transaction.max_fee_per_gas, header.base_fee_per_gas + transaction.max_priority_fee_per_gas)


def receipt(sealed: Sealed, index: int) -> JSON:
    """The receipt of a transaction."""
    transaction, receipt = sealed.transactions[index], sealed.receipts[index]
    created = transaction.to == CREATION
    return {
        "blockHash": data(sealed.hash),
        "blockNumber": quantity(sealed.number),
        "transactionHash": data(transaction.hash),
        "transactionIndex": quantity(index),
        "from": data(transaction.sender),
        "to": None if created else data(transaction.to),
        "contractAddress": data(generate_contract_address(transaction.sender, transaction.nonce)) if created else None,
        "status": quantity(int.from_bytes(receipt.state_root, "big")),
        "type": quantity(type_of(transaction)),
        "gasUsed": quantity(sealed.gas_used[index]),
        "cumulativeGasUsed": quantity(receipt.gas_used),
        "effectiveGasPrice": quantity(effective_gas_price(transaction, sealed.header)),
        "logsBloom": f"0x{receipt.bloom:0512x}",
        "logs": [log(sealed, each) for each in sealed.logs if each.transaction_index == index],
    }


def log(sealed: Sealed, emitted: Emitted) -> JSON:
    """A log of a sealed block."""
    return {
        "address": data(emitted.log.address),
        "topics": [word(topic) for topic in emitted.log.topics],
        "data": data(emitted.log.data),
        "blockHash": data(sealed.hash),
        "blockNumber": quantity(sealed.number),
        "blockTimestamp": quantity(sealed.header.timestamp),
        "transactionHash": data(sealed.transactions[emitted.transaction_index].hash),
        "transactionIndex": quantity(emitted.transaction_index),
        "logIndex": quantity(emitted.index),
        "removed": False,
    }
