"""Another implementation of the EVM (revm) charges the same gas and logs the same."""

import pyrevm
import pytest
from devchain import DevChain
from devchain_support import ALICE, Probe, calldata, probe_bytecode


@pytest.mark.parametrize(
    ("signature", "arguments"),
    [
        ("fill(uint256)", (20,)),
        ("clear(uint256)", (20,)),
        ("descend(uint256)", (12,)),
        ("many(uint256)", (9,)),
        ("wants(uint256)", (1000,)),
        ("wants(uint256)", (10_000_000,)),
        ("fail_bare()", ()),
    ],
)
def test_gas_and_logs(chain: DevChain, probe: Probe, signature: str, arguments: tuple) -> None:
    evm = pyrevm.EVM(spec_id="CANCUN")
    evm.set_balance(ALICE.address, 10**20)
    address = evm.deploy(ALICE.address, probe_bytecode(), gas=2_000_000)
    deployment = chain.request("eth_getBlockReceipts", "0x1")[0]
    assert (address, hex(evm.result.gas_used)) == (probe.address, deployment["gasUsed"])
    ours = probe.transact(signature, *arguments)
    try:
        evm.message_call(ALICE.address, address, calldata=calldata(signature, *arguments), gas=2_000_000)
    except RuntimeError:
        assert ours["status"] == "0x0"
    data = calldata(signature, *arguments)
    floor = 21_000 + 10 * (4 * len(data) - 3 * data.count(0))  # EIP-7623 is younger than this revm.
    assert int(ours["gasUsed"], 16) == max(evm.result.gas_used, floor)
    assert evm.result.is_success == (ours["status"] == "0x1")
    assert [[each.address.lower(), each.topics] for each in evm.result.logs] == [
        [each["address"], each["topics"]] for each in ours["logs"]
    ]
