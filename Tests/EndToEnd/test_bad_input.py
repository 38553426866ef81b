"""Bad input, over HTTP and on the command line: refused by name, with what to do, and nothing is changed by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import requests
from harness.command import Result
from harness.terms import CALL, changed
from harness.trade import Trade
from harness.typed_data import high_s, sign
from harness.world import World

STRANGER = b"\x77" * 32


@pytest.fixture(scope="module")
def trade(world: World) -> Trade:
    """Submitted, and signed by the buyer alone."""
    trade = Trade(world, "before", world.buyer, world.seller)
    trade.submit()
    trade.sign(world.buyer)
    return trade


@pytest.fixture(autouse=True)
def nothing_changes(world: World, trade: Trade) -> Iterator[None]:
    """Whatever a test does, the agreement before it and the list of agreements stay as they were."""
    def everything() -> list[Any]:
        return [trade.show(), world.service.part(trade.id, "journal"), world.service.get("/v1/agreements").json()]

    before = everything()
    yield
    assert everything() == before


def submission(terms: dict[str, Any]) -> dict[str, Any]:
    return {"terms": terms, "clause": CALL.read_text()}


def with_domain(terms: dict[str, Any], **changes: str) -> dict[str, Any]:
    return terms | {"domain": terms["domain"] | changes}


def without(terms: dict[str, Any], name: str) -> dict[str, Any]:
    other = deepcopy(terms)
    del other["escrow"][name]
    return other


def text_of(terms: dict[str, Any], name: str, member: str) -> str:
    """The document with one member of the escrow written otherwise than a dictionary could hold it."""
    text = json.dumps(terms)
    written = f'"{name}": "{terms["escrow"][name]}"'
    assert written in text
    return text.replace(written, member)


def expired(terms: dict[str, Any], now: int) -> dict[str, Any]:
    return changed(terms, acceptBy=now)


# What is wrong with terms: the document's text, the code over HTTP, the code on the command line, and words that say
# where and what to do.
BAD_TERMS = {
    "missing field": (
        lambda t: json.dumps(without(t, "premium")), "terms_invalid", "terms_invalid", ["escrow.premium"]),
    "unknown field": (
        lambda t: json.dumps(t | {"escrow": t["escrow"] | {"colour": "red"}}), "terms_invalid", "terms_invalid",
        ["escrow.colour"]),
    "duplicate key": (
        lambda t: text_of(t, "premium", '"premium": "1", "premium": "2"'), "document_malformed", "terms_invalid",
        ["premium", "line", "column"]),
    "amount as a float": (
        lambda t: text_of(t, "premium", '"premium": 420000000.5'), "terms_invalid", "terms_invalid",
        ["escrow.premium", "string"]),
    "amount as a number": (
        lambda t: text_of(t, "premium", '"premium": 420000000'), "terms_invalid", "terms_invalid",
        ["escrow.premium", "string"]),
    "amount with a sign": (
        lambda t: json.dumps(changed(t, premium="+1")), "terms_invalid", "terms_invalid",
        ["escrow.premium", "decimal"]),
    "defaults that are not the whole": (
        lambda t: json.dumps(changed(t, defaultToBuyer=1)), "terms_invalid", "terms_invalid",
        ["escrow.defaultToSeller", "sum"]),
}


@pytest.mark.parametrize("fault", BAD_TERMS)
def test_terms_that_cannot_be_read(world: World, trade: Trade, fault: str) -> None:
    make, http_code, command_code, words = BAD_TERMS[fault]
    text = make(trade.terms)
    body = json.dumps(submission({})).replace('"terms": {}', f'"terms": {text}')
    problem = refused(world.service.post("/v1/agreements", body.encode()), http_code)
    (world.directory / "bad.json").write_text(text)
    said = refused_command(world.tallystick.run("terms", "check", "bad.json", json=True), command_code)
    for word in words:
        assert word in problem, problem
        assert word in said, said
    submitted = world.tallystick.run(
        "agreement", "submit", "bad.json", clause=CALL.name, url=world.service.url, json=True)
    refused_command(submitted, command_code)


# Terms that are in order, but not for this service, this token or this time.
ELSEWHERE = {
    "wrong chain id": (lambda t, now: with_domain(t, chainId="1"), "other_chain", "31337"),
    "another escrow": (lambda t, now: with_domain(t, verifyingContract="0x" + "11" * 20), "other_escrow", "0x"),
    "wrong decimals": (lambda t, now: changed(t, tokenDecimals=18), "other_decimals", "6"),
    "expired acceptance": (expired, "expired", "acceptance"),
}


@pytest.mark.parametrize("fault", ELSEWHERE)
def test_terms_that_cannot_be_agreed_on_here(world: World, trade: Trade, fault: str) -> None:
    make, code, word = ELSEWHERE[fault]
    terms = make(trade.terms, world.chain.time)
    assert word in refused(world.service.post("/v1/agreements", submission(terms)), code)
    (world.directory / "bad.json").write_text(json.dumps(terms))
    result = world.tallystick.run("agreement", "submit", "bad.json", clause=CALL.name, url=world.service.url, json=True)
    assert word in refused_command(result, code)


def test_another_clause_than_the_terms_name(world: World, trade: Trade) -> None:
    put = (CALL.parent / "european-put.clause").read_text()
    refused(world.service.post("/v1/agreements", submission(trade.terms) | {"clause": put}), "other_clause")


def bad_signatures(trade: Trade) -> dict[str, str]:
    domain, key = trade.terms["domain"], trade.seller.private_key()
    good = sign("OptionTerms", domain, trade.terms, key)
    return {
        "wrong signer": sign("OptionTerms", domain, trade.terms, STRANGER),
        "other terms": sign("OptionTerms", domain, changed(trade.terms, salt=99), key),
        "wrong chain id": sign("OptionTerms", domain | {"chainId": "1"}, trade.terms, key),
        "high s": high_s(good),
        "cut short": good[:-4],
        "zero": "0x" + "00" * 65,
    }


# The code and a word of its text, over HTTP and on the command line.
NOT_A_PARTY = ("not_a_party", "sign it with a party's key")
BAD_SIGNATURES = {
    "wrong signer": (NOT_A_PARTY, NOT_A_PARTY),
    "other terms": (NOT_A_PARTY, NOT_A_PARTY),
    "wrong chain id": (NOT_A_PARTY, NOT_A_PARTY),
    "high s": (("document_malformed", "s in the lower half"), ("signing_refused", "upper half")),
    "cut short": (("document_malformed", "130 lowercase hexadecimal digits"), ("signing_refused", "63")),
    "zero": (("document_malformed", "write a signature"), ("signing_refused", "zero")),
}


@pytest.mark.parametrize("fault", BAD_SIGNATURES)
def test_signatures_that_are_not_the_partys(world: World, trade: Trade, fault: str) -> None:
    signature = bad_signatures(trade)[fault]
    over_http, on_the_command_line = BAD_SIGNATURES[fault]
    reply = world.service.post(f"/v1/agreements/{trade.id}/signatures", {"signature": signature})
    assert over_http[1] in refused(reply, over_http[0])
    result = world.tallystick.run("agreement", "sign", trade.id, signature=signature, url=world.service.url, json=True)
    assert on_the_command_line[1] in refused_command(result, on_the_command_line[0])


def test_a_stranger_cannot_sign_the_terms(world: World, trade: Trade) -> None:
    result = world.tallystick.run("terms", "sign", trade.terms_file, json=True, **world.observers[0].key)
    said = refused_command(result, "not_a_party")
    assert world.observers[0].address in said


SIGNATURE_BODIES = {
    "missing field": (b"{}", "document_malformed", "signature"),
    "unknown field": (b'{"signature":"0x00","colour":"red"}', "document_malformed", "colour"),
    "duplicate key": (b'{"signature":"0x00","signature":"0x01"}', "document_malformed", "signature"),
    "a float": (b'{"signature":1.5}', "document_malformed", "signature"),
    "no JSON": (b"signature=0x00", "document_malformed", "line"),
    "trailing data": (b'{"signature":"0x00"} {}', "document_malformed", "line"),
    "no UTF-8": (b'{"signature":"\xff"}', "document_malformed", "UTF-8"),
    "too deep": (b"[" * 40 + b"]" * 40, "document_malformed", ""),
}


@pytest.mark.parametrize("fault", SIGNATURE_BODIES)
def test_bodies_that_are_not_what_the_route_takes(world: World, trade: Trade, fault: str) -> None:
    body, code, word = SIGNATURE_BODIES[fault]
    assert word in refused(world.service.post(f"/v1/agreements/{trade.id}/signatures", body), code)


def test_an_oversized_body(world: World, trade: Trade) -> None:
    problem = refused(world.service.post("/v1/agreements", b'{"terms":"' + b"x" * 8_000_000 + b'"}'), "body_too_large")
    assert "bytes" in problem
    (world.directory / "big.json").write_text(json.dumps(trade.terms) + " " * 8_000_000)
    result = world.tallystick.run("terms", "check", "big.json")
    assert result.status not in (0, 1) and "bytes" in result.stderr


def test_evidence_before_both_have_signed(world: World, trade: Trade) -> None:
    signed = world.observers[0].observe(trade.terms_file, 3_000 * 10**8, trade.number("expirationTime"))
    refused(world.service.post(f"/v1/agreements/{trade.id}/evidence", signed), "out_of_place")


def test_an_agreement_that_nobody_submitted(world: World) -> None:
    reply = world.service.post(f"/v1/agreements/0x{'ab' * 32}/signatures", {"signature": "0x" + "01" * 65})
    refused(reply, "unknown_agreement", "document_malformed")
    refused(world.service.get(f"/v1/agreements/0x{'AB' * 32}"), "agreement_id_malformed")


def refused(reply: requests.Response, *codes: str) -> str:
    """The refusal as RFC 9457 has it, with one of the codes. Its text."""
    assert 400 <= reply.status_code < 500, (reply.status_code, reply.text)
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == reply.status_code
    assert problem["code"] in codes, problem
    assert problem["type"].endswith(problem["code"])
    assert len(problem["detail"]) > 10
    return reply.text


def refused_command(result: Result, *codes: str) -> str:
    """The refusal in the envelope, with one of the codes. Its text."""
    assert result.status in (2, 3), (result.status, result.stdout, result.stderr)
    envelope = result.envelope
    assert envelope["success"] is False
    (error, *_) = envelope["errors"]
    assert error["code"] in codes, error
    assert len(error["message"]) > 10
    return error["message"]
