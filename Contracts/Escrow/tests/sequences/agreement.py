"""Whether contract and rules say the same of the states that walks came to."""

from collections import Counter

from sequences import clauses
from sequences.model import APPEALED, CLOSED, DISPUTED, OPEN, PROPOSED, RULED, UNOPENED
from sequences.rules import (
    ANYONE,
    ARBITRATORS,
    COUNTS,
    EQUIVOCATED,
    FALLBACK,
    FIXING,
    KEPT,
    LISTS,
    NOBODY,
    OTHER_PARTY,
    PARTIES,
    REPEATED,
    ROUTE_NUMBERS,
    Sight,
    signers,
)
from sequences.stage import PHYSICAL_CALL
from terms import ZERO

FIRST_RULING, SECOND_RULING = 1, 2
BONDED = (PROPOSED, DISPUTED, RULED, APPEALED)


def compare(sights: list[Sight]) -> Counter:
    """Fails where they differ; tells how often each route was open and closed, and what else the rules said."""
    seen: Counter = Counter()
    cash = [each for each in sights if not each.agreement.physical]
    observed(cash, seen)
    vaults(cash, seen)
    deliveries([each for each in sights if each.agreement.physical], seen)
    return seen


def same(s: Sight, what: str, contract, rules) -> None:
    if contract != rules:
        raise AssertionError(
            f"{s.agreement.name}, status {s.status} at {s.now}, after {s.what}\n"
            f"{what}: {contract} on the contract, {rules} by the rules\n{s.stored}\n{s.papers}")


# Prices


def evidence_rows(s: Sight, more: list[tuple]) -> list[dict]:
    """One row for each observation, the last of which may be one that somebody only holds."""
    a, everything = s.agreement, [*s.shown, *more]
    lists = dict(zip(LISTS, map(list, zip(*everything)))) if everything else {}
    for name in ("signers", "feeds"):
        lists[name] = [clauses.signed(each) for each in lists.get(name, [])]
    terms = {
        "feed": clauses.signed(a.feed), "fixingStart": a.expirationTime, "fixingInterval": 1, "fixingCount": 1,
        "evidenceCloses": a.evidenceCloses, "panel": [clauses.signed(each) for each in a.observers]}
    return [{**terms, **lists, "index": index} for index in range(len(everything))]


def observed(sights: list[Sight], seen: Counter) -> None:
    """Which observations count, which price they establish, what it gives the buyer: `observedToBuyer` of the papers."""
    priced = [each for each in sights if each.agreement.payoffKind]
    rows, places = [], []
    for s in priced:
        for more in ([], [s.papers["observation"]]):
            found = evidence_rows(s, more)
            places.append(range(len(rows), len(rows) + len(found)))
            rows += found
    verdicts = [each["findings"]["verdict"] for each in clauses.answers("arbitration/evidence", rows)]
    values = []
    for s, shown, held in zip(priced, places[::2], places[1::2], strict=True):
        counting = [s.shown[index] for index, at in enumerate(shown) if verdicts[at] == COUNTS]
        if s.status != UNOPENED:
            same(s, "observers", s.slots, {each[0]: each[4] for each in counting})
        values.append(sorted(each[4] for each in counting))
        # One more, tried: the chain takes whatever is no fault by itself, while the evidence is open.
        verdict = verdicts[held[-1]]
        taken = verdict in (COUNTS, EQUIVOCATED, REPEATED) and s.status not in (UNOPENED, CLOSED)
        same(s, "an observation", s.tried["observation"].ok, taken and s.now < s.agreement.evidenceCloses)
        seen["verdict", verdict] += 1
    rows = [
        {"threshold": s.agreement.observerThreshold, "maxDisagreementPpm": s.agreement.maxDisagreementPpm, "prices": each}
        for s, each in zip(priced, values, strict=True)]
    prices = [each["findings"] for each in clauses.answers("escrow/price", rows)]
    rungs = clauses.answers("escrow/ladder", [
        {"evidenceCloses": s.agreement.evidenceCloses, "now": s.now, "hasFixing": found["established"],
         "hasPostponement": 0, "hasSecondSource": 0, "hasFinding": 0}
        for s, found in zip(priced, prices, strict=True)])
    for kind, clause in ((1, "payoff/european-call"), (2, "payoff/european-put")):
        mine = [
            (s, found["price"]) for s, found in zip(priced, prices) if found["established"] and s.agreement.payoffKind == kind]
        for (s, _), paid in zip(mine, clauses.answers(clause, [payoff_row(*each) for each in mine])):
            s.papers["observedToBuyer"] = paid["payments"]["toBuyer"]
            same(s, "the observers' whole", sum(paid["payments"].values()), s.agreement.total)
    for s, found, rung in zip(priced, prices, rungs, strict=True):
        if s.status != UNOPENED:
            same(s, "price", s.price, found["price"])
        stands = rung["findings"]["rung"] == FIXING and s.now >= s.agreement.evidenceCloses
        is_live = s.status not in (UNOPENED, CLOSED)
        same(s, "the fixing stands", s.tried["observed"].ok, stands and is_live)
        seen["rung", rung["findings"]["rung"]] += 1


def payoff_row(s: Sight, price: int) -> dict:
    a, economics = s.agreement, s.agreement.terms.economics
    return {
        "strikePrice": economics["strikePrice"], "quantity": economics["quantity"],
        "buyerCollateral": a.buyerCollateral, "sellerCollateral": a.sellerCollateral,
        **clauses.scale(economics), "settlementPrice": price}


# Vaults


def vault_row(s: Sight) -> dict:
    a, papers = s.agreement, s.papers
    names = [
        "acceptBy", "exerciseStart", "expirationTime", "evidenceCloses", "settleFrom", "settleBy", "disputeWindow",
        "rulingWindow", "buyerCollateral", "sellerCollateral", "defaultToBuyer", "bond", "arbitrationFee", "payoffKind"]
    row = {name: getattr(a, name) for name in names}
    row |= {"hasFallback": a.fallbackThreshold > 0, "status": s.status, "now": s.now}
    row |= {name: s.stored[name] for name in KEPT.get(s.status, [])}
    if s.stored["exercisedAt"]:
        row["exercisedAt"] = s.stored["exercisedAt"]
    held = ["agreedToBuyer", "agreedValidUntil", "rulingToBuyer", "observedToBuyer"]
    return row | {name: papers[name] for name in held if name in papers}


def ruling_row(s: Sight, with_ruling: bool, status: int | None = None) -> dict:
    """What the rules of rulings ask; with another status, what they would say of it."""
    a, status = s.agreement, s.status if status is None else status
    names = ["acceptBy", "settleBy", "disputeWindow", "rulingWindow", "bond", "arbitrationFee"]
    row = {name: getattr(a, name) for name in names}
    row |= {"hasFallback": a.fallbackThreshold > 0, "status": status, "now": s.now}
    row |= {name: s.stored[name] for name in KEPT.get(status, []) if name.endswith("At")}
    if status in (RULED, APPEALED):
        row |= {"ruledBondTo": s.stored["ruledBondTo"], "ruledSigners": len(s.ruled_by)}
    if with_ruling:
        row |= {"rulingBondTo": s.papers["bondTo"], "rulingSigners": len(signers_of(s))}
    return row


def signers_of(s: Sight) -> list[str]:
    """Whoever signed the ruling at hand, which is one of the round that is open."""
    return signers(s.agreement, 2 if s.tried["rule 2"].ok else 1, s.papers["more"])


def vaults(sights: list[Sight], seen: Counter) -> None:
    routes = clauses.answers("escrow/vault", [vault_row(s) for s in sights])
    ruled = clauses.answers("arbitration/ruling", [ruling_row(s, True) for s in sights])
    silent = clauses.answers("arbitration/ruling", [ruling_row(s, False) for s in sights])
    # A state in which no ruling stands: every bond goes back whole.
    plain = {RULED: DISPUTED, APPEALED: DISPUTED}
    whole = clauses.answers(
        "arbitration/ruling", [ruling_row(s, False, plain.get(s.status, s.status)) for s in sights])
    for s, said, *bonds in zip(sights, routes, ruled, silent, whole, strict=True):
        vault(s, said, *(each["findings"] for each in bonds), seen)


def vault(s: Sight, said: dict, ruled: dict, silent: dict, whole: dict, seen: Counter) -> None:
    a, tried = s.agreement, dict(s.tried)
    tried.pop("observation", None)
    round = silent["round"]
    for each in (1, 2):
        attempt = tried.pop(f"rule {each}")
        if each == round:
            tried["rule"] = attempt
        else:
            same(s, f"round {each}", attempt.ok, False)
    for route, words in said["routes"].items():
        if route not in tried:  # no round is open
            same(s, route, "closed", words)
            seen[route, "closed"] += 1
            continue
        attempt, is_open = tried[route], words != "closed"
        is_void = route == "open" and s.void  # what was signed is void
        if is_void or route == "dispute" and a.total == 0:  # there is no other outcome to name
            same(s, route, attempt.ok, False)
            continue
        same(s, route + (f" ({attempt.reason})" if attempt.reason else ""), attempt.ok, is_open)
        seen[route, "open" if is_open else "closed"] += 1
        if is_open:
            gains, settled = expected(s, route, words, ruled, silent, whole)
            same(s, f"what {route} moves", dict(nonzero(attempt.gains)), dict(nonzero(gains)))
            same(s, f"the route of {route}", attempt.settled, settled)
    same(s, "closed", s.status == CLOSED or s.status == UNOPENED and not (tried["open"].ok or s.void),
         bool(said["findings"]["final"]) if not s.void else s.status == CLOSED)
    turns(s, silent, tried, seen)
    for standing in (ruled["stands"], silent["stands"]):
        seen["stands", standing] += 1
    seen["silence", silent["silence"]] += 1


def nonzero(gains: Counter):
    return ((key, gain) for key, gain in gains.items() if gain)


def expected(s: Sight, route: str, words, ruled: dict, silent: dict, whole: dict) -> tuple[Counter, list[int]]:
    """What the rules say that a route moves, and the numbers of the routes that it settles by."""
    a, gains = s.agreement, Counter()

    def give(who, amount: int) -> None:
        holder = who if isinstance(who, str) else "0x" + who.to_bytes(20, "big").hex()
        if holder != ZERO:
            gains[a.token, addressed(holder)] += amount

    def share(by: list[str], each: int, lowest: int) -> None:
        for place, member in enumerate(sorted(by, key=lambda who: int(who, 16))):
            give(member, each if place else lowest)

    if words != "open":
        bonds = {"rule": ruled, "uphold": silent}.get(route, whole)
        pay(give, s, words["toBuyer"], words["toSeller"], bonds)
        if route in ("rule", "uphold"):
            share(signers_of(s) if route == "rule" else s.ruled_by, bonds["feeEach"], bonds["feeToLowest"])
        return gains, [ROUTE_NUMBERS[route]]
    other = a.seller if s.stored["proposer"] == int(a.buyer, 16) else a.buyer
    if route == "open":
        give(a.buyer, -a.premium - a.buyerCollateral)
        give(a.seller, a.premium - a.sellerCollateral)
    elif route == "propose" and s.status == PROPOSED and s.papers["counterToBuyer"] == s.stored["proposedToBuyer"]:
        # Equal proposals are an outcome that both signed.
        pay(give, s, s.stored["proposedToBuyer"], s.stored["proposedToSeller"], whole)
        return gains, [ROUTE_NUMBERS["agreed"]]
    elif route in ("propose", "dispute"):
        give(other, -a.bond)
    elif route == "appeal":
        give(a.seller, -silent["appealToLowest"] - silent["appealEach"] * (len(s.ruled_by) - 1))
        share(s.ruled_by, silent["appealEach"], silent["appealToLowest"])
    return gains, []


def pay(give, s: Sight, to_buyer: int, to_seller: int, bonds: dict) -> None:
    give(s.agreement.buyer, to_buyer)
    give(s.agreement.seller, to_seller)
    give(s.stored["proposer"], bonds["toProposer"])
    give(s.stored["disputer"], bonds["toDisputer"])


def addressed(holder: str) -> str:
    from eth_utils import to_checksum_address

    return to_checksum_address(holder)


def turns(s: Sight, silent: dict, tried: dict, seen: Counter) -> None:
    """Whose turn it is, by what the contract lets them do alone."""
    anyone = any(tried[route].ok for route in ("finalise", "default", "uphold"))
    if anyone:
        turn = ANYONE
    elif tried["dispute"].ok or s.status == PROPOSED and s.agreement.total == 0:
        turn = OTHER_PARTY
    elif "rule" in tried:
        turn = FALLBACK if silent["round"] == 2 else ARBITRATORS
    elif s.status == OPEN or tried["appeal"].ok or tried["open"].ok or s.void and silent["turn"] == PARTIES:
        turn = PARTIES
    else:
        turn = NOBODY
    same(s, "turn", turn, silent["turn"])
    seen["turn", turn] += 1


# Deliveries


def delivery_row(s: Sight) -> dict:
    a, economics = s.agreement, s.agreement.terms.economics
    is_call = a.payoffKind == PHYSICAL_CALL
    names = ["acceptBy", "exerciseStart", "expirationTime", "payoffKind", "buyerCollateral"]
    papers = ["agreedToBuyer", "agreedDeliveryToBuyer", "agreedValidUntil"]
    return {name: getattr(a, name) for name in names} | {name: s.papers[name] for name in papers} | {
        "strikePrice": economics["strikePrice"], "quantity": economics["quantity"], **clauses.scale(economics),
        "sellerCollateral": 0 if is_call else a.sellerCollateral,
        "sellerDelivery": a.sellerCollateral if is_call else 0, "status": s.status, "now": s.now}


def deliveries(sights: list[Sight], seen: Counter) -> None:
    said = clauses.answers("escrow/delivery", [delivery_row(s) for s in sights])
    for s, answer in zip(sights, said, strict=True):
        for route, words in answer["routes"].items():
            attempt, is_open = s.tried[route], words != "closed"
            if route == "open" and s.void:
                same(s, route, attempt.ok, False)
                continue
            same(s, route + (f" ({attempt.reason})" if attempt.reason else ""), attempt.ok, is_open)
            seen["delivery " + route, "open" if is_open else "closed"] += 1
            if is_open:
                gains = delivered(s, route, words, answer["findings"])
                same(s, f"what {route} moves", dict(nonzero(attempt.gains)), dict(nonzero(gains)))


def delivered(s: Sight, route: str, words, findings: dict) -> Counter:
    a, gains = s.agreement, Counter()
    if route == "open":
        gains[a.token, a.buyer] -= a.premium + a.buyerCollateral
        gains[a.token, a.seller] += a.premium
        gains[a.locked.address, a.seller] -= a.sellerCollateral
        return gains
    for token, name, brought in (
        (a.token, "to", "broughtAmount"), (a.delivery.address, "deliveryTo", "broughtDelivery")):
        gains[token, a.buyer] += words[name + "Buyer"]
        gains[token, a.seller] += words[name + "Seller"]
        if route == "exercise":
            gains[token, a.buyer] -= findings[brought]
            gains[token, a.seller] += findings[brought]
    return gains
