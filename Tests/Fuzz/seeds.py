"""Writes what the fuzzer starts from: a few small inputs for each target, most of them cut from our own fixtures.

    python seeds.py DIRECTORY
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# An agreement under version 3.
CHANGED = json.loads((ROOT / "Fixtures/specification/proof-changed.json").read_text())
PROOF = json.loads((ROOT / "Fixtures/specification/proof-agreed.json").read_text())

KEY_FILE = {
    # The key whose last byte is 1, under the password "fuzz".
    "address": "7e5f4552091a69125d5dfcb7b8c2659029395bdf",
    "crypto": {
        "cipher": "aes-128-ctr",
        "ciphertext": "CIPHERTEXT",
        "cipherparams": {"iv": "000102030405060708090a0b0c0d0e0f"},
        "kdf": "KDF",
        "kdfparams": {},
        "mac": "MAC",
    },
    "id": "00010203-0405-4607-8809-0a0b0c0d0e0f",
    "version": 3,
}

TYPED_DATA = {
    "types": {
        "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "chainId", "type": "uint256"}],
        "Person": [{"name": "name", "type": "string"}, {"name": "wallets", "type": "address[]"}],
        "Mail": [
            {"name": "from", "type": "Person"},
            {"name": "to", "type": "Person[]"},
            {"name": "tag", "type": "bytes4"},
            {"name": "number", "type": "int16"},
            {"name": "next", "type": "Mail"},
        ],
    },
    "primaryType": "Mail",
    "domain": {"name": "Mail", "chainId": 1},
    "message": {
        "from": {"name": "A", "wallets": ["0x0000000000000000000000000000000000000001"]},
        "to": [{"name": "B", "wallets": []}],
        "tag": "0x01020304",
        "number": "-3",
        "next": None,
    },
}

# Every form of the language at least once.
CLAUSES = (
    """payoff Asian language 1
enum Side = Up | Down
terms
  strikePrice : Price
  quantity : Quantity
  side : Side
  stake : Amount of deliveryToken
facts
  fixings : List of Price up to 30
  fixingTimes : List of Time up to 30
claim buyer rises with strikePrice
given strikePrice > 0 Price
let mean = average(fixings, floor)
let most = match side case Up then highest(fixings) case Down then lowest(fixings)
escrow 1_000_000 Amount
escrow stake
pay buyer clamp(amount(quantity, max(mean - strikePrice, most), floor), 0 Amount, coins(quantity, mean, most, ceiling))
pay buyer min(delivery(quantity), fold left = stake over p in fixings, t in fixingTimes with if t < 9 Time then left else 1 * left)
pay seller remainder
pay seller remainder of deliveryToken
""",
    """escrow Vault language 1
terms
  window : Duration
state
  status : Status
  proposedAt : Time
  amounts : List of Amount up to 4
facts
  ruling : Digest
  winner : Address
now : Time
escrow sum(amounts)
find final = status == Closed or any a in amounts, i in indices(amounts) with a > 9 Amount and i != 2
stage Contested
  while known(proposedAt) and ruling != 0x0000000000000000000000000000000000000000000000000000000000000001
  until proposedAt + window
  route dispute
    open when not all i below 3 with remainder(i, 2) == 0
    pays nothing
  after
  route finalise
    open
    pays buyer fresh(at(amounts, count(amounts) - 1), proposedAt, now, window)
end
route hand
  open when winner == 0x0000000000000000000000000000000000000001
  pays buyer floor(at(amounts, 0) * 1 / 3)
""",
    """arbitration Ruling language 1
enum BondTo = Proposer | Disputer | Each
facts
  rulings : List of Int up to 8
  to : BondTo
find standing = fold best = -1 over r in rulings, i in indices(rulings) with if r > best then i else best
find loser = match to case Proposer then Disputer case Disputer then Proposer else Each
""",
)

HEADS = (
    "GET /v1/agreements/0x01?wait=5&from=a%20b HTTP/1.1\nHost: example.org\nAccept: */*",
    "POST /v1/agreements HTTP/1.1\nHost: a\nContent-Length: 12\nExpect: 100-continue",
    "PUT /a/%2e%2e/b HTTP/1.1\nHost: a\nTransfer-Encoding: chunked",
    "DELETE / HTTP/1.0\n",
)

ABI_TYPES = ("(uint256,address[],bytes,(string,bool,bytes32))", "uint", "int8[3][]", "bytes32[2]", "(string)[]")


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def rlp(item: bytes | list) -> bytes:
    def header(base: int, count: int) -> bytes:
        if count < 56:
            return bytes([base + count])
        length = count.to_bytes((count.bit_length() + 7) // 8, "big")
        return bytes([base + 55 + len(length)]) + length

    if isinstance(item, list):
        content = b"".join(rlp(each) for each in item)
        return header(0xC0, len(content)) + content
    return item if len(item) == 1 and item[0] < 0x80 else header(0x80, len(item)) + item


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def key_files() -> list[bytes]:
    from Crypto.Cipher import AES
    from Crypto.Hash import keccak
    from hashlib import pbkdf2_hmac, scrypt

    salt = bytes(range(32))
    derivations = (
        ("scrypt", {"n": 2, "r": 1, "p": 1}, scrypt(b"fuzz", salt=salt, n=2, r=1, p=1, dklen=32)),
        ("scrypt", {"n": 4, "r": 8, "p": 1}, scrypt(b"fuzz", salt=salt, n=4, r=8, p=1, dklen=32)),
        ("pbkdf2", {"c": 1, "prf": "hmac-sha256"}, pbkdf2_hmac("sha256", b"fuzz", salt, 1, 32)),
    )
    files = []
    for name, parameters, key in derivations:
        cipher = AES.new(key[:16], AES.MODE_CTR, nonce=b"", initial_value=bytes(range(16)))
        ciphertext = cipher.encrypt(word(1))
        mac = keccak.new(digest_bits=256, data=key[16:] + ciphertext).digest()
        document = json.loads(json.dumps(KEY_FILE))
        document["crypto"].update(ciphertext=ciphertext.hex(), kdf=name, mac=mac.hex())
        document["crypto"]["kdfparams"] = {"dklen": 32, "salt": salt.hex(), **parameters}
        files.append(json.dumps(document).encode())
    return files


def seeds() -> dict[str, list[bytes]]:
    inclusion = PROOF["inclusion"]
    transactions, receipts = [unhex(inclusion["transaction"])], [unhex(inclusion["receipt"])]
    legacy = [b"\x01", b"\x02", b"\x52\x08", b"\x11" * 20, b"", b"\xaa\xbb", b"\x25", b"\x33" * 32, b"\x22" * 32]
    entries = [[b"\x11" * 20, [b"\x44" * 32]]]
    listed = [b"\x01", b"\x07", b"\x02", b"\x52\x08", b"\x11" * 20, b"", b"", entries, b"\x01", b"\x33" * 32, b"\x22" * 32]
    blob = [b"\x01", b"", b"\x01", b"\x02", b"\x52\x08", b"\x11" * 20, b"", b"", [], b"\x05", [b"\x01" + b"\x55" * 31]]
    code = [b"\x01", b"", b"\x01", b"\x02", b"\x52\x08", b"\x11" * 20, b"", b"", []]
    authorization = [b"\x01", b"\x11" * 20, b"\x07", b"\x01", b"\x33" * 32, b"\x22" * 32]
    signature = [b"\x01", b"\x33" * 32, b"\x22" * 32]
    transactions += [
        rlp(legacy),
        rlp(legacy[:6] + [b"\x1b"] + legacy[7:]),
        b"\x01" + rlp(listed),
        b"\x02" + rlp(listed[:2] + [b"\x01"] + listed[2:]),
        b"\x03" + rlp(blob + signature),
        b"\x04" + rlp(code + [[authorization]] + signature),
    ]
    receipts.append(rlp([b"\x01", b"\x52\x08", bytes(256), [[b"\x11" * 20, [b"\x22" * 32], b"\x01"]]]))
    proofs = [
        rlp([rlp(b"\x01"), *map(unhex, inclusion[name])]) for name in ("transactionProof", "receiptProof")
    ]
    bytecode = [unhex(path.read_text().strip()) for path in sorted(ROOT.glob("Contracts/Clauses/*/*.bytecode"))]
    terms = [path.read_bytes() for path in sorted((ROOT / "Fixtures/terms").glob("*.json"))]
    typed = [json.dumps(TYPED_DATA).encode(), (ROOT / "Tests/Bench/Bench/typed-data.json").read_bytes()]
    agreement = (ROOT / "Fixtures/agreements/call.json").read_bytes()
    last = CHANGED["changes"][-1]
    served = {
        "terms": last["terms"], "clause": last["clause"], "signatures": CHANGED["signatures"],
        "first": {"terms": CHANGED["terms"], "clause": CHANGED["clause"]["source"]}, "changes": CHANGED["changes"],
        "evidence": CHANGED["evidence"]}
    buyers = json.loads(agreement)["signatures"]["buyer"].removeprefix("0x").encode()
    messages = [
        each for each in json.loads((ROOT / "Fixtures/specification/vectors.json").read_text())["messages"]
        if each["type"] in ("Outcome", "DeliveryOutcome", "Ruling", "Novation")]
    pair = word(32) + word(2) + b"hi" + bytes(30)
    return {
        "json": [b'{"a":[1,-0.5e3,true,null,"\\u00e9\\n"],"b":{}}', *typed],
        "canonicalJSON": [b'{"a":[1,true,null,"x"],"b":{}}'],
        "rlp": [rlp([b"", b"\x01", b"\x80", [b"x" * 60, []]]), unhex(inclusion["header"])],
        "header": [unhex(inclusion["header"])],
        "receipt": receipts,
        "transaction": transactions,
        "abi": [b"\x01" + word(7) + word(2**256 - 3) + word(1) + word(5), b"\x02" + word(64) + word(128) + pair[32:] * 2],
        "abiType": [text.encode() for text in ABI_TYPES],
        "typedData": typed,
        "signature": [unhex(PROOF["signatures"]["buyer"])],
        "keyFile": key_files(),
        "trieProof": proofs,
        "trie": [bytes([0x0A, 1, 2, 3, 0x12, 1, 3, 4, 5, 0x08, 6]), bytes(range(200))],
        "clauseText": [path.read_bytes() for path in sorted(ROOT.glob("Contracts/Clauses/*/*.clause"))]
        + [text.encode() for text in CLAUSES],
        "bytecode": bytecode,
        # Each byte is a choice, so that any bytes will do.
        "machine": [bytes(range(kind, 256, step)) for kind in range(3) for step in (1, 7)],
        "terms": terms,
        "agreement": [agreement, agreement.replace(buyers, buyers * 2), json.dumps(served).encode()],
        "message": [json.dumps({name: each[name] for name in ("message", "signature")}).encode() for each in messages]
        + [json.dumps({"message": messages[0]["message"], "signature": "0x", "signer": "0x" + "11" * 20}).encode()],
        "proof": [path.read_bytes() for path in sorted((ROOT / "Fixtures/specification").glob("proof-*.json"))],
        "httpHead": [head.encode() for head in HEADS],
    }


def main() -> None:
    directory = Path(sys.argv[1])
    for target, inputs in seeds().items():
        folder = directory / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(inputs):
            (folder / f"seed-{number}").write_bytes(data)


if __name__ == "__main__":
    main()
