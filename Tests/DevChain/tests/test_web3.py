"""web3.py, as a client from outside, does everything a client does."""

from pathlib import Path

import pytest
import vyper
from devchain import ETHER, GWEI, DevChain
from devchain_support import ALICE, BOB, STRANGER
from web3 import HTTPProvider, Web3
from web3.exceptions import ContractLogicError, TransactionNotFound, Web3RPCError

PROBE = (Path(__file__).parent / "Probe.vy").read_text()


@pytest.fixture
def web3(listening: DevChain) -> Web3:
    return Web3(HTTPProvider(listening.url))


def test_a_full_round(web3: Web3) -> None:
    assert web3.is_connected()
    assert web3.eth.chain_id == 31337
    assert web3.net.version == "31337"
    assert web3.client_version.startswith("tallystick-devchain")
    assert web3.eth.syncing is False
    assert web3.eth.get_balance(ALICE.address) == 100 * ETHER

    # A type-2 transfer, with nonce, gas and fees as web3.py finds them.
    transfer = {"from": ALICE.address, "to": BOB.address, "value": 5, "nonce": 0, "chainId": web3.eth.chain_id}
    transfer["gas"] = web3.eth.estimate_gas(transfer)
    base_fee = web3.eth.get_block("latest")["baseFeePerGas"]
    transfer["maxPriorityFeePerGas"] = web3.eth.max_priority_fee
    transfer["maxFeePerGas"] = 2 * base_fee + transfer["maxPriorityFeePerGas"]
    sent = web3.eth.send_raw_transaction(ALICE.sign_transaction(transfer).raw_transaction)
    receipt = web3.eth.wait_for_transaction_receipt(sent)
    assert (receipt["status"], receipt["gasUsed"], receipt["type"]) == (1, 21_000, 2)
    assert web3.eth.get_balance(BOB.address) == 100 * ETHER + 5
    spent = 5 + 21_000 * receipt["effectiveGasPrice"]
    assert web3.eth.get_balance(ALICE.address) == 100 * ETHER - spent
    assert web3.eth.get_balance(ALICE.address, 0) == 100 * ETHER
    assert web3.eth.get_transaction(sent)["blockHash"] == receipt["blockHash"]
    assert web3.eth.get_transaction_count(ALICE.address) == 1

    # A contract: deployed, written, read, its logs found, its refusal understood.
    compiled = vyper.compile_code(PROBE, output_formats=["abi", "bytecode"])
    factory = web3.eth.contract(abi=compiled["abi"], bytecode=compiled["bytecode"])

    def transact(function: object, nonce: int) -> object:
        built = function.build_transaction({"from": ALICE.address, "nonce": nonce})
        signed = ALICE.sign_transaction(built)
        return web3.eth.wait_for_transaction_receipt(web3.eth.send_raw_transaction(signed.raw_transaction))

    probe = web3.eth.contract(transact(factory.constructor(), 1)["contractAddress"], abi=compiled["abi"])
    assert len(web3.eth.get_code(probe.address)) > 100
    done = transact(probe.functions.look(7), 2)
    (event,) = probe.events.Seen().process_receipt(done)
    time = web3.eth.get_block(done["blockNumber"])["timestamp"]
    assert dict(event["args"]) == {"who": ALICE.address, "mark": 7, "time": time}
    assert probe.functions.marks(7).call() == time
    assert [each["args"]["mark"] for each in probe.events.Seen.get_logs(from_block=0)] == [7]
    assert list(probe.events.Seen.get_logs(from_block=0, argument_filters={"mark": 8})) == []
    with pytest.raises(ContractLogicError, match="execution reverted: not today"):
        probe.functions.complain("not today").call()
    with pytest.raises(ContractLogicError, match="execution reverted: not today"):
        probe.functions.complain("not today").estimate_gas({"from": ALICE.address})

    # Blocks, fees, and what is not there.
    block = web3.eth.get_block("latest", full_transactions=True)
    assert block["transactions"][0]["hash"] == done["transactionHash"]
    assert web3.eth.get_block(block["hash"])["number"] == block["number"] == web3.eth.block_number
    history = web3.eth.fee_history(3, "latest", [50])
    assert len(history["baseFeePerGas"]) == 4
    assert history["reward"] == [[GWEI]] * 3
    assert web3.eth.gas_price > history["baseFeePerGas"][-1]
    with pytest.raises(TransactionNotFound):
        web3.eth.get_transaction_receipt(bytes(32))
    with pytest.raises(Web3RPCError, match="nonce too low"):
        web3.eth.send_raw_transaction(ALICE.sign_transaction(transfer | {"value": 6}).raw_transaction)


def test_legacy_and_access_list_transactions(web3: Web3) -> None:
    fields = {"to": STRANGER, "value": 1, "gas": 30_000, "gasPrice": 2 * GWEI, "chainId": 31337}
    for nonce, kind in enumerate(
        ({}, {"type": 1, "accessList": [{"address": STRANGER, "storageKeys": ["0x" + "00" * 32]}]})
    ):
        signed = ALICE.sign_transaction(fields | kind | {"nonce": nonce})
        receipt = web3.eth.wait_for_transaction_receipt(web3.eth.send_raw_transaction(signed.raw_transaction))
        assert (receipt["status"], receipt["type"], receipt["effectiveGasPrice"]) == (1, nonce, 2 * GWEI)
        assert web3.eth.get_transaction(receipt["transactionHash"])["type"] == nonce
    assert receipt["gasUsed"] == 21_000 + 2_400 + 1_900


def test_set_code_transactions(web3: Web3, listening: DevChain) -> None:
    """EIP-7702: Bob lets his account run a contract's code, and Alice carries it to the chain."""
    authorization = BOB.sign_authorization({"chainId": 31337, "address": STRANGER, "nonce": 0})
    fields = {"type": 4, "to": BOB.address, "value": 0, "gas": 100_000, "nonce": 0, "chainId": 31337}
    fields |= {"maxFeePerGas": 3 * GWEI, "maxPriorityFeePerGas": GWEI, "authorizationList": [authorization]}
    sent = web3.eth.send_raw_transaction(ALICE.sign_transaction(fields).raw_transaction)
    assert web3.eth.get_transaction_receipt(sent)["status"] == 1
    assert web3.eth.get_code(BOB.address) == bytes.fromhex("ef0100" + STRANGER[2:])
    (shown,) = listening.request("eth_getTransactionByHash", "0x" + sent.hex())["authorizationList"]
    assert (shown["address"], shown["nonce"]) == (STRANGER, "0x0")
    # An account with such code still sends transactions of its own.
    plain = {"to": STRANGER, "value": 1, "gas": 21_000, "gasPrice": 3 * GWEI, "chainId": 31337, "nonce": 1}
    own = web3.eth.send_raw_transaction(BOB.sign_transaction(plain).raw_transaction)
    assert web3.eth.get_transaction_receipt(own)["status"] == 1
