"""What the models of the escrow and arbitration rules say, worked out by hand."""

import delivery
import evidence
import price
import pytest
import ruling
import vault


def test_vault_worked_out_by_hand():
    state = {**vault.VAULT, "status": vault.PROPOSED, "proposedAt": 8_000, "proposedToBuyer": 70, "now": 8_600}
    closed = dict.fromkeys(vault.ROUTES, "closed")
    assert vault.vault(state)["routes"] == {**closed, "finalise": {"toBuyer": 70, "toSeller": 30}}
    # Disputed at 8100, one ruling window is 1200 seconds: the fallback panel's goes from 9300 to 10500.
    dispute = {**vault.LONG_DISPUTE, "rulingToBuyer": 25}
    for now, open_routes in [
        (9_299, {"rule": "open"}), (9_300, {"rule": {"toBuyer": 25, "toSeller": 75}}),
        (10_499, {"rule": {"toBuyer": 25, "toSeller": 75}}), (10_500, {"default": {"toBuyer": 45, "toSeller": 55}}),
    ]:
        assert vault.vault({**dispute, "now": now})["routes"] == closed | open_routes


@pytest.mark.parametrize(
    "prices, threshold, ppm, expected",
    # 1 % of 1000 is 10; three of them beat two; the lower of two in the middle.
    [([1000, 1010], 2, 10_000, 1000), ([1000, 1011], 2, 10_000, 0), ([1, 1000, 1004, 1010], 2, 10_000, 1004),
     ([1000, 1001, 2000, 2001, 2002], 2, 1_000, 2001)],
)
def test_price_worked_out_by_hand(prices, threshold, ppm, expected):
    inputs = {"prices": prices, "threshold": threshold, "maxDisagreementPpm": ppm}
    assert price.price(inputs)["price"] == expected


@pytest.mark.parametrize(
    # A bond of 100 each, a fee of 31: 15 from the disputer's and 16 from the proposer's where each bears its part.
    "to, to_proposer, to_disputer",
    [(ruling.PROPOSER, 169, 0), (ruling.DISPUTER, 0, 169), (ruling.EACH, 84, 85)],
)
def test_bonds_worked_out_by_hand(to, to_proposer, to_disputer):
    found = ruling.ruling({**ruling.ONE_ROUND, "rulingBondTo": to, "rulingSigners": 3, "now": 8_200})
    assert (found["toProposer"], found["toDisputer"]) == (to_proposer, to_disputer)
    assert (found["feeToLowest"], found["feeEach"]) == (11, 10)


@pytest.mark.parametrize(
    "to, bonds, bonds_on_appeal",
    [(ruling.PROPOSER, (169, 0), (200, 0)), (ruling.DISPUTER, (0, 169), (0, 200)), (ruling.EACH, (84, 85), (100, 100))],
)
def test_each_panel_is_paid_once_worked_out_by_hand(to, bonds, bonds_on_appeal):
    """A fee of 31 for two: by the bonds where nobody appealed, otherwise by the appellant alone."""
    appeal = ruling.ruling({**ruling.RULING, "now": 9_599})
    assert (appeal["appealToLowest"], appeal["appealEach"]) == (16, 15)
    for state, now, expected, fees in [
        (ruling.RULING, 9_600, bonds, (16, 15)), (ruling.APPEAL, 10_700, bonds_on_appeal, (0, 0)),
    ]:
        found = ruling.ruling({**state, "ruledBondTo": to, "now": now})
        assert (found["toProposer"], found["toDisputer"]) == expected
        assert (found["feeToLowest"], found["feeEach"]) == fees


def test_exercise_worked_out_by_hand():
    # 1.5 units at 2500.00 are 3750 tokens of 6 decimals.
    opened = {"status": delivery.OPEN, "now": 3_000}
    call = delivery.delivery({**delivery.CALL_TERMS, **opened})
    assert call["findings"]["broughtAmount"] == 3_750_000_000
    assert call["routes"]["exercise"]["deliveryToBuyer"] == 15 * 10**17
    put = delivery.delivery({**delivery.PUT_TERMS, **opened})
    assert put["findings"]["broughtDelivery"] == 15 * 10**17
    assert put["routes"]["exercise"]["toBuyer"] == 3_750_000_040


def test_two_values_are_none_and_the_same_value_is_one():
    verdicts = [evidence.evidence(evidence.union(index, {}, {}, {"values": 501}))["verdict"] for index in range(3)]
    assert verdicts == [evidence.EQUIVOCATED] * 3
    verdicts = [evidence.evidence(evidence.union(index, {}, {"published": 1_002}))["verdict"] for index in range(2)]
    assert verdicts == [evidence.COUNTS, evidence.REPEATED]
