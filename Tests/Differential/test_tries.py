"""Tries, their roots and proofs, against trie; each side verifies the other's proofs."""

from __future__ import annotations

from random import Random

import generators
import rlp
from trie import HexaryTrie
from trie.constants import BLANK_NODE_HASH as BLANK_ROOT
from trie.exceptions import ValidationError


def entries(dice: Random) -> list[tuple[bytes, bytes]]:
    """Keys that share beginnings, some twice, some without a value: that deletes them."""
    kind = dice.choice(["index", "hash", "mixed"])
    count = dice.choice([0, 1, 2, 3, 17, 40, 150])
    if kind == "index":
        return [(rlp.encode(index), dice.randbytes(dice.randint(1, 80))) for index in range(count)]
    alphabet = [dice.randbytes(1) for _ in range(3)]
    result = []
    for _ in range(count):
        if kind == "hash":
            name = dice.randbytes(32)
        else:
            name = b"".join(dice.choices(alphabet, k=dice.randint(0, 4)))
        result.append((name, b"" if dice.random() < 0.1 else generators.octets(dice, dice.choice([1, 5, 31, 32, 90]))))
    return result


def build(given: list[tuple[bytes, bytes]]) -> tuple[HexaryTrie, dict[bytes, bytes]]:
    """Their trie, and what it holds."""
    trie, held = HexaryTrie({}), dict(given)
    for name, value in held.items():
        if value:
            trie[name] = value
    return trie, {name: value for name, value in held.items() if value}


def read_theirs(trie: HexaryTrie, name: bytes, nodes: list, held: dict[bytes, bytes]) -> bytes | None:
    """The value that their reader finds; None where a key ends inside an extension, at which it fails."""
    try:
        return HexaryTrie.get_from_proof(trie.root_hash, name, nodes)
    except ValidationError as error:
        assert name not in held and "extension node" in str(error), error
        return None


def prove_theirs(trie: HexaryTrie, name: bytes) -> list[bytes]:
    """Their proof in the form of eth_getProof: they repeat nodes that lie whole inside others, which have no hash."""
    nodes = [rlp.encode(node) for node in trie.get_proof(name)]
    nodes = [] if trie.root_hash == BLANK_ROOT else nodes
    return nodes[:1] + [node for node in nodes[1:] if len(node) >= 32]


def test_tries(ours, dice, cases):
    given = [entries(dice) for _ in range(cases)]
    built = [build(each) for each in given]
    asked = [
        dice.choice(each)[0] if each and dice.random() < 0.7 else dice.randbytes(dice.randint(0, 4)) for each in given
    ]
    answers = ours(
        [
            {
                "do": "trie",
                "key": "0x" + name.hex(),
                "entries": [["0x" + left.hex(), "0x" + right.hex()] for left, right in each],
            }
            for each, name in zip(given, asked)
        ]
    )
    for (trie, held), name, answer in zip(built, asked, answers):
        assert answer.get("root") == "0x" + trie.root_hash.hex(), answer
        if answer["proof"]:
            nodes = [rlp.decode(bytes.fromhex(node[2:])) for node in answer["proof"]]
            found = read_theirs(trie, name, nodes, held)
            assert found == held.get(name, b"") or found is None
    proofs = [prove_theirs(trie, name) for (trie, _), name in zip(built, asked)]
    verdicts = ours(
        [
            {
                "do": "prove",
                "root": "0x" + trie.root_hash.hex(),
                "key": "0x" + name.hex(),
                "proof": ["0x" + node.hex() for node in proof],
            }
            for (trie, _), name, proof in zip(built, asked, proofs)
        ]
    )
    for (_, held), name, answer in zip(built, asked, verdicts):
        assert answer == {"value": "0x" + held[name].hex() if name in held else None}, (name.hex(), answer)
