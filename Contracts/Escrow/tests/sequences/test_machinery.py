"""What the walks stand on: the EVM that pyrevm really runs, fast signing, hashing and encoding."""

import pyrevm
import pytest
from eth_keys.backends import CoinCurveECCBackend

from evm import Revm
from sequences.messages import type_hash, type_string
from sequences.stage import Reader, Stage
from terms import BUYER, TYPES, Domain, european_call

CALLER = "0x" + "bb" * 20
# Each answers one word if the opcode exists.
CANCUN = {
    "PUSH0": "5f5f5260205ff3",
    "TSTORE": "60075f5d5f5c5f5260205ff3",
    "BLOBHASH": "5f495f5260205ff3",
    "MCOPY": "60075f5260205f60205e60205ff3",
    "BLOBBASEFEE": "4a5f5260205ff3",
}
LATER = {"CLZ": "60011e5f5260205ff3"}
# The size of the BLS12-381 addition's answer: 128 from Prague on, where address 11 is one.
BLS_SIZE = "60805f6101005f5f600b62ffffff f1503d5f5260205ff3".replace(" ", "")


def run(spec: str, code: str) -> int:
    evm = pyrevm.EVM(spec_id=spec)
    body = bytes.fromhex(code)
    init = bytes.fromhex(f"60{len(body):02x}600c60003960{len(body):02x}6000f3") + body
    output = evm.message_call(CALLER, evm.deploy(CALLER, init))
    return int.from_bytes(output, "big")


def test_what_pyrevm_runs_is_cancun():
    """It takes any name for a fork and runs one: the opcodes tell which."""
    for code in CANCUN.values():
        run("CANCUN", code)
    assert run("CANCUN", CANCUN["TSTORE"]) == 7
    with pytest.raises(RuntimeError):
        run("CANCUN", LATER["CLZ"])
    assert run("CANCUN", BLS_SIZE) == 0


def test_transient_storage_ends_with_the_transaction():
    world = Revm()
    body = bytes.fromhex("5f5c5f5260075f5d60205ff3")  # answers what was stored before, then stores 7
    init = bytes.fromhex(f"60{len(body):02x}600c60003960{len(body):02x}6000f3") + body
    address = world.deploy(init)
    for _ in range(2):
        assert world.send(address, b"").output == bytes(32)


def test_coincurve_signs():
    assert isinstance(BUYER.key.backend, CoinCurveECCBackend)


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(Revm())


def test_fast_digests_are_eth_accounts(stage):
    domain = Domain(stage.chain.chain_id, stage.factory.address)
    terms = european_call(stage.factory.address)
    assert stage.messages.digest("OptionTerms", terms.message()) == domain.digest(
        "OptionTerms", terms.message()
    )
    samples = {"address": BUYER.address, "bytes32": b"\x05" * 32}
    for primary in TYPES.keys() - {"EIP712Domain", "OptionTerms", "Economics", "Escrow"}:
        values = [samples.get(field["type"], index + 3) for index, field in enumerate(TYPES[primary])]
        names = [field["name"] for field in TYPES[primary]]
        assert stage.messages.of(primary, *values) == domain.digest(primary, dict(zip(names, values)))


def test_a_type_string_ends_with_the_types_in_it():
    assert type_string("Cancellation") == (
        "Cancellation(bytes32 agreementId,uint64 version,address party,uint64 validUntil)"
    )
    assert len({type_hash(name) for name in TYPES}) == len(TYPES)


def test_fast_encoding_is_eth_abis(stage):
    agreement = stage.agreements["plain"][0]
    encoder = stage.encoders["vault"]
    signature = stage.messages.sign(BUYER, agreement.id, "compact")
    escrow = tuple(agreement.terms.escrow.values())
    static = (1, 2, 3)
    assert encoder.data(
        "settle", agreement.encoded, agreement.economics, *static, signature, signature
    ) == encoder.slow(
        "settle", escrow, agreement.economics, *static, signature.bytes, signature.bytes
    )
    proposal = (BUYER.address, b"\1" * 32, 4, 5, 6)
    assert encoder.data(
        "propose", agreement.encoded, agreement.economics, *proposal, signature, (b"manifest",)
    ) == encoder.slow("propose", escrow, agreement.economics, *proposal, signature.bytes, b"manifest")


def test_the_reader_sees_what_single_calls_see(stage):
    agreements = stage.agreements["rebasing"][:2]
    reader = Reader(stage, agreements)
    found = reader.decoded(reader.raw())
    assert len(found) == len(reader.reads) > 30
    for key, target, payload in reader.reads:
        output = stage.chain.call(target, payload)
        assert found[key] == tuple(
            int.from_bytes(output[at : at + 32], "big") for at in range(0, len(output), 32)
        )
