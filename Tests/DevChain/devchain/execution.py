"""Running a call without making a block: `eth_call` and `eth_estimateGas`.

The machine stands where a node's does: in the context (time, number, base fee) of the block asked about, on the state
after it. py-evm's own helpers run in a next block that happens now by the machine's clock, so they are not used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from eth.abc import ComputationAPI, VirtualMachineAPI
from eth.exceptions import (
    FullStack,
    InsufficientStack,
    InvalidInstruction,
    InvalidJumpDestination,
    OutOfGas,
    Revert,
    VMError,
    WriteProtection,
)
from eth.vm.forks.berlin.transactions import calculate_txn_intrinsic_gas_berlin
from eth_abi import decode
from eth_abi.exceptions import DecodingError

from .errors import EXECUTION_REVERTED, RPCError
from .transactions import floor_gas, intrinsic_gas

CALL_STIPEND = 2300
"""Gas that a call with value gives its callee for nothing."""
ESTIMATE_TOLERANCE = 0.015
"""By how much, relatively, an estimate may exceed the least gas that works; geth's figure."""
REVERT_REASON = bytes.fromhex("08c379a0")
"""Selector of `Error(string)`."""
PANIC = bytes.fromhex("4e487b71")
"""Selector of `Panic(uint256)`."""
PANICS = {
    0x00: "generic panic",
    0x01: "assert(false)",
    0x11: "arithmetic underflow or overflow",
    0x12: "division or modulo by zero",
    0x21: "enum overflow",
    0x22: "invalid encoded storage byte array accessed",
    0x31: "out-of-bounds array access; popping on an empty array",
    0x32: "out-of-bounds access of an array or bytesN",
    0x41: "out of memory",
    0x51: "uninitialized function",
}
"""What Solidity's panic codes mean."""
FAULTS: dict[type[VMError], str] = {
    OutOfGas: "out of gas",
    InvalidInstruction: "invalid opcode",
    InvalidJumpDestination: "invalid jump destination",
    InsufficientStack: "stack underflow",
    FullStack: "stack limit reached",
    WriteProtection: "write protection",
}
"""Faults of the machine in geth's words."""


@dataclass(frozen=True)
class Call:
    """A message from outside that nobody signed. Has the attributes that py-evm reads from a transaction."""

    sender: bytes
    to: bytes
    gas: int
    value: int = 0
    data: bytes = field(default=b"", repr=False)
    max_fee_per_gas: int = 0
    max_priority_fee_per_gas: int = 0
    access_list: tuple[tuple[bytes, tuple[int, ...]], ...] = ()
    type_id: int = 2

    @property
    def intrinsic_gas(self) -> int:
        return calculate_txn_intrinsic_gas_berlin(self)


@dataclass(frozen=True)
class Execution:
    """What became of a call."""

    output: bytes
    error: VMError | None
    gas_used: int
    """Net of refunds, never below EIP-7623's floor."""
    gas_spent: int
    """Before refunds: at least this much was there to be spent."""


def run(vm: VirtualMachineAPI, call: Call) -> Execution:
    """Runs a call on a machine, which is spent afterwards."""
    state = vm.state
    base_fee = state.execution_context.base_fee_per_gas
    if 0 < call.max_fee_per_gas < base_fee:
        raise RPCError(
            f"max fee per gas less than block base fee: address 0x{call.sender.hex()}, "
            f"maxFeePerGas: {call.max_fee_per_gas}, baseFee: {base_fee}"
        )
    balance, cost = state.get_balance(call.sender), call.gas * call.max_fee_per_gas + call.value
    if balance < cost:
        raise RPCError(
            f"insufficient funds for gas * price + value: address 0x{call.sender.hex()} have {balance} want {cost}"
        )
    needed = max(intrinsic_gas(call), floor_gas(call.data))
    if call.gas < needed:
        raise RPCError(f"intrinsic gas too low: have {call.gas}, want {needed}")
    executor = state.get_transaction_executor()
    computation: ComputationAPI = executor.build_computation(executor.build_evm_message(call), call)
    spent = call.gas - computation.get_gas_remaining()
    used = spent - executor.calculate_gas_refund(computation, spent)
    error = computation.error if computation.is_error else None
    return Execution(computation.output, error, max(used, floor_gas(call.data)), spent)


def checked(execution: Execution) -> bytes:
    """The output of a call that went well; otherwise the error a node answers."""
    if execution.error is None:
        return execution.output
    if isinstance(execution.error, Revert):
        reason = _reason(execution.output)
        message = "execution reverted" + (f": {reason}" if reason else "")
        raise RPCError(message, EXECUTION_REVERTED, "0x" + execution.output.hex())
    raise RPCError(FAULTS.get(type(execution.error), str(execution.error)))


def estimate(new_vm: Callable[[], VirtualMachineAPI], call: Call) -> int:
    """Gas that is enough for the call, at most 1.5 % more than the least that is; `call.gas` is the upper bound.

    The gas spent, refunds not deducted, is where the search begins. It need not be enough, since a contract can pass on
    no more than 63/64 of what it has and may ask how much is left.
    """
    if call.max_fee_per_gas > 0:
        affordable = max(new_vm().state.get_balance(call.sender) - call.value, 0) // call.max_fee_per_gas
        call = replace(call, gas=min(call.gas, affordable))
    if call.gas < intrinsic_gas(call):
        raise RPCError(f"gas required exceeds allowance ({call.gas})")
    first = run(new_vm(), call)
    if isinstance(first.error, OutOfGas):
        raise RPCError(f"gas required exceeds allowance ({call.gas})")
    checked(first)

    def suffices(gas: int) -> bool:
        return run(new_vm(), replace(call, gas=gas)).error is None

    start = max(first.gas_spent, floor_gas(call.data))
    if suffices(start):
        return start
    failing, enough = start, call.gas
    likely = (first.gas_spent + CALL_STIPEND) * 64 // 63
    if likely < enough:
        failing, enough = (failing, likely) if suffices(likely) else (likely, enough)
    return _search(suffices, failing, enough)


def _search(suffices: Callable[[int], bool], failing: int, enough: int) -> int:
    while failing + 1 < enough and (enough - failing) / enough >= ESTIMATE_TOLERANCE:
        middle = min((failing + enough) // 2, 2 * failing)
        failing, enough = (failing, middle) if suffices(middle) else (middle, enough)
    return enough


def _reason(output: bytes) -> str | None:
    try:
        if output.startswith(REVERT_REASON):
            return decode(["string"], output[4:])[0]
        if output.startswith(PANIC):
            (code,) = decode(["uint256"], output[4:])
            return PANICS.get(code, f"unknown panic code: {code:#x}")
    except (DecodingError, UnicodeDecodeError):
        pass
    return None
