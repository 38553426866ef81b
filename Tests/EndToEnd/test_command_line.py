"""Every command under `--json`: one envelope on standard output, whatever goes wrong, and the documented exit status."""

from __future__ import annotations

import re
import socket
import threading
import time
from pathlib import Path

import pytest
import requests
from harness.command import Tallystick
from harness.service import Service
from harness.terms import CALL
from harness.world import World

ID = "0x" + "ab" * 32
NOBODY = "http://127.0.0.1:9"
KEY = ["--keystore", "none.json", "--password-file", "none.txt"]

# For each command: words that fail, the exit status, and the code.
FAILING = {
    "terms check": (["none.json"], 2, "file_unreadable"),
    "terms digest": (["text.txt"], 3, "terms_invalid"),
    "terms typed-data": (["empty.json"], 3, "terms_invalid"),
    "terms sign": (["empty.json", *KEY], 3, "terms_invalid"),
    "clause check": (["text.txt"], 3, "clause_invalid"),
    "clause compile": (["none.clause"], 2, "file_unreadable"),
    "clause format": (["text.txt"], 3, "clause_invalid"),
    "clause run": ([str(CALL), "--input", "strikePrice"], 2, "value_malformed"),
    "clause prove": ([str(CALL), "--range", "strikePrice=2..1"], 2, "value_malformed"),
    "agreement verify": (["empty.json"], 3, "document_malformed"),
    "agreement submit": (["empty.json", "--clause", str(CALL), "--url", NOBODY], 3, "terms_invalid"),
    "agreement sign": ([ID, "--signature", "0x00", "--url", NOBODY], 3, "signing_refused"),
    "agreement show": ([ID, "--url", NOBODY], 5, "chain_unavailable"),
    "observation sign": (["none.json", "--value", "1", "--published-at", "1", *KEY], 2, "file_unreadable"),
    "observation submit": ([ID, "text.txt", "--url", NOBODY], 2, "file_not_json"),
    "outcome compute": (["empty.json"], 3, "document_malformed"),
    "outcome show": (["0x12", "--url", NOBODY], 2, "value_malformed"),
    "outcome sign": ([ID, "--url", NOBODY, "--valid-until", "soon", *KEY], 2, "option_value_malformed"),
    "proposal sign": ([ID, "--url", NOBODY, *KEY], 2, "option_missing"),
    "ruling submit": ([ID, "text.txt", "--url", NOBODY], 2, "file_not_json"),
    "appeal submit": ([ID, "text.txt", "--url", NOBODY], 2, "file_not_json"),
    "exercise submit": ([ID, "text.txt", "--url", NOBODY], 2, "file_not_json"),
    "permit submit": ([ID, "text.txt", "--url", NOBODY], 2, "file_not_json"),
    "outcome submit": ([ID, "text.txt", "--url", NOBODY], 2, "file_not_json"),
    "amendment submit": ([ID, "text.txt", "--url", NOBODY], 2, "option_missing"),
    "novation submit": ([ID, "text.txt", "--url", NOBODY], 2, "option_missing"),
    "dispute sign": ([ID, "--url", NOBODY, "--valid-until", "1", *KEY], 5, "chain_unavailable"),
    "settlement show": ([ID, "--url", "ftp://127.0.0.1"], 2, "url_malformed"),
    "escrow approve": (["none.json", "--rpc-url", NOBODY, *KEY], 2, "file_unreadable"),
    "escrow open": (["empty.json"], 3, "terms_invalid"),
    "escrow settle": (["none.json", "signed.json"], 2, "file_unreadable"),
    "escrow propose": (["none.json", "signed.json"], 2, "file_unreadable"),
    "escrow dispute": (["none.json", "signed.json"], 2, "file_unreadable"),
    "escrow finalise": (["none.json"], 2, "file_unreadable"),
    "escrow default": (["none.json"], 2, "file_unreadable"),
    "escrow observe": (["none.json", "signed.json"], 2, "file_unreadable"),
    "escrow settle-observed": (["none.json"], 2, "file_unreadable"),
    "escrow rule": (["none.json", "signed.json"], 2, "file_unreadable"),
    "escrow appeal": (["none.json", "signed.json"], 2, "file_unreadable"),
    "escrow uphold": (["none.json"], 2, "file_unreadable"),
    "escrow expire": (["none.json"], 2, "file_unreadable"),
    "escrow exercise": (["none.json", "signed.json"], 2, "file_unreadable"),
    "escrow amend": (["none.json", "signed.json", "--amended", "none.json"], 2, "file_unreadable"),
    "escrow novate": (["none.json", "signed.json", "--amended", "none.json"], 2, "file_unreadable"),
    "escrow withdraw": (["none.json", "signed.json"], 2, "file_unreadable"),
    "escrow cancel": (["none.json", "signed.json"], 2, "file_unreadable"),
    "escrow raise-epoch": (["none.json", "signed.json"], 2, "file_unreadable"),
    "escrow state": (["none.json", "--rpc-url", NOBODY], 2, "file_unreadable"),
    "escrow sign": (["promise", "none.json", *KEY], 2, "value_malformed"),
    "proof fetch": ([ID, "--url", NOBODY, "--out", "proof.json"], 5, "chain_unavailable"),
    "proof verify": (["empty.json"], 3, "document_malformed"),
    "keys new": (["--out", "key.json", "--password-file", "none.txt"], 2, "password_unreadable"),
    "keys address": (["empty.json"], 2, "value_malformed"),
    "keys import": (["--key-file", "none.txt", "--out", "key.json", "--password-file", "none.txt"], 2, "file_unreadable"),
    "keys list": (["nowhere"], 2, "file_unreadable"),
    "typed-data hash": (["empty.json"], 3, "value_refused"),
    "tx decode": (["0x02zz"], 3, "value_refused"),
    "tx encode": (["empty.json"], 3, "value_refused"),
    "rlp encode": (["none.json"], 2, "file_unreadable"),
    "rlp decode": (["0x8100"], 3, "value_refused"),
    "abi encode": (["transfer(address,uint256)", "empty.json"], 2, "value_malformed"),
    "abi decode": (["(uint256)", "0x00"], 3, "value_refused"),
    "receipt prove": ([ID, "--rpc-url", NOBODY, "--out", "receipt.json"], 5, "chain_unavailable"),
    "receipt verify": (["empty.json", "--trusted-block", ID], 3, "value_refused"),
    "serve": (["--rpc-url", NOBODY, "--escrow", "0x1", "--port", "70000", "--poll-ms", "1"], 2,
              "option_value_malformed"),
}


@pytest.fixture
def tallystick(tmp_path: Path) -> Tallystick:
    (tmp_path / "empty.json").write_text("{}")
    (tmp_path / "text.txt").write_text("this is no document\n")
    return Tallystick(tmp_path)


def test_the_table_has_every_command(tallystick: Tallystick) -> None:
    listed = re.findall(r"^  ([a-z-]+(?: [a-z-]+)?)  +\w", tallystick("--help").split("Commands:")[1].split("Options")[0], re.M)
    assert set(listed) == set(FAILING)


@pytest.mark.parametrize("command", FAILING)
def test_a_failure_is_one_envelope_and_one_line(tallystick: Tallystick, command: str) -> None:
    words, status, code = FAILING[command]
    result = tallystick.run(*command.split(), *words, "--json")
    assert result.status == status, result
    envelope = result.envelope
    assert set(envelope) == {"schema_version", "success", "data", "errors", "warnings"}
    assert envelope["success"] is False and envelope["data"] is None
    assert [each["code"] for each in envelope["errors"]] == [code]
    assert result.stderr.startswith("tallystick: ") and result.stderr.count("\n") >= 1
    plain = tallystick.run(*command.split(), *words)
    assert plain.status == status and plain.stdout == ""


def test_a_configuration_names_all_that_is_wrong_with_it(tallystick: Tallystick) -> None:
    result = tallystick.run(
        "serve", "--rpc-url", NOBODY, "--escrow", "0x1", "--port", "70000", "--poll-ms", "1", "--confirmations", "0")
    for option in ("--escrow", "--port", "--poll-ms", "--confirmations"):
        assert option in result.stderr


def test_what_a_transaction_leaves_out_is_named(tallystick: Tallystick) -> None:
    result = tallystick.run("tx", "encode", "empty.json")
    assert result.stdout == ""
    for field in ("nonce", "gas or gasLimit", "to or input or data", "gasPrice"):
        assert f"{field}: found nothing; add it" in result.stderr
    (tallystick.directory / "fee.json").write_text('{"type": 2, "nonce": 0, "gas": 21000, "to": null}')
    result = tallystick.run("tx", "encode", "fee.json")
    assert [line.split(": found")[0].split()[-1] for line in result.stderr.splitlines() if "found" in line] == [
        "chainId", "maxFeePerGas", "maxPriorityFeePerGas"]


def test_a_file_that_is_missing_is_named(tallystick: Tallystick) -> None:
    (tallystick.directory / "key.txt").write_text("01" * 32 + "\n")
    for key, named in (("none.txt", "none.txt cannot be read"), ("key.txt", "words.txt: No such file")):
        result = tallystick.run("keys", "import", "--key-file", key, "--out", "key.json", "--password-file", "words.txt")
        assert result.status == 2 and named in result.stderr


def test_a_clause_is_laid_out(tallystick: Tallystick) -> None:
    file = tallystick.directory / "call.clause"
    file.write_text(CALL.read_text().replace("  ", " "))
    assert tallystick.run("clause", "format", "call.clause").stdout == CALL.read_text()
    assert tallystick.run("clause", "format", "call.clause", "--check").status == 3
    assert tallystick.run("clause", "format", "call.clause", "--write").status == 0
    assert file.read_text() == CALL.read_text()
    assert tallystick.run("clause", "format", "call.clause", "--check").status == 0


def test_a_failed_write_leaves_nothing(tallystick: Tallystick) -> None:
    (tallystick.directory / "password").write_text("words\n")
    (tallystick.directory / "key.json").write_text("mine")
    result = tallystick.run("keys", "new", "--out", "key.json", "--password-file", "password", "--light")
    assert result.status == 2
    assert (tallystick.directory / "key.json").read_text() == "mine"
    assert sorted(each.name for each in tallystick.directory.iterdir()) == [
        "empty.json", "key.json", "password", "text.txt"]


class HangingNode:
    """In front of a node; from `hang` on it takes every request and answers none."""

    def __init__(self, port: int) -> None:
        self.target, self.hangs = port, threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self.socket.accept()
            upstream = socket.create_connection(("127.0.0.1", self.target))
            for source, sink in ((client, upstream), (upstream, client)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        while data := source.recv(65_536):
            if self.hangs.is_set():
                threading.Event().wait()
            sink.sendall(data)
        sink.close()


def test_it_stops_in_five_seconds_though_its_node_hangs(world: World, tmp_path: Path) -> None:
    node = HangingNode(int(world.chain.url.rsplit(":", 1)[1]))
    service = Service(tmp_path, rpc_url=node.url, escrow=world.escrow.address)
    service.start()
    assert service.get("/readyz").status_code == 200
    node.hangs.set()
    # This one waits for the node as the rounds do.
    with pytest.raises(requests.ReadTimeout):
        requests.get(service.url + "/readyz", timeout=0.5)
    started = time.monotonic()
    assert service.stop() == 0
    assert time.monotonic() - started < 5
