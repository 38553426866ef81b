"""The standard methods: `eth_`, `net_`, `web3_`, `txpool_` and the raw forms of `debug_`."""

from __future__ import annotations

from typing import Any

import rlp
from eth_utils import keccak

from . import encode, execution, logs, parameters
from .chain import Sealed
from .errors import INVALID_PARAMS, RPCError
from .execution import Call
from .node import Node
from .parameters import LATEST, Address, BlockReference, Count, Data, Hash, Slot
from .transactions import CREATION

CLIENT_VERSION = "tallystick-devchain/1/py-evm"


class StandardMethods:
    """One method per JSON-RPC method. Parameters are read by the types declared here."""

    def __init__(self, node: Node) -> None:
        self._node = node

    # The endpoint

    def web3_clientVersion(self) -> str:
        return CLIENT_VERSION

    def web3_sha3(self, data: Data) -> str:
        return encode.data(keccak(data))

    def net_version(self) -> str:
        return str(self._node.settings.chain_id)

    def net_listening(self) -> bool:
        return True

    def net_peerCount(self) -> str:
        return encode.quantity(0)

    def eth_chainId(self) -> str:
        return encode.quantity(self._node.settings.chain_id)

    def eth_syncing(self) -> bool:
        return False

    def eth_accounts(self) -> list[str]:
        """None: the chain holds no keys."""
        return []

    # Blocks

    def eth_blockNumber(self) -> str:
        return encode.quantity(self._node.chain.head.number)

    def eth_getBlockByNumber(self, block: BlockReference, full: bool = False) -> Any:
        if block.tag == "pending":
            draft = self._node.pending()
            return encode.pending_block(draft.block().header, draft.transactions, full)
        sealed = self._node.resolve(block)
        return None if sealed is None else encode.block(sealed, full)

    def eth_getBlockByHash(self, hash: Hash, full: bool = False) -> Any:
        sealed = self._node.chain.with_hash(hash)
        return None if sealed is None else encode.block(sealed, full)

    def eth_getHeaderByNumber(self, block: BlockReference) -> Any:
        sealed = self._node.resolve(block)
        return None if sealed is None else encode.header(sealed.header) | {"hash": encode.data(sealed.hash)}

    def eth_getHeaderByHash(self, hash: Hash) -> Any:
        return self.eth_getHeaderByNumber(BlockReference(hash=hash))

    def eth_getBlockTransactionCountByNumber(self, block: BlockReference) -> str | None:
        if block.tag == "pending":
            return encode.quantity(len(self._node.pending().transactions))
        sealed = self._node.resolve(block)
        return None if sealed is None else encode.quantity(len(sealed.transactions))

    def eth_getBlockTransactionCountByHash(self, hash: Hash) -> str | None:
        return self.eth_getBlockTransactionCountByNumber(BlockReference(hash=hash))

    def eth_getBlockReceipts(self, block: BlockReference) -> Any:
        sealed = self._node.resolve(block)
        return None if sealed is None else [encode.receipt(sealed, index) for index in range(len(sealed.receipts))]

    # Transactions

    def eth_getTransactionByHash(self, hash: Hash) -> Any:
        position = self._node.chain.position(hash)
        if position is not None:
            return encode.transaction(position[0].transactions[position[1]], *position)
        waiting = self._node.pool.get(hash)
        return None if waiting is None else encode.transaction(waiting)

    def eth_getTransactionByBlockHashAndIndex(self, hash: Hash, index: Count) -> Any:
        return self.eth_getTransactionByBlockNumberAndIndex(BlockReference(hash=hash), index)

    def eth_getTransactionByBlockNumberAndIndex(self, block: BlockReference, index: Count) -> Any:
        sealed = self._node.resolve(block)
        if sealed is None or index >= len(sealed.transactions):
            return None
        return encode.transaction(sealed.transactions[index], sealed, index)

    def eth_getTransactionReceipt(self, hash: Hash) -> Any:
        position = self._node.chain.position(hash)
        return None if position is None else encode.receipt(*position)

    def eth_sendRawTransaction(self, raw: Data) -> str:
        return encode.data(self._node.send(raw))

    # State

    def eth_getTransactionCount(self, address: Address, block: BlockReference = LATEST) -> str:
        if block.tag == "pending":
            return encode.quantity(self._node.pool.next_nonce(address, self._node.state(LATEST)))
        return encode.quantity(self._node.state(block).get_nonce(address))

    def eth_getBalance(self, address: Address, block: BlockReference = LATEST) -> str:
        return encode.quantity(self._node.state(block).get_balance(address))

    def eth_getCode(self, address: Address, block: BlockReference = LATEST) -> str:
        return encode.data(self._node.state(block).get_code(address))

    def eth_getStorageAt(self, address: Address, slot: Slot, block: BlockReference = LATEST) -> str:
        return encode.word(self._node.state(block).get_storage(address, slot))

    # Execution

    def eth_call(
        self, call: dict[str, Any], block: BlockReference = LATEST, overrides: dict[str, Any] | None = None
    ) -> str:
        _refuse(overrides)
        with parameters.argument(0):
            message = self._message(call)
        vm = self._node.pending().vm if block.tag == "pending" else self._node.chain.vm(self._node.existing(block))
        return encode.data(execution.checked(execution.run(vm, message)))

    def eth_estimateGas(
        self, call: dict[str, Any], block: BlockReference = LATEST, overrides: dict[str, Any] | None = None
    ) -> str:
        _refuse(overrides)
        with parameters.argument(0):
            message = self._message(call)
        if block.tag == "pending":
            return encode.quantity(execution.estimate(lambda: self._node.pending().vm, message))
        sealed = self._node.existing(block)
        return encode.quantity(execution.estimate(lambda: self._node.chain.vm(sealed), message))

    def _message(self, fields: dict[str, Any]) -> Call:
        """A call object. Where no gas is given, as much as a block holds."""
        limit = self._node.settings.gas_limit

        def number(name: str, default: int = 0) -> int:
            return default if fields.get(name) is None else parameters.quantity(fields[name])

        data, input = fields.get("data"), fields.get("input")
        if data is not None and input is not None and data != input:
            raise RPCError(
                'both "data" and "input" are set and not equal. Please use "input" to pass transaction call data'
            )
        if fields.get("gasPrice") is not None and fields.get("maxFeePerGas") is not None:
            raise RPCError("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified")
        if fields.get("chainId") is not None and number("chainId") != self._node.settings.chain_id:
            raise RPCError(
                f"chainId does not match node's (have={number('chainId')}, want={self._node.settings.chain_id})"
            )
        price = number("gasPrice")
        accesses = tuple(
            (parameters.address(each["address"]), tuple(parameters.slot(key) for key in each["storageKeys"]))
            for each in fields.get("accessList") or ()
        )
        return Call(
            sender=bytes(20) if fields.get("from") is None else parameters.address(fields["from"]),
            to=CREATION if fields.get("to") is None else parameters.address(fields["to"]),
            gas=min(number("gas", limit), limit),
            value=number("value"),
            data=b"" if data is None and input is None else parameters.data(input if data is None else data),
            max_fee_per_gas=price or number("maxFeePerGas"),
            max_priority_fee_per_gas=price or number("maxPriorityFeePerGas"),
            access_list=accesses,
        )

    # Fees

    def eth_gasPrice(self) -> str:
        """Suggested tip on the next block's base fee."""
        base_fee = self._node.chain.next_base_fee(self._node.chain.head)
        return encode.quantity(base_fee + self._node.settings.priority_fee)

    def eth_maxPriorityFeePerGas(self) -> str:
        return encode.quantity(self._node.settings.priority_fee)

    def eth_blobBaseFee(self) -> str:
        return encode.quantity(1)

    def eth_feeHistory(self, count: Count, newest: BlockReference, percentiles: list[Any] | None = None) -> Any:
        percentiles = percentiles or []
        for lower, upper in zip([0, *percentiles], [*percentiles, 100]):
            if not all(isinstance(each, int | float) for each in (lower, upper)) or not lower <= upper:
                raise RPCError(f"invalid reward percentile: {percentiles}")
        last = self._node.resolve(newest)
        if last is None:
            head = self._node.chain.head.number
            raise RPCError(f"request beyond head block: requested {newest.number}, head {head}")
        count = Count(min(count, self._node.settings.limits.fee_history_blocks, last.number + 1))
        blocks = list(self._node.chain.blocks(last.number + 1 - count, last.number)) if count else []
        fees = [sealed.header.base_fee_per_gas for sealed in blocks]
        history: dict[str, Any] = {
            "oldestBlock": encode.quantity(last.number + 1 - count if count else 0),
            "baseFeePerGas": [
                encode.quantity(fee) for fee in fees + ([self._node.chain.next_base_fee(last)] if blocks else [])
            ],
            "gasUsedRatio": [sealed.header.gas_used / sealed.header.gas_limit for sealed in blocks],
            "baseFeePerBlobGas": [encode.quantity(1)] * (len(blocks) + 1 if blocks else 0),
            "blobGasUsedRatio": [0] * len(blocks),
        }
        if percentiles:
            history["reward"] = [_rewards(sealed, percentiles) for sealed in blocks]
        return history

    # Logs

    def eth_getLogs(self, filter: dict[str, Any]) -> list[Any]:
        with parameters.argument(0):
            return logs.find(self._node, filter)

    # Raw forms

    def debug_getRawHeader(self, block: BlockReference) -> str:
        return encode.data(rlp.encode(self._node.existing(block).header))

    def debug_getRawBlock(self, block: BlockReference) -> str:
        return encode.data(rlp.encode(self._node.existing(block).block))

    def debug_getRawReceipts(self, block: BlockReference) -> list[str]:
        return [encode.data(receipt.encode()) for receipt in self._node.existing(block).receipts]

    def debug_getRawTransaction(self, hash: Hash) -> str | None:
        position = self._node.chain.position(hash)
        found = self._node.pool.get(hash) if position is None else position[0].transactions[position[1]]
        return None if found is None else encode.data(found.encode())

    def eth_getRawTransactionByHash(self, hash: Hash) -> str | None:
        return self.debug_getRawTransaction(hash)

    # Pool

    def txpool_status(self) -> dict[str, str]:
        pending = len(self._node.pending().transactions)
        return {
            "pending": encode.quantity(pending),
            "queued": encode.quantity(len(self._node.pool) - pending),
        }


def _refuse(overrides: dict[str, Any] | None) -> None:
    if overrides:
        raise RPCError("state overrides are not supported", INVALID_PARAMS)


def _rewards(sealed: Sealed, percentiles: list[float]) -> list[str]:
    """Tips paid at those percentiles of the block's gas, wei per gas."""
    base_fee = sealed.header.base_fee_per_gas
    paid = sorted(
        (encode.effective_gas_price(each, sealed.header) - base_fee, gas)
        for each, gas in zip(sealed.transactions, sealed.gas_used)
    )
    rewards = []
    for percentile in percentiles:
        threshold, total, reward = int(sealed.header.gas_used * percentile / 100), 0, 0
        for reward, gas in paid:
            total += gas
            if total >= threshold:
                break
        rewards.append(encode.quantity(reward))
    return rewards
