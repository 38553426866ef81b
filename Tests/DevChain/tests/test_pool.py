"""Who may wait for a block, what happens while waiting, and what the endpoint remembers having seen."""

import pytest
import rlp
from devchain import ETHER, GWEI, DevChain, RPCError
from devchain_support import ALICE, BOB, BURN, CAROL, STRANGER, Wallet, hash_of, sign
from eth_keys.constants import SECPK1_N


def high_s() -> str:
    """Alice's transfer with the other of the two signatures that the curve allows (EIP-2)."""
    raw = bytes.fromhex(sign(ALICE)[2:])
    fields = rlp.decode(raw[1:])
    fields[-1] = (SECPK1_N - int.from_bytes(fields[-1], "big")).to_bytes(32, "big")
    fields[-3] = b"" if fields[-3] else b"\x01"
    return "0x" + (raw[:1] + rlp.encode(fields)).hex()


def leading_zero() -> str:
    """Bob's transfer with its value written in two bytes where one is enough."""
    raw = bytes.fromhex(sign(BOB)[2:])
    fields = rlp.decode(raw[1:])
    fields[6] = b"\x00" + fields[6]
    return "0x" + (raw[:1] + rlp.encode(fields)).hex()


REFUSALS = {
    "nonce too low": (lambda: sign(ALICE, value=2), "nonce too low: next nonce 1, tx nonce 0"),
    "wrong chain": (
        lambda: sign(BOB, chain_id=1),
        "invalid sender: invalid chain id for signer: have 1 want 31337",
    ),
    "no chain": (
        lambda: sign(BOB, chainId=None, gasPrice=2 * GWEI),
        "only replay-protected (EIP-155) transactions allowed over RPC",
    ),
    "no funds": (
        lambda: sign(CAROL, value=7),
        "insufficient funds for gas * price + value: balance 0, tx cost 210000000000007, overshot 210000000000007",
    ),
    "value beyond balance": (
        lambda: sign(BOB, value=100 * ETHER),
        "insufficient funds for gas * price + value: balance 100000000000000000000, "
        "tx cost 100000210000000000000, overshot 210000000000000",
    ),
    "tip above cap": (
        lambda: sign(BOB, maxFeePerGas=GWEI, maxPriorityFeePerGas=2 * GWEI),
        "max priority fee per gas higher than max fee per gas",
    ),
    "no tip": (
        lambda: sign(BOB, maxPriorityFeePerGas=0),
        "transaction gas price below minimum: gas tip cap 0, minimum needed 1",
    ),
    "too little gas": (lambda: sign(BOB, gas=20_999), "intrinsic gas too low: gas 20999, minimum needed 21000"),
    "too little gas for data": (
        lambda: sign(BOB, gas=25_000, data=b"\x01" * 200),
        "insufficient gas for floor data gas cost: gas 25000, minimum needed 29000",
    ),
    "too little gas for init code": (
        lambda: sign(BOB, to=None, gas=54_027, data=b"\x01" * 64),
        "intrinsic gas too low: gas 54027, minimum needed 54028",
    ),
    "leading zero": (leading_zero, None),
    "too much gas": (lambda: sign(BOB, gas=30_000_001), "exceeds block gas limit"),
    "absurd fee": (
        lambda: sign(BOB, gas=100_000, maxFeePerGas=20_000 * GWEI),
        "tx fee (2.00 ether) exceeds the configured cap (1.00 ether)",
    ),
    "too long": (
        lambda: sign(BOB, gas=10_000_000, data=bytes(131_072)),
        "oversized data: transaction size 131190, limit 131072",
    ),
    "init code too long": (
        lambda: sign(BOB, to=None, gas=10_000_000, data=bytes(49_153)),
        "max initcode size exceeded: code size 49153 limit 49152",
    ),
    "high s": (high_s, "invalid sender: invalid transaction v, r, s values"),
    "blob type": (lambda: "0x03c0", "transaction type not supported"),
    "unknown type": (lambda: "0x7fc0", "transaction type not supported"),
    "empty": (lambda: "0x", "typed transaction too short"),
    "trailing byte": (lambda: sign(BOB) + "00", None),
    "cut short": (lambda: sign(BOB)[:-2], None),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(chain: DevChain, alice: Wallet, name: str) -> None:
    alice.send()
    make, message = REFUSALS[name]
    with pytest.raises(RPCError) as refusal:
        chain.request("eth_sendRawTransaction", make())
    assert refusal.value.code == -32000
    if message is None:
        assert refusal.value.message.startswith("rlp: ")
    else:
        assert refusal.value.message == message
    assert chain.request("devchain_pool") == []
    assert chain.request("eth_blockNumber") == "0x1"


def test_held_transactions_wait_for_release(chain: DevChain, alice: Wallet, bob: Wallet) -> None:
    chain.request("devchain_hold")
    sent = [alice.send(), bob.send(), alice.send()]
    assert chain.request("eth_blockNumber") == "0x0"
    assert [each["hash"] for each in chain.request("devchain_pool")] == sent
    assert chain.request("eth_getTransactionReceipt", sent[0]) is None
    assert chain.request("eth_getTransactionByHash", sent[0])["blockNumber"] is None
    assert chain.request("eth_getTransactionCount", ALICE.address) == "0x0"
    assert chain.request("eth_getTransactionCount", ALICE.address, "pending") == "0x2"
    assert chain.request("eth_getBlockByNumber", "pending")["transactions"] == sent
    assert int(chain.request("eth_getBalance", STRANGER, "pending"), 16) == 3
    assert chain.request("eth_getBalance", STRANGER) == "0x0"
    assert chain.request("txpool_status") == {"pending": "0x3", "queued": "0x0"}
    chain.request("devchain_release")
    assert chain.request("eth_getBlockByNumber", "0x1")["transactions"] == sent
    assert chain.request("devchain_pool") == []
    assert int(chain.request("eth_getBalance", STRANGER), 16) == 3


def test_mining_by_hand_while_held(chain: DevChain, alice: Wallet) -> None:
    chain.request("devchain_setAutomine", False)
    sent = alice.send()
    first, second = chain.request("devchain_mine", 2)
    assert chain.request("eth_getBlockByHash", first)["transactions"] == [sent]
    assert chain.request("eth_getBlockByHash", second)["transactions"] == []
    alice.send()
    assert chain.request("eth_blockNumber") == "0x2"


def test_replacement(chain: DevChain) -> None:
    chain.request("devchain_hold")
    fees = {"maxFeePerGas": 10 * GWEI, "maxPriorityFeePerGas": GWEI}
    original = chain.request("eth_sendRawTransaction", sign(ALICE, **fees))
    with pytest.raises(RPCError, match="^already known$"):
        chain.request("eth_sendRawTransaction", sign(ALICE, **fees))
    for change in (
        {"maxFeePerGas": 11 * GWEI},
        {"maxPriorityFeePerGas": 2 * GWEI},
        {"maxFeePerGas": 11 * GWEI - 1, "maxPriorityFeePerGas": 11 * GWEI // 10},
        {"value": 3},
    ):
        with pytest.raises(RPCError, match="^replacement transaction underpriced$"):
            chain.request("eth_sendRawTransaction", sign(ALICE, **fees | change))
    better = sign(ALICE, maxFeePerGas=11 * GWEI, maxPriorityFeePerGas=11 * GWEI // 10)
    chain.request("eth_sendRawTransaction", better)
    assert chain.request("eth_getTransactionByHash", original) is None
    chain.request("devchain_release")
    assert chain.request("eth_getBlockByNumber", "latest")["transactions"] == [hash_of(better)]


def test_a_nonce_gap_waits_until_it_is_filled(chain: DevChain) -> None:
    late = chain.request("eth_sendRawTransaction", sign(ALICE, nonce=1))
    assert chain.request("eth_blockNumber") == "0x0"
    assert chain.request("eth_getTransactionCount", ALICE.address, "pending") == "0x0"
    assert chain.request("txpool_status") == {"pending": "0x0", "queued": "0x1"}
    early = chain.request("eth_sendRawTransaction", sign(ALICE, nonce=0))
    assert chain.request("eth_getBlockByNumber", "0x1")["transactions"] == [early, late]


def test_what_waits_is_paid_for_once(chain: DevChain) -> None:
    """Together, an account's waiting transactions may not cost more than it has."""
    chain.request("devchain_hold")
    chain.request("eth_sendRawTransaction", sign(ALICE, nonce=0, value=60 * ETHER))
    with pytest.raises(RPCError, match="insufficient funds .* queued cost 60000210000000000000, "):
        chain.request("eth_sendRawTransaction", sign(ALICE, nonce=1, value=60 * ETHER))
    chain.request("eth_sendRawTransaction", sign(ALICE, nonce=1, value=30 * ETHER))


def test_a_full_block_leaves_the_rest_for_the_next(chain: DevChain) -> None:
    chain.request("devchain_hold")
    sent = [
        chain.request("eth_sendRawTransaction", sign(ALICE, nonce=nonce, gas=12_000_000, maxFeePerGas=2 * GWEI))
        for nonce in range(4)
    ]
    chain.request("devchain_mine")
    # Gas that was asked for and not used is free again for the next transaction.
    assert chain.request("eth_getBlockByNumber", "0x1")["transactions"] == sent
    for nonce in range(4, 7):
        chain.request(
            "eth_sendRawTransaction",
            sign(ALICE, nonce=nonce, to=None, value=0, gas=12_000_000, maxFeePerGas=2 * GWEI, data=BURN),
        )
    chain.request("devchain_release")
    counts = [len(chain.request("eth_getBlockByNumber", hex(n))["transactions"]) for n in (2, 3)]
    assert counts == [2, 1]
    assert chain.request("devchain_pool") == []


def test_a_transaction_below_the_base_fee_waits(chain: DevChain) -> None:
    poor = chain.request("eth_sendRawTransaction", sign(ALICE, maxFeePerGas=700_000_000, maxPriorityFeePerGas=1))
    assert chain.request("eth_blockNumber") == "0x0"
    chain.request("devchain_mine", 3)  # The base fee falls by an eighth per empty block: 875, 766, 670 million.
    receipt = chain.request("eth_getTransactionReceipt", poor)
    assert receipt["blockNumber"] == "0x3"
    assert int(receipt["effectiveGasPrice"], 16) == 669_921_875 + 1


def test_dropping_what_waits(chain: DevChain) -> None:
    chain.request("devchain_hold")
    sent = [chain.request("eth_sendRawTransaction", sign(ALICE, nonce=nonce)) for nonce in range(3)]
    assert chain.request("devchain_dropPending", sent[1]) == [sent[1]]
    assert chain.request("devchain_dropPending", sent[1]) == []
    assert chain.request("eth_getTransactionCount", ALICE.address, "pending") == "0x1"
    assert chain.request("devchain_dropPending") == [sent[0], sent[2]]
    chain.request("devchain_release")
    assert chain.request("eth_blockNumber") == "0x0"


def test_the_endpoint_remembers_all_it_was_sent(chain: DevChain) -> None:
    chain.request("devchain_hold")
    good, bad = sign(ALICE), sign(CAROL)
    chain.request("eth_sendRawTransaction", good)
    for raw, message in ((good, "already known"), (bad, "insufficient funds"), ("0x7f", "too short")):
        with pytest.raises(RPCError, match=message):
            chain.request("eth_sendRawTransaction", raw)
    seen = chain.request("devchain_received")
    assert [(each["hash"], each["raw"], each["count"]) for each in seen] == [
        (hash_of(good), good, 2),
        (hash_of(bad), bad, 1),
        (hash_of("0x7f"), "0x7f", 1),
    ]
    assert seen[0]["errors"] == [None, "already known"]
    assert chain.request("devchain_received", hash_of(bad)) == [seen[1]]
