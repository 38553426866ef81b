"""`eth_call` and `eth_estimateGas`: what a contract answers, and how much gas is enough."""

import pytest
from devchain import GWEI, DevChain, RPCError
from devchain_support import ALICE, CAROL, STRANGER, Probe, Wallet, probe_bytecode, unhex
from eth_abi import encode

ERROR = "0x08c379a0"
PANIC = "0x4e487b71"


@pytest.mark.parametrize(
    ("signature", "arguments", "message", "data"),
    [
        (
            "complain(string)",
            ("not today",),
            "execution reverted: not today",
            ERROR + encode(["string"], ["not today"]).hex(),
        ),
        ("fail_bare()", (), "execution reverted", "0x"),
        ("fail_raw(bytes)", (bytes.fromhex("c0ffee"),), "execution reverted", "0xc0ffee"),
        (
            "fail_raw(bytes)",
            (bytes.fromhex("4e487b71") + encode(["uint256"], [0x11]),),
            "execution reverted: arithmetic underflow or overflow",
            PANIC + encode(["uint256"], [0x11]).hex(),
        ),
        ("fail_raw(bytes)", (bytes.fromhex("08c379a0ff"),), "execution reverted", "0x08c379a0ff"),
    ],
)
def test_reverts_carry_their_data(probe: Probe, signature: str, arguments: tuple, message: str, data: str) -> None:
    for method in ("eth_call", "eth_estimateGas"):
        with pytest.raises(RPCError) as refusal:
            probe.chain.request(method, probe.message(signature, *arguments))
        assert refusal.value.body() == {"code": 3, "message": message, "data": data}


def test_calls_leave_no_trace(chain: DevChain, probe: Probe) -> None:
    before = chain.request("eth_getBlockByNumber", "latest")
    chain.request("eth_call", probe.message("look(uint256)", 9))
    assert probe.read("marks(uint256)", 9) == 0
    assert chain.request("eth_getBlockByNumber", "latest") == before


def test_calls_see_the_past(chain: DevChain, probe: Probe) -> None:
    numbers = [probe.transact("look(uint256)", 1)["blockNumber"] for _ in range(3)]
    times = [int(chain.request("eth_getBlockByNumber", number)["timestamp"], 16) for number in numbers]
    assert [probe.read("marks(uint256)", 1, block=number) for number in numbers] == times
    assert [probe.read("marks(uint256)", 1, block={"blockNumber": number}) for number in numbers] == times
    slot = chain.request("eth_getStorageAt", probe.address, "0x0", numbers[0])
    assert int(slot, 16) == times[0], "time is the first variable"
    assert chain.request("eth_getStorageAt", probe.address, "0x" + "00" * 32, numbers[2]) == f"0x{times[2]:064x}"
    with pytest.raises(RPCError, match="^header not found$"):
        probe.read("now()", block="0xffff")


def test_a_call_to_nobody_answers_nothing(chain: DevChain) -> None:
    assert chain.request("eth_call", {"to": STRANGER, "data": "0x1234"}) == "0x"
    assert chain.request("eth_call", {"to": STRANGER, "input": "0x1234", "value": "0x0"}) == "0x"


def test_a_creation_answers_the_code(chain: DevChain, probe: Probe) -> None:
    created = chain.request("eth_call", {"data": "0x" + probe_bytecode().hex()})
    assert created == chain.request("eth_getCode", probe.address)


@pytest.mark.parametrize(
    ("call", "code", "message"),
    [
        (
            {"from": CAROL.address, "to": STRANGER, "value": "0x5"},
            -32000,
            f"insufficient funds for gas * price + value: address {CAROL.address.lower()} have 0 want 5",
        ),
        ({"to": STRANGER, "gas": "0x5207"}, -32000, "intrinsic gas too low: have 20999, want 21000"),
        ({"to": STRANGER, "maxFeePerGas": "0x1"}, -32000, None),
        ({"data": "0xfe"}, -32000, "invalid opcode"),
        ({"data": "0x5b600056", "gas": "0x186a0"}, -32000, "out of gas"),
        ({"data": "0x6000565b"}, -32000, "invalid jump destination"),
        ({"data": "0x50"}, -32000, "stack underflow"),
        ({"to": "0x12"}, -32602, "invalid argument 0: hex string has length 2, want 40 for address"),
        ({"to": STRANGER, "chainId": "0x1"}, -32000, "chainId does not match node's (have=1, want=31337)"),
        ({"to": STRANGER, "value": "0x01"}, -32602, "invalid argument 0: hex number with leading zero digits"),
        ({"to": STRANGER, "gasPrice": "0x1", "maxFeePerGas": "0x1"}, -32000, None),
        ({"to": STRANGER, "data": "0x01", "input": "0x02"}, -32000, None),
    ],
)
def test_calls_that_cannot_be(chain: DevChain, call: dict, code: int, message: str | None) -> None:
    with pytest.raises(RPCError) as refusal:
        chain.request("eth_call", call)
    assert refusal.value.code == code
    assert message is None or refusal.value.message == message


def enough(wallet: Wallet, gas: int, call: dict) -> bool:
    """Whether a transaction with that gas succeeds; the chain is put back afterwards."""
    chain = wallet.chain
    fields = {"gas": gas, "value": int(call.get("value", "0x0"), 16), "data": unhex(call.get("data", "0x"))}
    sent = wallet.send(to=call.get("to"), **fields)
    status = chain.request("eth_getTransactionReceipt", sent)["status"]
    chain.request("devchain_reorganise", 1, {"drop": [sent]})
    return status == "0x1"


@pytest.mark.parametrize(
    ("signature", "arguments", "slack"),
    [
        ("look(uint256)", (1,), 0),
        ("fill(uint256)", (20,), 0),
        ("clear(uint256)", (20,), 0),  # Refunds: the gas used is less than the gas needed.
        ("many(uint256)", (30,), 0),
        ("descend(uint256)", (12,), 0.015),  # The gas used is not enough: each level keeps 1/64 back.
        ("wants(uint256)", (1_000_000,), 0.015),  # Nor here: the contract asks how much there is.
    ],
)
def test_estimates_are_enough_and_hardly_more(
    chain: DevChain, alice: Wallet, probe: Probe, signature: str, arguments: tuple, slack: float
) -> None:
    if signature.startswith("clear"):
        probe.transact("fill(uint256)", 20)
    call = probe.message(signature, *arguments)
    estimate = int(chain.request("eth_estimateGas", call), 16)
    assert enough(alice, estimate, call)
    assert not enough(alice, int(estimate * (1 - slack)) - 1, call)


def test_the_hard_estimates_are_hard(chain: DevChain, alice: Wallet, probe: Probe) -> None:
    """Otherwise the cases above would prove nothing: the gas that these use is not enough to run them."""
    probe.transact("fill(uint256)", 20)
    for signature, argument in (("clear(uint256)", 20), ("descend(uint256)", 12), ("wants(uint256)", 1_000_000)):
        call = probe.message(signature, argument)
        estimate = int(chain.request("eth_estimateGas", call), 16)
        sent = probe.send(signature, argument, gas=estimate)
        used = int(chain.request("eth_getTransactionReceipt", sent)["gasUsed"], 16)
        chain.request("devchain_reorganise", 1, {"drop": [sent]})
        assert used < estimate and not enough(alice, used, call)


def test_estimates_of_transfers_creations_and_long_data(chain: DevChain, alice: Wallet) -> None:
    transfer = {"from": ALICE.address, "to": STRANGER, "value": "0x1"}
    assert chain.request("eth_estimateGas", transfer) == hex(21_000)
    long = transfer | {"data": "0x" + "01" * 1000}
    assert chain.request("eth_estimateGas", long) == hex(21_000 + 40 * 1000), "the floor of EIP-7623"
    creation = {"from": ALICE.address, "data": "0x" + probe_bytecode().hex()}
    estimate = int(chain.request("eth_estimateGas", creation), 16)
    assert enough(alice, estimate, creation) and not enough(alice, estimate - 1, creation)


def test_estimates_that_cannot_be(chain: DevChain, probe: Probe) -> None:
    with pytest.raises(RPCError, match=r"^gas required exceeds allowance \(30000\)$"):
        chain.request("eth_estimateGas", probe.message("fill(uint256)", 20) | {"gas": hex(30_000)})
    with pytest.raises(RPCError, match=r"^gas required exceeds allowance \(0\)$"):
        call = {"from": CAROL.address, "to": STRANGER, "maxFeePerGas": hex(2 * GWEI)}
        chain.request("eth_estimateGas", call)


def test_pending_counts_what_waits(chain: DevChain, alice: Wallet, probe: Probe) -> None:
    chain.request("devchain_hold")
    probe.send("look(uint256)", 4)
    assert probe.read("marks(uint256)", 4) == 0
    assert probe.read("marks(uint256)", 4, block="pending") == 1_700_000_002
    assert int(chain.request("eth_estimateGas", probe.message("look(uint256)", 4), "pending"), 16) > 21_000
