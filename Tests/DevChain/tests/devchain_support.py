"""What the tests share: signers, a probe contract, and the second opinions (RLP, trie, bloom) written out plainly."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import vyper
from devchain import ETHER, GWEI, DevChain
from eth_abi import decode, encode
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils import keccak, to_checksum_address

ALICE, BOB, CAROL = (Account.from_key(bytes([number]) * 32) for number in (1, 2, 3))
BURN = b"\xfe"
"""Init code that fails at once and takes all its gas with it."""
STRANGER = "0x" + "51" * 20


def funded(**changes: Any) -> DevChain:
    """A chain on which Alice and Bob have a hundred ether each."""
    return DevChain(funds={bytes.fromhex(each.address[2:]): 100 * ETHER for each in (ALICE, BOB)}, **changes)


def sign(account: LocalAccount, chain_id: int = 31337, **fields: Any) -> str:
    """A signed transaction as raw hexadecimal; a transfer of one wei with generous fees unless told otherwise."""
    fields = {"chainId": chain_id, "nonce": 0, "gas": 21_000, "to": STRANGER, "value": 1, "data": b""} | fields
    if "gasPrice" not in fields:
        fields = {"type": 2, "maxFeePerGas": 10 * GWEI, "maxPriorityFeePerGas": GWEI} | fields
    if fields["to"] is None:
        del fields["to"]
    else:
        fields["to"] = to_checksum_address(fields["to"])
    return "0x" + account.sign_transaction(fields).raw_transaction.hex()


def hash_of(raw: str) -> str:
    """The hash of a raw transaction."""
    return "0x" + keccak(hexstr=raw).hex()


class Wallet:
    """Signs and sends, with the next nonce."""

    def __init__(self, chain: DevChain, account: LocalAccount) -> None:
        self.chain, self.account, self.address = chain, account, account.address

    def send(self, **fields: Any) -> str:
        nonce = int(self.chain.request("eth_getTransactionCount", self.address, "pending"), 16)
        return self.chain.request("eth_sendRawTransaction", sign(self.account, **{"nonce": nonce} | fields))

    def receipt(self, **fields: Any) -> dict[str, Any]:
        return self.chain.request("eth_getTransactionReceipt", self.send(**fields))


@functools.cache
def probe_bytecode() -> bytes:
    """Probe.vy, compiled."""
    source = Path(__file__).with_name("Probe.vy").read_text()
    return bytes.fromhex(vyper.compile_code(source, output_formats=["bytecode"])["bytecode"][2:])


def calldata(signature: str, *arguments: Any) -> bytes:
    """A call by its signature, such as `move(address,uint256)`."""
    types = signature[signature.index("(") + 1 : -1]
    return keccak(text=signature)[:4] + encode(types.split(",") if types else [], arguments)


class Probe:
    """A deployed probe contract."""

    def __init__(self, wallet: Wallet) -> None:
        self.chain, self.wallet = wallet.chain, wallet
        receipt = wallet.receipt(to=None, value=0, gas=2_000_000, data=probe_bytecode())
        assert receipt["status"] == "0x1"
        self.address: str = receipt["contractAddress"]

    def transact(self, signature: str, *arguments: Any, gas: int = 2_000_000) -> dict[str, Any]:
        return self.wallet.receipt(to=self.address, value=0, gas=gas, data=calldata(signature, *arguments))

    def send(self, signature: str, *arguments: Any, gas: int = 2_000_000, **fields: Any) -> str:
        return self.wallet.send(to=self.address, value=0, gas=gas, data=calldata(signature, *arguments), **fields)

    def message(self, signature: str, *arguments: Any) -> dict[str, str]:
        """A call object."""
        return {
            "from": self.wallet.address,
            "to": self.address,
            "data": "0x" + calldata(signature, *arguments).hex(),
        }

    def read(self, signature: str, *arguments: Any, block: Any = "latest") -> int:
        """What a view that returns one number returns."""
        output = self.chain.request("eth_call", self.message(signature, *arguments), block)
        return decode(["uint256"], bytes.fromhex(output[2:]))[0]


# Second opinions


def rlp(item: Any) -> bytes:
    """RLP of bytes, numbers and lists, after the Yellow Paper's appendix B."""
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _headed(0x80, item)
    return _headed(0xC0, b"".join(rlp(each) for each in item))


def _headed(offset: int, payload: bytes) -> bytes:
    if len(payload) < 56:
        return bytes([offset + len(payload)]) + payload
    size = len(payload).to_bytes((len(payload).bit_length() + 7) // 8, "big")
    return bytes([offset + 55 + len(size)]) + size + payload


def trie_root(values: list[bytes]) -> bytes:
    """Root of the Merkle-Patricia trie of a list under its RLP-coded indices (Yellow Paper, appendix D)."""
    leaves = {_nibbles(rlp(index)): value for index, value in enumerate(values)}
    return keccak(rlp(_node(leaves)) if leaves else rlp(b""))


def _nibbles(key: bytes) -> tuple[int, ...]:
    return tuple(nibble for byte in key for nibble in (byte >> 4, byte & 15))


def _compact(path: tuple[int, ...], is_leaf: bool) -> bytes:
    flag = 2 * is_leaf + len(path) % 2
    nibbles = (flag, *path) if len(path) % 2 else (flag, 0, *path)
    return bytes(16 * high + low for high, low in zip(nibbles[::2], nibbles[1::2]))


def _node(leaves: dict[tuple[int, ...], bytes]) -> Any:
    if len(leaves) == 1:
        ((path, value),) = leaves.items()
        return [_compact(path, True), value]
    paths = list(leaves)
    shared = 0
    while all(len(path) > shared and path[shared] == paths[0][shared] for path in paths):
        shared += 1
    if shared:
        return [_compact(paths[0][:shared], False), _reference({p[shared:]: v for p, v in leaves.items()})]
    children = [{p[1:]: v for p, v in leaves.items() if p[:1] == (nibble,)} for nibble in range(16)]
    return [*(_reference(child) if child else b"" for child in children), leaves.get((), b"")]


def _reference(leaves: dict[tuple[int, ...], bytes]) -> Any:
    node = _node(leaves)
    encoded = rlp(node)
    return node if len(encoded) < 32 else keccak(encoded)


def bloom(items: list[bytes]) -> int:
    """The 2048-bit filter of addresses and topics (Yellow Paper, 4.4.3)."""
    bits = 0
    for item in items:
        digest = keccak(item)
        for offset in (0, 2, 4):
            bits |= 1 << (int.from_bytes(digest[offset : offset + 2], "big") & 2047)
    return bits


def unhex(text: str) -> bytes:
    """Bytes of 0x text."""
    return bytes.fromhex(text[2:])
