"""JSON-RPC over HTTP: requests, batches, refusals, limits, and connections that stay open."""

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from devchain import DevChain, Limits
from devchain_support import ALICE, STRANGER, Wallet, funded

CHAIN_ID = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}


@pytest.fixture
def connection() -> Iterator[http.client.HTTPConnection]:
    limits = Limits(body_bytes=2_000, batch_items=3, response_bytes=4_000)
    with funded(limits=limits) as chain:
        opened = http.client.HTTPConnection(chain.url.removeprefix("http://"), timeout=10)
        yield opened
        opened.close()


def post(connection: http.client.HTTPConnection, body: Any, kind: str = "application/json") -> tuple[int, Any]:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request("POST", "/", text, {"Content-Type": kind})
    response = connection.getresponse()
    content = response.read()
    is_json = response.headers["Content-Type"] == "application/json" and content
    return response.status, json.loads(content) if is_json else content


def error(body: Any) -> tuple[int, str]:
    return body["error"]["code"], body["error"]["message"]


def test_one_connection_serves_many_requests(connection: http.client.HTTPConnection) -> None:
    connection.connect()
    socket = connection.sock
    for _ in range(20):
        assert post(connection, CHAIN_ID) == (200, {"jsonrpc": "2.0", "id": 1, "result": "0x7a69"})
    assert connection.sock is socket


def test_identifiers_come_back(connection: http.client.HTTPConnection) -> None:
    for identifier in (0, "text", None, 1.5):
        assert post(connection, CHAIN_ID | {"id": identifier})[1]["id"] == identifier


def test_batches(connection: http.client.HTTPConnection) -> None:
    batch = [CHAIN_ID | {"id": 7}, 5, CHAIN_ID | {"id": 8, "method": "eth_nothing"}]
    first, second, third = post(connection, batch)[1]
    assert (first["id"], first["result"]) == (7, "0x7a69")
    assert error(second) == (-32600, "invalid request")
    assert (third["id"], error(third)) == (8, (-32601, "the method eth_nothing does not exist/is not available"))
    notification = {"jsonrpc": "2.0", "method": "devchain_mine"}
    assert post(connection, [notification, CHAIN_ID])[1] == [{"jsonrpc": "2.0", "id": 1, "result": "0x7a69"}]
    assert post(connection, notification) == (200, b"")
    assert post(connection, CHAIN_ID | {"method": "eth_blockNumber"})[1]["result"] == "0x2"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", (-32700, "parse error")),
        (b"[" * 100_0, (-32700, "parse error")),
        (b"\xff", (-32700, "parse error")),
        (b"[]", (-32600, "empty batch")),
        ([CHAIN_ID] * 4, (-32600, "batch too large")),
        ({"id": 1}, (-32600, "invalid request")),
        (CHAIN_ID | {"params": {"a": 1}}, (-32602, "non-array args")),
        (CHAIN_ID | {"params": [1]}, (-32602, "too many arguments, want at most 0")),
        (CHAIN_ID | {"method": "eth_getBalance"}, (-32602, "missing value for required argument 0")),
        (CHAIN_ID | {"method": "__init__"}, (-32601, "the method __init__ does not exist/is not available")),
        (CHAIN_ID | {"method": "eth_getBalance", "params": [STRANGER, "newest"]},
         (-32602, "invalid argument 1: hex string without 0x prefix")),
        (CHAIN_ID | {"method": "eth_getBlockByNumber", "params": ["0x01", False]},
         (-32602, "invalid argument 0: hex number with leading zero digits")),
        (CHAIN_ID | {"method": "eth_getBlockByNumber", "params": ["0x0", 1]},
         (-32602, "invalid argument 1: not true or false")),
        (CHAIN_ID | {"method": "eth_getTransactionReceipt", "params": ["0x1234"]},
         (-32602, "invalid argument 0: hex string has length 4, want 64 for hash")),
        (CHAIN_ID | {"method": "eth_getTransactionReceipt", "params": ["0xzz"]},
         (-32602, "invalid argument 0: invalid hex string")),
        (CHAIN_ID | {"method": "eth_call", "params": [{"to": STRANGER}, "latest", {STRANGER: {"balance": "0x1"}}]},
         (-32602, "state overrides are not supported")),
        ([CHAIN_ID | {"method": "eth_getBlockByNumber", "params": ["0x0", False]}] * 3, (-32003, "response too large")),
    ],
)  # fmt: skip
def test_refusals(connection: http.client.HTTPConnection, body: Any, expected: tuple[int, str]) -> None:
    status, answer = post(connection, body)
    assert (status, error(answer)) == (200, expected)


def test_http_refusals(connection: http.client.HTTPConnection) -> None:
    assert post(connection, b" " * 2_001)[0] == 413
    assert post(connection, CHAIN_ID, "text/plain")[0] == 415
    connection.request("GET", "/")
    assert connection.getresponse().status == 405


def test_many_clients_at_once(listening: DevChain) -> None:
    """Every client gets its own answers, and no two blocks are made of one moment."""

    def work(client: int) -> list[int]:
        connection = http.client.HTTPConnection(listening.url.removeprefix("http://"), timeout=30)
        heights = []
        for number in range(10):
            post(connection, CHAIN_ID | {"method": "devchain_mine"})
            answer = post(connection, CHAIN_ID | {"id": [client, number], "method": "eth_blockNumber"})[1]
            assert answer["id"] == [client, number]
            heights.append(int(answer["result"], 16))
        connection.close()
        return heights

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(work, range(8)))
    assert all(heights == sorted(heights) for heights in results)
    assert listening.request("eth_blockNumber") == hex(80)


def test_stopping_closes_connections_and_keeps_the_chain() -> None:
    chain = funded().start()
    connection = http.client.HTTPConnection(chain.url.removeprefix("http://"), timeout=10)
    post(connection, CHAIN_ID | {"method": "devchain_mine"})
    chain.stop()
    with pytest.raises((OSError, http.client.HTTPException)):
        post(connection, CHAIN_ID)
    with chain:
        again = http.client.HTTPConnection(chain.url.removeprefix("http://"), timeout=10)
        assert post(again, CHAIN_ID | {"method": "eth_blockNumber"})[1]["result"] == "0x1"


def test_what_is_not_there_is_null(chain: DevChain) -> None:
    nothing = "0x" + "ab" * 32
    for method, arguments in {
        "eth_getBlockByHash": [nothing],
        "eth_getBlockByNumber": ["0x5"],
        "eth_getBlockReceipts": ["0x5"],
        "eth_getTransactionByHash": [nothing],
        "eth_getTransactionReceipt": [nothing],
        "eth_getTransactionByBlockHashAndIndex": [nothing, "0x0"],
        "eth_getTransactionByBlockNumberAndIndex": ["0x0", "0x0"],
        "eth_getBlockTransactionCountByNumber": ["0x5"],
        "eth_getBlockTransactionCountByHash": [nothing],
    }.items():
        assert chain.request(method, *arguments) is None, method


def test_an_empty_block_has_empty_receipts(chain: DevChain, alice: Wallet) -> None:
    assert chain.request("eth_getBlockReceipts", "earliest") == []
    sent = alice.send()
    block = chain.request("eth_getBlockByNumber", "latest", True)
    found = chain.request("eth_getTransactionByBlockHashAndIndex", block["hash"], "0x0")
    assert found == block["transactions"][0] == chain.request("eth_getTransactionByHash", sent)
    assert chain.request("eth_getBlockTransactionCountByHash", block["hash"]) == "0x1"
    assert chain.request("eth_getBlockReceipts", block["hash"]) == [chain.request("eth_getTransactionReceipt", sent)]
    assert int(chain.request("eth_getBalance", ALICE.address, "earliest"), 16) == 10**20
