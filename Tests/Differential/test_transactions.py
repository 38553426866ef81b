"""Transactions of every type, signed here and there, against eth-account."""

from __future__ import annotations

from random import Random

import generators
from eth_account import Account
from eth_keys import keys
from eth_utils import keccak


def access_list(dice: Random) -> list[dict]:
    return [
        {
            "address": generators.address(dice),
            "storageKeys": ["0x" + generators.octets(dice, 32).hex() for _ in range(dice.randint(0, 3))],
        }
        for _ in range(dice.choice([0, 1, 3]))
    ]


def transaction(dice: Random, kind: int) -> dict:
    # eth-account takes the largest nonce, EIP-2681 does not.
    fields = {
        "chainId": dice.choice([1, 5, 1 << 53, generators.integer(dice, 60) + 1]),
        "nonce": min(generators.integer(dice, 64), (1 << 64) - 2),
        "gas": generators.integer(dice, 64),
        "to": generators.address(dice),
        "value": generators.integer(dice, 256),
        "data": "0x" + generators.octets(dice, dice.choice([0, 1, 4, 56, 300])).hex(),
    }
    if kind < 3 and dice.random() < 0.2:
        fields["to"] = "0x"
    if kind < 2:
        fields["gasPrice"] = generators.integer(dice, 256)
    else:
        fields |= {"maxFeePerGas": generators.integer(dice, 256), "maxPriorityFeePerGas": generators.integer(dice, 256)}
    if kind:
        fields |= {"type": kind, "accessList": access_list(dice)}
    if kind == 3:
        fields["maxFeePerBlobGas"] = generators.integer(dice, 256)
        fields["blobVersionedHashes"] = ["0x01" + dice.randbytes(31).hex() for _ in range(dice.randint(1, 6))]
    if kind == 4:
        fields["authorizationList"] = [authorization(dice) for _ in range(dice.randint(1, 3))]
    return fields


def authorization(dice: Random) -> dict:
    signed = Account.sign_authorization(
        {"chainId": dice.choice([0, 1, 7072151312]), "address": generators.address(dice), "nonce": dice.getrandbits(20)},
        key(dice),
    )
    return {
        "chainId": signed.chain_id,
        "address": "0x" + bytes(signed.address).hex(),
        "nonce": signed.nonce,
        "yParity": signed.y_parity,
        "r": hex(signed.r),
        "s": hex(signed.s),
    }


def key(dice: Random) -> bytes:
    return dice.randint(1, (1 << 255)).to_bytes(32, "big")


def theirs(fields: dict) -> dict:
    """eth-account's form: no recipient is an empty byte string."""
    return {name: b"" if name == "to" and given == "0x" else given for name, given in fields.items()}


def our_form(fields: dict) -> dict:
    result = {}
    for name, given in fields.items():
        result[name] = hex(given) if isinstance(given, int) and name != "type" else given
    if "authorizationList" in fields:
        result["authorizationList"] = [
            {name: hex(given) if isinstance(given, int) else given for name, given in each.items()}
            for each in fields["authorizationList"]
        ]
    return result


def test_transactions(ours, dice, cases):
    fields = [transaction(dice, number % 5) for number in range(cases)]
    private = [key(dice) for _ in fields]
    expected = [Account.sign_transaction(theirs(each), secret) for each, secret in zip(fields, private)]
    signed = ours(
        [
            {"do": "sign", "key": "0x" + secret.hex(), "transaction": our_form(each)}
            for each, secret in zip(fields, private)
        ]
    )
    for each, reference, answer in zip(fields, expected, signed):
        assert answer.get("raw") == "0x" + bytes(reference.raw_transaction).hex(), (each, answer)
        assert answer["hash"] == "0x" + bytes(reference.hash).hex(), each
    recovered = ours([{"do": "recover", "raw": answer["raw"]} for answer in signed])
    for each, secret, answer in zip(fields, private, recovered):
        assert answer.get("sender") == keys.PrivateKey(secret).public_key.to_checksum_address(), (each, answer)


def test_transactions_changed(ours, dice, cases):
    """One byte changed: what ours still reads and recovers, eth-account reads as the same hash and sender."""
    inputs = []
    for number in range(cases):
        secret = key(dice)
        raw = bytearray(Account.sign_transaction(theirs(transaction(dice, number % 5)), secret).raw_transaction)
        raw[dice.randrange(len(raw))] ^= dice.randint(1, 255)
        inputs.append("0x" + raw.hex())
    answers = ours([{"do": "recover", "raw": raw} for raw in inputs])
    taken = 0
    for raw, answer in zip(inputs, answers):
        if "error" in answer:
            continue
        taken += 1
        if any(int(each["yParity"], 16) > 1 for each in answer["transaction"].get("authorizationList", [])):
            # EIP-7702 lets any parity below 256 stand in a block; eth-account does not read it.
            continue
        assert answer["sender"] == Account.recover_transaction(raw), raw
        assert answer["hash"] == "0x" + keccak(hexstr=raw).hex(), raw
    assert 0 < taken < cases
