"""A block that holds one transaction among others: header, receipts, branches, made with rlp, trie and eth-bloom."""

import rlp
from eth_account import Account
from eth_bloom import BloomFilter
from eth_utils import keccak
from trie import HexaryTrie

GAS = 150_000


def log(address: str, topics: list[bytes], data: bytes) -> list:
    return [bytes.fromhex(address[2:]), topics, data]


def receipt(cumulative: int, logs: list) -> bytes:
    bloom = BloomFilter()
    for address, topics, _ in logs:
        bloom.extend([address, *topics])
    return b"\2" + rlp.encode([b"\1", cumulative, int(bloom).to_bytes(256, "big"), logs])


def signed(key: bytes, chain: int, nonce: int, to: str, data: bytes, gas: int = GAS) -> bytes:
    """A fee-market transaction (EIP-1559)."""
    return bytes(Account.sign_transaction({
        "type": 2, "chainId": chain, "nonce": nonce, "to": to, "value": 0, "data": data, "gas": gas,
        "maxFeePerGas": 2_000_000_000, "maxPriorityFeePerGas": 1_000_000, "accessList": []}, key).raw_transaction)


def _branches(values: list[bytes], index: int) -> tuple[bytes, list[str]]:
    trie = HexaryTrie({})
    for place, value in enumerate(values):
        trie[rlp.encode(place)] = value
    nodes = [rlp.encode(node) for node in trie.get_proof(rlp.encode(index))]
    return trie.root_hash, ["0x" + node.hex() for place, node in enumerate(nodes) if place == 0 or len(node) >= 32]


def inclusion(number: int, time: int, transactions: list[bytes], receipts: list[bytes], index: int) -> dict:
    transactions_root, transaction_proof = _branches(transactions, index)
    receipts_root, receipt_proof = _branches(receipts, index)
    header = rlp.encode([
        keccak(text="parent"), keccak(rlp.encode([])), b"\0" * 20, keccak(text="state"), transactions_root, receipts_root,
        b"\0" * 256, 0, number, 30_000_000, GAS * len(receipts), time, b"specification", keccak(text="mix"), b"\0" * 8,
        1_000_000_000])
    return {
        "header": "0x" + header.hex(), "index": str(index), "transaction": "0x" + transactions[index].hex(),
        "transactionProof": transaction_proof, "receipt": "0x" + receipts[index].hex(), "receiptProof": receipt_proof}
