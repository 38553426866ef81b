"""What must hold after every step, whatever was tried. INVARIANTS.md numbers these and says what each means.

They look at what the reader found on the chain, before and after, and do not trust the model's arithmetic:
from the model they take only who gave what as a gift.
"""

from evm import Receipt
from sequences.model import APPEALED, BY_RULING, CLOSED, DISPUTED, OPEN, PROPOSED, RULED, UNOPENED
from sequences.stage import HOLDERS, Agreement, claimants

STATUS, VERSION, PROPOSER, DISPUTER, PROPOSED_AT, DISPUTED_AT, TO_BUYER, TO_SELLER = range(8)
LEADS_TO = {
    UNOPENED: {UNOPENED, OPEN},
    OPEN: {OPEN, PROPOSED, CLOSED},
    PROPOSED: {PROPOSED, DISPUTED, CLOSED},
    DISPUTED: {DISPUTED, CLOSED, RULED},
    RULED: {RULED, APPEALED, CLOSED},
    APPEALED: {APPEALED, CLOSED},
    CLOSED: {CLOSED},
}


class View:
    """One reading of the chain."""

    def __init__(self, walk, seen: dict):
        self.walk, self.seen = walk, seen

    def status(self, a: Agreement) -> int:
        words = self.seen["state", a.id]
        return words[STATUS] if words else UNOPENED

    def state(self, a: Agreement) -> tuple[int, ...]:
        return self.seen["state", a.id] or (0,) * 8

    def balance(self, a: Agreement, holder: str) -> int:
        return self.seen["balance", a.ledger.address, holder][0]

    def claims(self, a: Agreement) -> int:
        return sum(
            sum(self.seen["claim", a.id, holder]) for holder in claimants(a)
        )

    def owed(self, a: Agreement) -> int:
        """Collaterals and live bonds while it is open, and claims for ever."""
        state, owed = self.state(a), self.claims(a)
        if state[STATUS] not in (UNOPENED, CLOSED):
            bonds = (state[PROPOSER] != 0) + (state[DISPUTER] != 0)
            owed += a.total + bonds * a.bond
        return owed


class Moment:
    """One step: what was called, what came of it, and the chain before and after."""

    def __init__(self, walk, call, receipt: Receipt):
        self.walk, self.call, self.receipt = walk, call, receipt
        self.before, self.after = View(walk, walk.before), View(walk, walk.seen)
        self.agreements: list[Agreement] = walk.agreements


def debts_are_covered(m: Moment) -> None:
    for a in m.agreements:
        if a.ledger.solvent:
            assert m.after.owed(a) <= m.after.balance(a, a.vault), a.name


def nothing_is_left_in_a_closed_vault(m: Moment) -> None:
    for a in m.agreements:
        if m.walk.kind not in ("odd reply", "rebasing", "send-back") and m.after.status(a) == CLOSED:
            held = m.after.balance(a, a.vault)
            assert held == m.after.claims(a) + m.walk.model.vaults[a.id].gifts, a.name


def tokens_are_neither_made_nor_lost(m: Moment) -> None:
    for a in m.agreements:
        if a.ledger.contract == "RebasingToken":
            continue
        token = a.ledger.address
        total = [
            sum(words[0] for key, words in seen.items() if key[:2] == ("balance", token))
            for seen in (m.before.seen, m.after.seen)
        ]
        assert total[0] == total[1], a.name


def only_signers_pay(m: Moment) -> None:
    """And who is an outsider to an agreement neither pays nor gains, except where a claimant names it."""
    signers = m.call.signers()
    for holder in HOLDERS:
        for token in {a.ledger.address for a in m.agreements}:
            key = "balance", token, holder.address
            if m.after.seen[key] < m.before.seen[key]:
                assert holder.address in signers or m.walk.kind == "rebasing", holder.name


def only_entitled_gain(m: Moment) -> None:
    a = m.call.agreement
    entitled = set(claimants(a))
    if m.call.act.name == "withdraw":
        entitled.add(m.call.arguments[1])
    for holder in HOLDERS:
        for token in {each.ledger.address for each in m.agreements}:
            key = "balance", token, holder.address
            if m.after.seen[key] > m.before.seen[key]:
                assert holder.address in entitled, holder.name
                assert token == a.ledger.address, holder.name


def other_agreements_are_untouched(m: Moment) -> None:
    for a in m.agreements:
        if a is m.call.agreement:
            continue
        for key, words in m.after.seen.items():
            mine = key[0] in ("state", "claim") and key[1] == a.id
            mine = mine or key[:3] == ("balance", a.ledger.address, a.vault)
            if mine and a.ledger.contract != "RebasingToken":
                assert words == m.before.seen[key], (a.name, key)


def status_moves_forward(m: Moment) -> None:
    for a in m.agreements:
        assert m.after.status(a) in LEADS_TO[m.before.status(a)], a.name


def closed_is_final(m: Moment) -> None:
    """Only claims go down from there."""
    for a in m.agreements:
        if m.before.status(a) == CLOSED:
            assert m.after.state(a) == m.before.state(a), a.name
            for holder in claimants(a):
                key = "claim", a.id, holder
                assert m.after.seen[key][0] in (0, m.before.seen[key][0]), a.name


def proposals_are_whole(m: Moment) -> None:
    for a in m.agreements:
        state = m.after.state(a)
        if state[PROPOSER]:
            assert state[TO_BUYER] + state[TO_SELLER] == a.total, a.name
        else:
            assert state[TO_BUYER] == state[TO_SELLER] == 0, a.name


def stored_acts_never_change(m: Moment) -> None:
    """Proposer, disputer, their times and the proposed amounts are written once."""
    for a in m.agreements:
        before, after = m.before.state(a), m.after.state(a)
        if before[PROPOSER]:
            kept = PROPOSER, PROPOSED_AT, TO_BUYER, TO_SELLER
            assert all(after[at] == before[at] for at in kept), a.name
        if before[DISPUTER]:
            assert after[DISPUTER] == before[DISPUTER], a.name
            assert after[DISPUTED_AT] == before[DISPUTED_AT], a.name


def acts_have_distinct_authors(m: Moment) -> None:
    for a in m.agreements:
        state = m.after.state(a)
        assert not state[PROPOSER] or hex_of(state[PROPOSER]) in lower(a.buyer, a.seller)
        assert not state[DISPUTER] or state[DISPUTER] != state[PROPOSER], a.name


def windows_are_kept(m: Moment) -> None:
    """Read from the clock and the stored times alone."""
    a, now = m.call.agreement, m.walk.model.now
    before, after = m.before.state(a), m.after.state(a)
    move = before[STATUS], after[STATUS]
    if move == (UNOPENED, OPEN):
        assert now < a.acceptBy
    if move == (OPEN, PROPOSED):
        assert a.settleFrom <= now < a.settleBy and after[PROPOSED_AT] == now
    if move == (PROPOSED, DISPUTED):
        assert now < before[PROPOSED_AT] + a.disputeWindow and after[DISPUTED_AT] == now
    if m.call.act.name == "finalise" and move[1] != move[0]:
        assert now >= before[PROPOSED_AT] + a.disputeWindow
    if m.call.act.name == "settleByDefault" and move == (OPEN, CLOSED):
        assert now >= a.settleBy
    if m.call.act.name == "settleByDefault" and move == (DISPUTED, CLOSED):
        rounds = 2 if a.fallbackThreshold else 1
        assert now >= before[DISPUTED_AT] + rounds * a.rulingWindow
    if m.call.act.name == "rule" and move[0] != move[1]:
        assert now < before[DISPUTED_AT] + 2 * a.rulingWindow or move[0] == APPEALED


def settled_pays_what_it_says(m: Moment) -> None:
    """Each party's gain and new claim, without bonds, is what the event tells; together the collaterals."""
    a = m.call.agreement
    settled = [
        values for _, name, values in m.walk._events(m.receipt) if name == "Settled"
    ]
    moved = m.after.status(a) == CLOSED and m.before.status(a) != CLOSED
    assert len(settled) == int(moved)
    if not moved:
        return
    assert settled[0]["toBuyer"] + settled[0]["toSeller"] == a.total
    if not a.ledger.solvent or m.walk.kind == "send-back" or getattr(a.ledger, "fee", 0):
        return
    if settled[0]["route"] == BY_RULING:
        return  # bonds go elsewhere: see rulings_share_the_bonds
    state = m.before.state(a)
    for party, amount in ((a.buyer, settled[0]["toBuyer"]), (a.seller, settled[0]["toSeller"])):
        bonds = a.bond * (
            (state[PROPOSER] == int(party, 16)) + (state[DISPUTER] == int(party, 16))
        )
        claim = "claim", a.id, party
        gained = m.after.balance(a, party) - m.before.balance(a, party)
        gained += m.after.seen[claim][0] - m.before.seen[claim][0]
        assert gained == amount + bonds, party


def rulings_share_the_bonds(m: Moment) -> None:
    """What a ruling pays out is the collaterals and both bonds, and the fee of it goes to who signed."""
    a = m.call.agreement
    settled = [values for _, name, values in m.walk._events(m.receipt) if name == "Settled"]
    if not settled or settled[0]["route"] != BY_RULING or not a.ledger.solvent:
        return
    if m.walk.kind == "send-back" or getattr(a.ledger, "fee", 0):
        return
    state = m.before.state(a)
    authors = {state[PROPOSER], state[DISPUTER]}
    gains = {}
    for holder in claimants(a):
        claim = "claim", a.id, holder
        gains[holder] = m.after.balance(a, holder) - m.before.balance(a, holder)
        gains[holder] += m.after.seen[claim][0] - m.before.seen[claim][0]
    assert sum(gains.values()) == a.total + 2 * a.bond
    panels = set(a.arbitrators) | set(a.fallbackArbitrators)
    assert sum(gain for holder, gain in gains.items() if holder in panels) == a.arbitrationFee
    for party, amount in ((a.buyer, settled[0]["toBuyer"]), (a.seller, settled[0]["toSeller"])):
        bonds = gains[party] - amount
        assert 0 <= bonds <= (2 * a.bond if int(party, 16) in authors else 0), party


def claims_grow_only_by_failed_payouts(m: Moment) -> None:
    told = {}
    for _, name, values in m.walk._events(m.receipt):
        if name == "Claimable":
            key = "claim", values["agreementId"], values["claimant"]
            told[key] = told.get(key, 0) + values["amount"]
    for key, words in m.after.seen.items():
        if key[0] == "claim":
            grown = sum(words) - sum(m.before.seen[key])
            assert grown <= told.get(key, 0), key
            if m.call.act.name != "withdraw":
                assert grown == told.get(key, 0), key


def the_escrow_holds_nothing(m: Moment) -> None:
    factory = m.walk.stage.factory.address
    for token in {a.ledger.address for a in m.agreements}:
        assert m.after.seen["balance", token, factory] == (0,)


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
        if m.before.status(a) == UNOPENED:
            cancelled = any(m.before.seen["cancelled", a.id, each][0] for each in (a.buyer, a.seller))
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
    claims_grow_only_by_failed_payouts,
    the_escrow_holds_nothing,
    epochs_only_rise,
    cancelled_stays_cancelled,
]


def check(walk, call, receipt: Receipt, model_before) -> None:
    if not receipt.ok and walk.seen is walk.before:
        return  # nothing changed, so what held holds
    moment = Moment(walk, call, receipt)
    for invariant in AFTER_EACH_STEP:
        invariant(moment)
