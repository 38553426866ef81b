"""What must hold after every step, whatever was tried. INVARIANTS.md numbers these and says what each means.

They look at what the reader found on the chain, before and after, and do not trust the model's arithmetic:
from the model they take only which terms hold and who gave what as a gift.
"""

from evm import Receipt
from sequences.model import (
    APPEALED,
    BY_RULING,
    CLOSED,
    DISPUTED,
    OBSERVED,
    OPEN,
    PROPOSED,
    RULED,
    UNOPENED,
)
from sequences.stage import CLAIMANTS, HOLDERS, Agreement
from terms import ZERO

STATUS, VERSION, PROPOSER, DISPUTER, PROPOSED_AT, DISPUTED_AT, TO_BUYER, TO_SELLER = range(8)
TERMS_ID, EXERCISED_AT = 3, 5  # in the words of details()
LEADS_TO = {
    UNOPENED: {UNOPENED, OPEN},
    OPEN: {OPEN, PROPOSED, CLOSED},
    PROPOSED: {PROPOSED, DISPUTED, CLOSED},
    DISPUTED: {DISPUTED, CLOSED, RULED},
    RULED: {RULED, APPEALED, CLOSED},
    APPEALED: {APPEALED, CLOSED},
    CLOSED: {CLOSED},
}
# Tokens that do not keep to what they say; only the agreements over them may suffer.
UNRELIABLE = ("odd reply", "rebasing", "send-back", "fee on transfer")


class View:
    """One reading of the chain."""

    def __init__(self, seen: dict, vaults: dict):
        self.seen, self.vaults = seen, vaults

    def terms(self, a: Agreement) -> Agreement:
        """Those that hold at this moment."""
        return self.vaults[a.id].current

    def state(self, a: Agreement) -> tuple[int, ...]:
        if a.physical:
            words = self.seen["deliverystate", a.id]
            return (*words[:2], *(0,) * 6) if words else (0,) * 8
        return self.seen["state", a.id] or (0,) * 8

    def status(self, a: Agreement) -> int:
        return self.state(a)[STATUS]

    def details(self, a: Agreement) -> tuple[int, ...]:
        return self.seen["details", a.id] or (0,) * 18

    def balance(self, token: str, holder: str) -> int:
        return self.seen["balance", token, holder][0]

    def claim(self, a: Agreement, token: str, holder: str) -> int:
        return sum(self.seen.get(("claim", a.id, token, holder), ()))

    def claims(self, a: Agreement, token: str) -> int:
        return sum(self.claim(a, token, each.address) for each in CLAIMANTS)

    def owed(self, a: Agreement, token: str) -> int:
        """Collaterals and live bonds while it is open, and claims for ever."""
        state, owed = self.state(a), self.claims(a, token)
        if state[STATUS] not in (UNOPENED, CLOSED):
            terms = self.terms(a)
            owed += sum(amount for ledger, amount in terms.held() if ledger.address == token)
            if token == terms.token:
                owed += ((state[PROPOSER] != 0) + (state[DISPUTER] != 0)) * terms.bond
        return owed


class Moment:
    """One step: what was called, what came of it, and the chain before and after."""

    def __init__(self, walk, call, receipt: Receipt, before: tuple):
        self.walk, self.call, self.receipt = walk, call, receipt
        self.before, self.after = View(walk.before, before[1]), View(walk.seen, walk.model.vaults)
        self.agreements: list[Agreement] = walk.first
        self.cash = [each for each in walk.first if not each.physical]
        self.tokens = {ledger.address: ledger for each in walk.first for ledger in each.ledgers}
        self.unreliable = {walk.stage.ledgers[kind].address for kind in UNRELIABLE}
        self.a = call.agreement
        self.events = walk._events(receipt) if receipt.ok else []

    def told(self, name: str) -> list[dict]:
        return [values for _, each, values in self.events if each == name]

    def gain(self, holder: str, token: str) -> int:
        """What a holder has more, claims on the called agreement included."""
        more = self.after.balance(token, holder) - self.before.balance(token, holder)
        return more + self.after.claim(self.a, token, holder) - self.before.claim(self.a, token, holder)


def debts_are_covered(m: Moment) -> None:
    for a in m.agreements:
        for ledger in a.ledgers:
            if ledger.solvent:
                held = m.after.balance(ledger.address, a.vault)
                assert m.after.owed(a, ledger.address) <= held, a.name


def nothing_is_left_in_a_closed_vault(m: Moment) -> None:
    for a in m.agreements:
        for ledger in a.ledgers:
            if m.after.status(a) == CLOSED and ledger.address not in m.unreliable:
                gifts = m.walk.model.vaults[a.id].gifts.get(ledger.address, 0)
                held = m.after.balance(ledger.address, a.vault)
                assert held == m.after.claims(a, ledger.address) + gifts, a.name


def tokens_are_neither_made_nor_lost(m: Moment) -> None:
    for token, ledger in m.tokens.items():
        if ledger.contract != "RebasingToken":
            totals = [
                sum(words[0] for key, words in view.seen.items() if key[:2] == ("balance", token))
                for view in (m.before, m.after)
            ]
            assert totals[0] == totals[1], ledger.contract


def only_signers_pay(m: Moment) -> None:
    signers = m.call.signers()
    for token, ledger in m.tokens.items():
        for holder in HOLDERS:
            key = "balance", token, holder.address
            if m.after.seen[key] < m.before.seen[key] and ledger.contract != "RebasingToken":
                assert holder.address in signers, holder.name


def only_entitled_gain(m: Moment) -> None:
    """Parties, watchers and panels of the called agreement, in its tokens; and whom a claimant names."""
    terms = m.before.terms(m.a)
    entitled = {terms.buyer, terms.seller, terms.buyerWatcher, terms.sellerWatcher}
    entitled |= {*terms.arbitrators, *terms.fallbackArbitrators}
    if m.call.act.name == "withdraw":
        entitled.add(m.call.arguments[1])
    if m.call.act.name == "withdrawToken":
        entitled.add(m.call.arguments[2])
    for token in m.tokens:
        for holder in HOLDERS:
            key = "balance", token, holder.address
            if m.after.seen[key] > m.before.seen[key]:
                assert holder.address in entitled, holder.name
                assert token in {ledger.address for ledger in m.a.ledgers}, holder.name


def other_agreements_are_untouched(m: Moment) -> None:
    for a in m.agreements:
        if a.id == m.a.id:
            continue
        for key, words in m.after.seen.items():
            own = key[0] in ("state", "details", "deliverystate", "claim") and key[1] == a.id
            own = own or key[0] == "balance" and key[2] == a.vault
            if own and m.tokens.get(key[1]) is not m.walk.stage.ledgers["rebasing"]:
                assert words == m.before.seen[key], (a.name, key)


def status_moves_forward(m: Moment) -> None:
    for a in m.agreements:
        assert m.after.status(a) in LEADS_TO[m.before.status(a)], a.name


def closed_is_final(m: Moment) -> None:
    """Only claims go down from there."""
    for a in m.agreements:
        if m.before.status(a) == CLOSED:
            for key, words in m.after.seen.items():
                if key[0] in ("state", "details", "deliverystate") and key[1] == a.id:
                    assert words == m.before.seen[key], a.name
                if key[0] == "claim" and key[1] == a.id:
                    assert words[0] in (0, m.before.seen[key][0]), a.name


def proposals_are_whole(m: Moment) -> None:
    for a in m.cash:
        state = m.after.state(a)
        if state[PROPOSER]:
            assert state[TO_BUYER] + state[TO_SELLER] == m.after.terms(a).total, a.name
        else:
            assert state[TO_BUYER] == state[TO_SELLER] == 0, a.name


def stored_acts_never_change(m: Moment) -> None:
    """Proposer, disputer, their times, the proposed amounts, and when it was exercised are written once."""
    for a in m.cash:
        before, after = m.before.state(a), m.after.state(a)
        if before[PROPOSER]:
            kept = PROPOSER, PROPOSED_AT, TO_BUYER, TO_SELLER
            assert all(after[at] == before[at] for at in kept), a.name
        if before[DISPUTER]:
            assert after[DISPUTER] == before[DISPUTER], a.name
            assert after[DISPUTED_AT] == before[DISPUTED_AT], a.name
        if m.before.details(a)[EXERCISED_AT]:
            assert m.after.details(a)[EXERCISED_AT] == m.before.details(a)[EXERCISED_AT], a.name


def acts_have_distinct_authors(m: Moment) -> None:
    for a in m.cash:
        state, terms = m.after.state(a), m.after.terms(a)
        assert not state[PROPOSER] or hex_of(state[PROPOSER]) in lower(terms.buyer, terms.seller)
        assert not state[DISPUTER] or state[DISPUTER] != state[PROPOSER], a.name


def windows_are_kept(m: Moment) -> None:
    """Read from the clock, the terms and the stored times alone."""
    name, now, a = m.call.act.name, m.walk.model.now, m.before.terms(m.a)
    before, after = m.before.state(a), m.after.state(a)
    move = before[STATUS], after[STATUS]
    if move == (UNOPENED, OPEN):
        assert now < a.acceptBy
    if move == (OPEN, PROPOSED):
        assert a.settleFrom <= now < a.settleBy and after[PROPOSED_AT] == now
    if move == (PROPOSED, DISPUTED):
        assert now < before[PROPOSED_AT] + a.disputeWindow and after[DISPUTED_AT] == now
    if move[0] == move[1]:
        return
    if name == "finalise":
        assert now >= before[PROPOSED_AT] + a.disputeWindow
    if name == "settleByDefault":
        rounds = 2 if a.fallbackThreshold else 1
        late = now >= before[DISPUTED_AT] + rounds * a.rulingWindow
        assert now >= a.settleBy if move[0] == OPEN else late
    if name == "rule" and move[0] == DISPUTED:
        assert before[DISPUTED_AT] <= now < before[DISPUTED_AT] + 2 * a.rulingWindow
    if name == "settleObserved":
        assert now >= a.evidenceCloses
    if name == "expire":
        assert now >= a.expirationTime
    if name == "exercise":
        assert a.exerciseStart <= now < a.expirationTime


def settled_pays_what_it_says(m: Moment) -> None:
    """Each party's gain and new claim, without bonds, is what the event tells; together the collaterals."""
    settled = m.told("Settled")
    closes = m.after.status(m.a) == CLOSED and m.before.status(m.a) != CLOSED
    assert len(settled) == int(closes and not m.a.physical)
    if not settled:
        return
    a, state = m.before.terms(m.a), m.before.state(m.a)
    paid = {a.buyer: settled[0]["toBuyer"], a.seller: settled[0]["toSeller"]}
    assert sum(paid.values()) == a.total
    assert settled[0]["version"] == state[VERSION]
    if a.token in m.unreliable or settled[0]["route"] == BY_RULING:
        return  # of a ruling: rulings_share_the_bonds
    for party, amount in paid.items():
        bonds = (state[PROPOSER] == int(party, 16)) + (state[DISPUTER] == int(party, 16))
        pulled = a.bond if m.call.act.name == "propose" and m.call.arguments[0] == party else 0
        assert m.gain(party, a.token) in (amount + a.bond * bonds, amount + a.bond * bonds - pulled), party


def rulings_share_the_bonds(m: Moment) -> None:
    """What a ruling pays out is the collaterals and both bonds, and the fee of it goes to who signed, unless an
    appellant has paid them."""
    settled = m.told("Settled")
    if not settled or settled[0]["route"] != BY_RULING or m.a.token in m.unreliable:
        return
    a, state = m.before.terms(m.a), m.before.state(m.a)
    gains = {each.address: m.gain(each.address, a.token) for each in CLAIMANTS}
    assert sum(gains.values()) == a.total + 2 * a.bond
    panels = {*a.arbitrators, *a.fallbackArbitrators}
    is_paid = m.call.act.name == "uphold" and m.before.status(m.a) == APPEALED
    assert sum(gain for holder, gain in gains.items() if holder in panels) == (0 if is_paid else a.arbitrationFee)
    for party, amount in ((a.buyer, settled[0]["toBuyer"]), (a.seller, settled[0]["toSeller"])):
        author = int(party, 16) in (state[PROPOSER], state[DISPUTER])
        assert 0 <= gains[party] - amount <= (2 * a.bond if author else 0), party


def observed_prices_are_the_panels(m: Moment) -> None:
    """The buyer never gets more than its own collateral and the seller's, and the seller never nothing back
    that the payoff does not take: what moved is between the bounds, and one price was told."""
    settled = m.told("Settled")
    if settled and settled[0]["route"] == OBSERVED:
        terms = m.before.terms(m.a)
        assert len(m.told("Priced")) == 1 and m.told("Priced")[0]["price"] > 0
        assert terms.buyerCollateral <= settled[0]["toBuyer"] <= terms.total


def deliveries_are_against_payment(m: Moment) -> None:
    """Exercise moves the strike one way and the quantity the other, whole, or nothing; nothing else does."""
    settled = m.told("DeliverySettled")
    closes = m.after.status(m.a) == CLOSED and m.before.status(m.a) != CLOSED
    assert len(settled) == int(closes and m.a.physical)
    if not settled:
        return
    a, economics = m.a, m.a.terms.economics
    exercised = m.told("DeliveryExercised")
    assert len(exercised) == int(m.call.act.name == "exercise")
    if m.unreliable & {ledger.address for ledger in a.ledgers}:
        return
    names = ("toBuyer", "toSeller"), ("deliveryToBuyer", "deliveryToSeller")
    for ledger, (to_buyer, to_seller) in zip(a.ledgers, names):
        token, call = ledger.address, a.locked is not a.ledger
        cost = 0
        if exercised and call and token == a.token:
            cost = exercised[0]["strikePayment"]
        if exercised and not call and token != a.token:
            cost = economics["quantity"]
        assert m.gain(a.buyer, token) == settled[0][to_buyer] - cost, ledger.contract
        assert m.gain(a.seller, token) == settled[0][to_seller], ledger.contract
        held = sum(amount for each, amount in a.held() if each is ledger)
        assert settled[0][to_buyer] + settled[0][to_seller] == held + cost, ledger.contract


def claims_grow_only_by_failed_payouts(m: Moment) -> None:
    told: dict = {}
    for values in m.told("Claimable") + m.told("TokenClaimable"):
        key = "claim", m.a.id, values.get("token", m.a.token), values["claimant"]
        told[key] = told.get(key, 0) + values["amount"]
    for key, words in m.after.seen.items():
        if key[0] == "claim":
            grown = sum(words) - sum(m.before.seen[key])
            assert grown <= told.get(key, 0), key
            if not m.call.act.name.startswith("withdraw"):
                assert grown == told.get(key, 0), key


def versions_only_rise(m: Moment) -> None:
    """By one, with an amendment or a novation, and only while nothing is proposed; else the terms stay."""
    for a in m.cash:
        before, after = m.before.state(a), m.after.state(a)
        if before[STATUS] == UNOPENED:
            continue
        changed = bool(m.told("Amended") + m.told("Novated")) and a.id == m.a.id
        assert after[VERSION] == before[VERSION] + int(changed), a.name
        same = m.after.details(a)[TERMS_ID] == m.before.details(a)[TERMS_ID]
        assert changed or same, a.name
        if changed:
            assert before[STATUS] == after[STATUS] == OPEN, a.name
            assert not m.before.details(a)[EXERCISED_AT], a.name


def changes_are_funded(m: Moment) -> None:
    """After an amendment the vault has the new collaterals, no more and no less; a novation moves none."""
    if not m.told("Amended") + m.told("Novated") or m.a.token in m.unreliable:
        return
    old, new = m.before.terms(m.a), m.after.terms(m.a)
    token = old.token
    more = m.after.balance(token, old.vault) - m.before.balance(token, old.vault)
    more -= m.after.claims(old, token) - m.before.claims(old, token)
    assert more == new.total - old.total
    assert m.gain(old.buyer, token) + m.gain(old.seller, token) == old.total - new.total or m.told("Novated")


def the_escrow_holds_nothing(m: Moment) -> None:
    for token in m.tokens:
        assert m.after.balance(token, m.walk.stage.factory.address) == 0


def epochs_only_rise(m: Moment) -> None:
    for key, words in m.after.seen.items():
        if key[0] == "epoch":
            assert words >= m.before.seen[key]


def cancelled_stays_cancelled(m: Moment) -> None:
    """And is never open."""
    for key, words in m.after.seen.items():
        if key[0] == "cancelled":
            assert words >= m.before.seen[key]
    for a in m.agreements:
        parties = [each for each in (a.buyer, a.seller) if each != ZERO]
        if m.before.status(a) == UNOPENED:
            cancelled = any(m.before.seen["cancelled", a.id, each][0] for each in parties)
            assert not cancelled or m.after.status(a) == UNOPENED, a.name


def hex_of(address: int) -> str:
    return f"0x{address:040x}"


def lower(*addresses: str) -> tuple[str, ...]:
    return tuple(address.lower() for address in addresses)


AFTER_EACH_STEP = [
    debts_are_covered,
    nothing_is_left_in_a_closed_vault,
    tokens_are_neither_made_nor_lost,
    only_signers_pay,
    only_entitled_gain,
    other_agreements_are_untouched,
    status_moves_forward,
    closed_is_final,
    proposals_are_whole,
    stored_acts_never_change,
    acts_have_distinct_authors,
    windows_are_kept,
    settled_pays_what_it_says,
    rulings_share_the_bonds,
    observed_prices_are_the_panels,
    deliveries_are_against_payment,
    claims_grow_only_by_failed_payouts,
    versions_only_rise,
    changes_are_funded,
    the_escrow_holds_nothing,
    epochs_only_rise,
    cancelled_stays_cancelled,
]


def check(walk, call, receipt: Receipt, before: tuple) -> None:
    """`before` is the model's copy from before the step."""
    if walk.seen is walk.before:
        return  # nothing changed, so what held holds
    moment = Moment(walk, call, receipt, before)
    for invariant in AFTER_EACH_STEP:
        invariant(moment)
