"""The rest of the model: exercise, observations, amendment, novation, and vaults that settle by delivery."""

from payoff_model import payoff_of, price_of
from sequences.messages import FORMS
from sequences.model import (
    AGREED,
    CLOSED,
    DELIVERED,
    OBSERVED,
    OPEN,
    Model,
    need,
)
from sequences.stage import PHYSICAL_CALL, Agreement
from terms import ZERO


def exercise(m: Model, a: Agreement, holder, validUntil, signature) -> None:
    vault = m.vaults[a.id]
    need(vault.status == OPEN, "exercise: not open")
    need(vault.exercisedAt == 0, "exercise: already exercised")
    need(holder == a.buyer, "exercise: not the buyer")
    need(m.now >= a.exerciseStart, "exercise: before exerciseStart")
    need(m.now < a.expirationTime, "exercise: expired")
    need(m.now < validUntil, "exercise: validUntil passed")
    digest = m.messages.of("ExerciseNotice", a.id, vault.version, holder, validUntil)
    m.signed(holder, digest, signature, "exercise: buyer did not sign")
    vault.exercisedAt = m.now
    m.log(
        a.vault, "Exercised", agreementId=a.id, version=vault.version, holder=holder,
        exercisedAt=m.now,
    )


def observe(m: Model, a: Agreement, observations, signatures) -> None:
    vault = m.vaults[a.id]
    need(vault.status != CLOSED, "observe: closed")
    need(a.payoffKind != 0, "observe: payoffKind")
    need(m.now < a.evidenceCloses, "observe: evidence closed")
    need(len(observations) == len(signatures), "observe: signatures")
    for words, signature in zip(observations, signatures):
        feed, *rest = (words[at : at + 32] for at in range(0, 128, 32))
        observed_at, published_at, value = (int.from_bytes(each, "big") for each in rest)
        need(feed == a.feed, "observe: other feed")
        need(observed_at == a.expirationTime, "observe: not the fixing")
        need(published_at >= observed_at, "observe: published too early")
        need(published_at <= m.now, "observe: published later than now")
        need(0 < value < 2**128, "observe: value")
        need(FORMS[signature.form][1] is None, FORMS[signature.form][1] or "")
        digest = m.messages.of("Observation", feed, observed_at, published_at, value)
        observer = signature.signer
        need(signature.digest == digest and observer in a.observers, "observe: not an observer")
        key = feed, observed_at, observer
        first, equivocated = vault.prices.get(key, (0, False))
        if first == 0:
            vault.prices[key] = value, False
            m.log(
                a.vault, "Observed", agreementId=a.id, version=vault.version, observer=observer,
                publishedAt=published_at, price=value,
            )
        elif not equivocated and first != value:
            vault.prices[key] = first, True
            m.log(
                a.vault, "Equivocated", agreementId=a.id, version=vault.version, observer=observer,
                first=first, second=value,
            )


def price(m: Model, a: Agreement) -> int:
    found = (m.vaults[a.id].prices.get((a.feed, a.expirationTime, each)) for each in a.observers)
    values = [each[0] for each in found if each and not each[1]]
    return price_of(values, a.observerThreshold, a.maxDisagreementPpm)


def settle_observed(m: Model, a: Agreement, whole) -> None:
    vault = m.vaults[a.id]
    need(whole == a.whole, "vault: other terms")
    need(vault.status != CLOSED, "observed: closed")
    need(m.now >= a.evidenceCloses, "observed: evidence open")
    found = price(m, a)
    need(found != 0, "observed: no price")
    economics = a.terms.economics
    paid = payoff_of(
        a.payoffKind, found, economics["strikePrice"], economics["quantity"],
        economics["priceDecimals"], economics["quantityDecimals"], economics["tokenDecimals"],
        a.sellerCollateral,
    )
    m.log(a.vault, "Priced", agreementId=a.id, version=vault.version, price=found)
    m.close(a, OBSERVED, a.buyerCollateral + paid, a.sellerCollateral - paid)


def amend(m: Model, a: Agreement, amended: Agreement, validUntil, buyerSignature, sellerSignature):
    vault = m.vaults[a.id]
    need(vault.status == OPEN, "amend: not open")
    need(vault.exercisedAt == 0, "amend: exercised")
    need(m.now < validUntil, "amend: validUntil passed")
    need((amended.buyer, amended.seller) == (a.buyer, a.seller), "amend: other party")
    need(amended.token == a.token, "amend: other token")
    need(amended.payoffKind <= 2, "amend: payoffKind")
    need(amended.premium == a.premium, "amend: other premium")
    need(amended.buyerEpoch == m.epochs.get(a.buyer, 0), "amend: buyer epoch")
    need(amended.sellerEpoch == m.epochs.get(a.seller, 0), "amend: seller epoch")
    version = vault.version + 1
    digest = m.messages.of("Amendment", a.id, version, amended.hash, validUntil)
    m.signed(a.buyer, digest, buyerSignature, "amend: buyer did not sign")
    m.signed(a.seller, digest, sellerSignature, "amend: seller did not sign")
    check_terms(amended)
    vault.current, vault.version = amended, version
    m.log(a.vault, "Amended", agreementId=a.id, version=version, terms=amended.hash)
    sides = [
        (a.buyer, amended.buyerCollateral - a.buyerCollateral),
        (a.seller, amended.sellerCollateral - a.sellerCollateral),
    ]
    for party, more in sides:
        m.pull(a, party, a.vault, max(more, 0), "amend: collateral")
    for party, more in sides:
        m.pay(a, party, max(-more, 0))


def check_terms(a: Agreement) -> None:
    """What the walk's changes can break of the rules for terms."""
    parties = a.buyer, a.seller
    need(a.buyerWatcher not in parties and a.sellerWatcher not in parties, "open: watcher is a party")
    need(a.disputeWindow >= 1, "open: disputeWindow")
    need(a.arbitrationFee <= a.bond, "open: arbitrationFee above bond")
    need(a.defaultToBuyer + a.defaultToSeller == a.total, "open: default sum")
    panels = [*a.observers, *a.arbitrators, *a.fallbackArbitrators]
    named = {*parties, a.buyerWatcher, a.sellerWatcher} - {ZERO}
    need(not named & set(panels), "open: panel member repeated")


def novate(
    m: Model, a: Agreement, transferor, transferee, watcher, epoch, consideration, validUntil,
    transferorSignature, transfereeSignature, remainingSignature,
) -> None:
    vault = m.vaults[a.id]
    need(vault.status == OPEN, "novate: not open")
    need(vault.exercisedAt == 0, "novate: exercised")
    need(m.now < validUntil, "novate: validUntil passed")
    need(transferee != transferor, "novate: transferee")
    need(transferor in (a.buyer, a.seller), "novate: transferor")
    remaining = a.seller if transferor == a.buyer else a.buyer
    need(epoch == m.epochs.get(transferee, 0), "novate: epoch")
    novated = novated_by(m.stage, a, transferor, transferee, watcher, epoch)
    version = vault.version + 1
    digest = m.messages.of(
        "Novation", a.id, version, transferor, transferee, novated.hash, consideration, validUntil
    )
    m.signed(transferor, digest, transferorSignature, "novate: transferor did not sign")
    m.signed(transferee, digest, transfereeSignature, "novate: transferee did not sign")
    m.signed(remaining, digest, remainingSignature, "novate: remaining party did not sign")
    need(novated.buyer != novated.seller, "open: buyer is seller")
    check_terms(novated)
    vault.current, vault.version = novated, version
    m.log(
        a.vault, "Novated", agreementId=a.id, version=version, terms=novated.hash,
        transferor=transferor, transferee=transferee, consideration=consideration,
    )
    m.pull(a, transferee, transferor, consideration, "novate: consideration")


def novated_by(stage, a: Agreement, transferor, transferee, watcher, epoch) -> Agreement:
    side = "buyer" if transferor == a.buyer else "seller"
    changes = {side: transferee, side + "Watcher": watcher, side + "Epoch": epoch}
    return stage.changed(a, **changes)


# Delivery


def initialise(m: Model, a: Agreement, id, escrow) -> None:
    need(False, "initialise: not the escrow")


def exercise_delivery(m: Model, a: Agreement, whole, validUntil, signature) -> None:
    vault, economics = m.vaults[a.id], a.terms.economics
    need(whole == a.whole, "vault: other terms")
    need(vault.status == OPEN, "exercise: closed")
    need(m.now >= a.exerciseStart, "exercise: before exerciseStart")
    need(m.now < a.expirationTime, "exercise: expired")
    need(m.now < validUntil, "exercise: validUntil passed")
    digest = m.messages.of("ExerciseNotice", a.id, 1, a.buyer, validUntil)
    m.signed(a.buyer, digest, signature, "exercise: buyer did not sign")
    scale = 10 ** (economics["quantityDecimals"] + economics["priceDecimals"])
    value = economics["quantity"] * economics["strikePrice"] * 10 ** economics["tokenDecimals"]
    payment, quantity = -(-value // scale), economics["quantity"]
    call = a.payoffKind == PHYSICAL_CALL
    given, price, taken, amount = (
        (a.ledger, payment, a.delivery, quantity) if call else (a.delivery, quantity, a.ledger, payment)
    )
    need(amount <= a.sellerCollateral, "exercise: more than sellerCollateral")
    rest = a.sellerCollateral - amount
    vault.status, vault.exercisedAt = CLOSED, m.now
    m.log(
        a.vault, "DeliveryExercised", agreementId=a.id, holder=a.buyer, strikePayment=payment,
        exercisedAt=m.now,
    )
    m.pull(a, a.buyer, a.vault, price, "exercise: payment", given)
    before = taken.of(a.buyer)
    need(amount == 0 or taken.transfer(a.vault, a.buyer, amount, None), "exercise: delivery refused")
    need(taken.of(a.buyer) - before == amount, "exercise: delivery short")
    m.pay(a, a.seller, price, given)
    m.pay(a, a.seller, rest, taken)
    if call:
        log_delivery(m, a, DELIVERED, a.buyerCollateral, payment, quantity, rest)
    else:
        log_delivery(m, a, DELIVERED, a.buyerCollateral + payment, rest, 0, quantity)
    m.pay(a, a.buyer, a.buyerCollateral)


def log_delivery(m: Model, a: Agreement, route, toBuyer, toSeller, toBuyerToo, toSellerToo) -> None:
    m.log(
        a.vault, "DeliverySettled", agreementId=a.id, version=1, route=route, toBuyer=toBuyer,
        toSeller=toSeller, deliveryToBuyer=toBuyerToo, deliveryToSeller=toSellerToo,
    )


def settle_delivery(
    m: Model, a: Agreement, toBuyer, toSeller, deliveryToBuyer, deliveryToSeller, validUntil,
    buyerSignature, sellerSignature,
) -> None:
    need(m.vaults[a.id].status == OPEN, "settle: closed")
    need(m.now < validUntil, "settle: validUntil passed")
    call = a.payoffKind == PHYSICAL_CALL
    held = a.buyerCollateral + (0 if call else a.sellerCollateral)
    need(toBuyer + toSeller == held, "settle: sum")
    deliverable = a.sellerCollateral if call else 0
    need(deliveryToBuyer + deliveryToSeller == deliverable, "settle: delivery sum")
    digest = m.messages.of(
        "DeliveryOutcome", a.id, 1, toBuyer, toSeller, deliveryToBuyer, deliveryToSeller, validUntil
    )
    m.signed(a.buyer, digest, buyerSignature, "settle: buyer did not sign")
    m.signed(a.seller, digest, sellerSignature, "settle: seller did not sign")
    close_delivery(m, a, AGREED, toBuyer, toSeller, deliveryToBuyer, deliveryToSeller)


def close_delivery(m: Model, a: Agreement, route, *amounts) -> None:
    m.vaults[a.id].status = CLOSED
    log_delivery(m, a, route, *amounts)
    receivers = [(a.ledger, a.buyer), (a.ledger, a.seller), (a.delivery, a.buyer), (a.delivery, a.seller)]
    for (ledger, receiver), amount in zip(receivers, amounts):
        m.pay(a, receiver, amount, ledger)


def expire(m: Model, a: Agreement) -> None:
    need(m.vaults[a.id].status == OPEN, "expire: closed")
    need(m.now >= a.expirationTime, "expire: not expired")
    if a.payoffKind == PHYSICAL_CALL:
        close_delivery(m, a, DELIVERED, a.buyerCollateral, 0, 0, a.sellerCollateral)
    else:
        close_delivery(m, a, DELIVERED, a.buyerCollateral, a.sellerCollateral, 0, 0)


def withdraw_token(m: Model, a: Agreement, claimant, token, to, amount, validUntil, signature) -> None:
    vault = m.vaults[a.id]
    need(m.now < validUntil, "withdraw: validUntil passed")
    need(amount > 0 and amount == vault.claims.get((token, claimant), 0), "withdraw: not the claim")
    need(to not in (ZERO, a.vault), "withdraw: receiver")
    digest = m.messages.of("TokenWithdrawal", a.id, 1, claimant, token, to, amount, validUntil)
    m.signed(claimant, digest, signature, "withdraw: claimant did not sign")
    vault.claims[token, claimant] = 0
    m.log(a.vault, "TokenWithdrawn", agreementId=a.id, claimant=claimant, token=token, to=to, amount=amount)
    need(m.ledgers[token].transfer(a.vault, to, amount, None), "withdraw: transfer refused")
