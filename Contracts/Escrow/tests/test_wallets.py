"""Contract wallets (ERC-1271) as parties, watchers and arbitrators."""

import pyrevm
import pytest
from eth_abi import encode
from eth_utils import keccak

from evm import Revm
from terms import (
    ARBITRATORS,
    BUYER,
    OUTSIDER,
    SELLER,
    UNIT,
    ZERO,
    Party,
    european_call,
)
from world import CLOSED, OPEN, TO_DISPUTER, WALLETS, Contract, World, code_of

MAGIC = bytes.fromhex("1626ba7e")
ACCEPTS = MAGIC + b"\0" * 28
ESCROW = european_call(ZERO).escrow
TOTAL = ESCROW["buyerCollateral"] + ESCROW["sellerCollateral"]
OWNERS = sorted((Party(f"owner {index}") for index in range(3)), key=lambda who: who.address.lower())


class Wallet(Contract):
    """Two owners of three sign, each message bound to the wallet. Used where a party is."""

    def __init__(self, chain, owners=OWNERS, threshold=2, name="wallet"):
        artifact = WALLETS["ThresholdWallet"]
        arguments = [owner.address for owner in owners], threshold
        super().__init__(chain, artifact["abi"], chain.deploy(code_of(artifact, *arguments)))
        self.owners, self.threshold, self.name = owners, threshold, name

    def sign(self, digest: bytes, owners=None) -> bytes:
        message = keccak(encode(["bytes32"], [digest]))
        struct_hash = keccak(
            encode(["bytes32", "bytes32"], [keccak(text="SafeMessage(bytes message)"), message])
        )
        return self._signed(struct_hash, owners)

    def approve(self, token: Contract, spender: str, amount: int) -> None:
        data = token.data("approve", spender, amount)
        struct_hash = keccak(
            encode(
                ["bytes32", "address", "bytes32", "uint256"],
                [
                    keccak(text="Execution(address to,bytes data,uint256 nonce)"),
                    token.address,
                    keccak(data),
                    self.read("nonce"),
                ],
            )
        )
        receipt = self.send("execute", token.address, data, self._signed(struct_hash))
        assert receipt.ok, receipt.reason

    def _signed(self, struct_hash: bytes, owners=None) -> bytes:
        domain = keccak(text="EIP712Domain(uint256 chainId,address verifyingContract)")
        separator = keccak(
            encode(
                ["bytes32", "uint256", "address"], [domain, self.chain.chain_id, self.address]
            )
        )
        digest = keccak(b"\x19\x01" + separator + struct_hash)
        signers = owners if owners is not None else self.owners[: self.threshold]
        return b"".join(owner.sign(digest) for owner in signers)


def fund_wallet(world, wallet: Wallet, amount: int) -> None:
    """Tokens, and an allowance of exactly that amount more."""
    spender = world.vault().address
    world.token.send("mint", wallet.address, amount)
    allowed = world.token.read("allowance", wallet.address, spender)
    wallet.approve(world.token, spender, allowed + amount)


def test_a_trade_between_a_wallet_and_a_wallet(either_world):
    """Two of three owners open, propose, dispute and settle; other two of them may sign each time."""
    world = either_world
    buyer, seller = Wallet(world.chain), Wallet(world.chain, name="other wallet")
    world.terms = world.terms.changed(buyer=buyer.address, seller=seller.address)
    fund_wallet(world, buyer, 570 * UNIT)
    fund_wallet(world, seller, 10_120 * UNIT)
    digest = world.id()
    receipt = world.open(buyer=buyer.sign(digest), seller=seller.sign(digest, OWNERS[1:]))
    assert receipt.ok, receipt.reason
    world.chain.time = ESCROW["settleFrom"]
    assert world.propose(buyer, 5_000 * UNIT).ok
    assert world.dispute(seller, 0).ok
    digest = world.outcome_digest(7, TOTAL - 7, world.chain.time + 60)
    settled = world.settle(
        7,
        valid_until=world.chain.time + 60,
        buyer=buyer.sign(digest, [OWNERS[0], OWNERS[2]]),
        seller=seller.sign(digest),
    )
    assert settled.ok, settled.reason
    assert world.balance(buyer) == 120 * UNIT + 7
    assert world.balance(world.vault().address) == 0


def test_one_wallets_signature_is_not_anothers_of_the_same_owners():
    world = World(Revm())
    buyer, seller = Wallet(world.chain), Wallet(world.chain)
    world.terms = world.terms.changed(buyer=buyer.address, seller=seller.address)
    fund_wallet(world, buyer, 570 * UNIT)
    fund_wallet(world, seller, 10_120 * UNIT)
    signed = buyer.sign(world.id())
    assert world.open(buyer=signed, seller=signed).reason == "open: seller did not sign"


@pytest.mark.parametrize(
    "signature",
    [
        lambda wallet, digest: wallet.sign(digest, OWNERS[:1]),
        lambda wallet, digest: wallet.sign(digest, OWNERS[1::-1]),
        lambda wallet, digest: wallet.sign(digest, OWNERS[:1] * 2),
        lambda wallet, digest: wallet.sign(digest, [OWNERS[0], OUTSIDER]),
        lambda wallet, digest: wallet.sign(keccak(text="other")),
        lambda wallet, digest: OWNERS[0].sign(digest),
        lambda wallet, digest: b"",
        lambda wallet, digest: b"\0" * 1024,
    ],
    ids=["one owner", "wrong order", "one twice", "a stranger", "another digest", "an owner alone",
         "nothing", "zeros"],
)
def test_what_a_wallet_does_not_accept(signature):
    world = World(Revm())
    wallet = Wallet(world.chain)
    world.terms = world.terms.changed(buyer=wallet.address)
    fund_wallet(world, wallet, 570 * UNIT)
    world.fund(SELLER, 10_120 * UNIT, world.vault().address)
    digest = world.id()
    refused = world.open(buyer=signature(wallet, digest))
    assert refused.reason == "open: buyer did not sign"
    assert world.open(buyer=wallet.sign(digest)).ok


def test_wallets_watch_and_rule():
    world = World(Revm())
    watcher = Wallet(world.chain, name="watcher")
    arbitrator = Wallet(world.chain, owners=OWNERS, threshold=3, name="arbitrator")
    world.terms = world.terms.changed(
        sellerWatcher=watcher.address,
        arbitrators=[ARBITRATORS[0].address, arbitrator.address],
        arbitratorThreshold=2,
    )
    world.opened()
    fund_wallet(world, watcher, ESCROW["bond"])
    world.chain.time = ESCROW["settleFrom"]
    assert world.propose(BUYER, 5).ok
    assert world.dispute(watcher, 6).ok
    refused = world.rule(
        7,
        TO_DISPUTER,
        [ARBITRATORS[0], arbitrator],
        signatures=[b"\0" * 65, b"\0" * 65],
    )
    assert not refused.ok
    receipt = world.rule(7, TO_DISPUTER, [ARBITRATORS[0], arbitrator])
    assert receipt.ok, receipt.reason
    assert world.vault().read("state")[0] == CLOSED
    assert world.balance(watcher) == 2 * ESCROW["bond"] - ESCROW["arbitrationFee"]
    assert world.balance(arbitrator) == ESCROW["arbitrationFee"] // 2


def test_a_wallet_appeals_exercises_and_withdraws():
    world = World(Revm(), "BlocklistToken", ())
    wallet = Wallet(world.chain)
    fallback = Party("fallback arbitrator")
    world.terms = world.terms.changed(
        buyer=wallet.address,
        fallbackArbitrators=[fallback.address],
        fallbackThreshold=1,
        exerciseStart=0,
    )
    fund_wallet(world, wallet, 570 * UNIT + ESCROW["arbitrationFee"])
    world.fund(SELLER, 10_120 * UNIT, world.vault().address)
    assert world.open(buyer=wallet.sign(world.id())).ok
    assert world.exercise(wallet).ok
    world.chain.time = ESCROW["settleFrom"]
    assert world.propose(SELLER, 5).ok
    assert world.dispute(wallet, 6).ok
    assert world.rule(7, TO_DISPUTER, ARBITRATORS).ok
    assert world.appeal(wallet).ok
    world.token.send("setBlocked", wallet.address, True)
    assert world.rule(8, TO_DISPUTER, [fallback], round=2).ok
    owed = world.vault().read("claimOf", wallet.address)
    assert owed == 8 + 2 * ESCROW["bond"] - ESCROW["arbitrationFee"]
    assert world.withdraw(wallet, OUTSIDER.address, owed).ok
    assert world.balance(OUTSIDER) == owed


def test_a_wallet_cancels_and_raises_its_epoch():
    world = World(Revm())
    wallet = Wallet(world.chain)
    digest = world.message("EpochRaise", party=wallet.address, epoch=3, validUntil=2**40)
    assert world.factory.send("raiseEpoch", wallet.address, 3, 2**40, wallet.sign(digest)).ok
    assert world.factory.read("epochOf", wallet.address) == 3
    digest = world.message(
        "Cancellation", agreementId=world.id(), version=1, party=wallet.address, validUntil=2**40
    )
    receipt = world.factory.send(
        "cancel", world.id(), wallet.address, 2**40, wallet.sign(digest)
    )
    assert receipt.ok, receipt.reason


# Wallets that answer oddly


@pytest.fixture
def odd():
    """The buyer is a wallet that answers as it is told; it has money and allows everything."""
    world = World(Revm())
    address = world.chain.deploy(code_of(WALLETS["OddWallet"]))
    wallet = Contract(world.chain, WALLETS["OddWallet"]["abi"], address)
    world.terms = world.terms.changed(buyer=address)
    world.token.send("mint", address, 570 * UNIT)
    wallet.send("allow", world.token.address, world.vault().address, 570 * UNIT)
    world.fund(SELLER, 10_120 * UNIT, world.vault().address)
    return world, wallet


@pytest.mark.parametrize(
    "answer, reverts, burns, accepted",
    [
        (ACCEPTS, False, False, True),
        (ACCEPTS, True, False, False),
        (ACCEPTS, False, True, True),
        (MAGIC, False, False, False),
        (b"", False, False, False),
        (ACCEPTS + b"\0", False, False, False),
        (ACCEPTS + b"\0" * 32, False, False, False),
        (ACCEPTS + b"\0" * 96, False, False, False),
        (MAGIC + b"\0" * 27 + b"\1", False, False, False),
        (b"\0" * 28 + MAGIC, False, False, False),
        (b"\0" * 31 + b"\1", False, False, False),
        (b"\xff" * 32, False, False, False),
        (ACCEPTS[:31], False, False, False),
    ],
)
def test_only_the_exact_answer_counts(odd, answer, reverts, burns, accepted):
    world, wallet = odd
    assert wallet.send("setAnswer", answer, reverts, burns).ok
    receipt = world.open(buyer=b"anything")
    assert receipt.reason == (None if accepted else "open: buyer did not sign")
    assert receipt.gas < 1_200_000  # whatever the wallet burns


def test_a_key_of_the_signers_own_address_needs_no_wallet_code():
    """An account with code and a key (EIP-7702): its own signature is asked first."""
    world = World(Revm())
    world.fund_both()
    odd = bytes.fromhex(WALLETS["OddWallet"]["runtime"][2:])
    world.chain.evm.insert_account_info(BUYER.address, pyrevm.AccountInfo(code=odd))
    assert world.chain.code(BUYER.address)
    assert world.open(buyer=OUTSIDER.sign(world.id())).reason == "open: buyer did not sign"
    assert world.open(buyer=b"short").reason == "open: buyer did not sign"
    assert world.open().ok
    assert world.vault().read("state")[0] == OPEN


def test_an_address_without_code_accepts_nothing():
    world = World(Revm())
    world.fund_both()
    assert world.open(buyer=b"").reason == "signature: length"
