"""The golden files say what the model says, and the model says what was worked out by hand."""

import european
import model
import pytest
import vault
from exact import document


@pytest.mark.parametrize("name", model.CLAUSES)
def test_golden_file_is_what_the_model_says(name):
    assert model.golden_file(name).read_text() == document(model.CLAUSES[name])


@pytest.mark.parametrize(
    "distance, to_buyer",
    # 1.500 units at 0.01 are 0.015 tokens; 100.00 are 150; the cap of 300 tokens is met at 200.00.
    [(-1, 40), (0, 40), (1, 15_040), (10_000, 150_000_040), (19_999, 299_985_040), (20_000, 300_000_040),
     (20_001, 300_000_040)],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_payoff_worked_out_by_hand(sign, distance, to_buyer):
    inputs = {**european.OPTION, "settlementPrice": 250_000 + sign * distance}
    assert european.european(sign)(inputs) == {"toBuyer": to_buyer, "toSeller": 300_000_040 - to_buyer}


def test_vault_worked_out_by_hand():
    routes = vault.vault({**vault.VAULT, "status": vault.PROPOSED, "proposedAt": 8_000, "proposedToBuyer": 70,
                          "now": 8_600})
    closed = dict.fromkeys(["open", "agreed", "propose", "dispute", "default"], "closed")
    assert routes == {**closed, "finalise": {"toBuyer": 70, "toSeller": 30}}
