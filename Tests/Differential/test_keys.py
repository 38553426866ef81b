"""Key files of other writers open here, and ours there."""

from __future__ import annotations

from eth_keyfile import create_keyfile_json, decode_keyfile_json
from eth_keys import keys

COUNT = 24


def test_key_files(ours, dice):
    private = [dice.randint(1, 1 << 255).to_bytes(32, "big") for _ in range(COUNT)]
    passwords = [dice.choice(["", "secret", "pässwörd", "🔑" * 5, "x" * 200]) for _ in private]
    addresses = [keys.PrivateKey(key).public_key.to_checksum_address() for key in private]
    # The last three in the form of Foundry's writer: a light scrypt and no address.
    files = []
    for number, (key, password) in enumerate(zip(private, passwords)):
        kdf, cost = ("scrypt", 2 ** dice.randint(10, 13)) if number % 2 else ("pbkdf2", dice.randint(1, 5_000))
        file = create_keyfile_json(key, password.encode(), kdf=kdf, iterations=cost)
        if number >= COUNT - 3:
            del file["address"]
        files.append(file)
    opened = ours([{"do": "open", "file": f, "password": p} for f, p in zip(files, passwords)])
    assert [answer.get("address") for answer in opened] == addresses
    refused = ours([{"do": "open", "file": f, "password": p + "x"} for f, p in zip(files, passwords)])
    assert all("does not open" in answer["error"] for answer in refused)
    closed = ours([{"do": "close", "key": "0x" + k.hex(), "password": p} for k, p in zip(private, passwords)])
    for answer, password, key in zip(closed, passwords, private):
        assert decode_keyfile_json(answer["file"], password.encode()) == key
