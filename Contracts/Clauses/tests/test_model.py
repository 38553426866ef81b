"""The golden files say what the model says, and the model says what was worked out by hand."""

import model
import pytest
import vault
from exact import document


@pytest.mark.parametrize("name", model.CLAUSES)
def test_golden_file_is_what_the_model_says(name):
    assert model.golden_file(name).read_text() == document(model.CLAUSES[name])


def test_vault_worked_out_by_hand():
    routes = vault.vault({**vault.VAULT, "status": vault.PROPOSED, "proposedAt": 8_000, "proposedToBuyer": 70,
                          "now": 8_600})
    closed = dict.fromkeys(["open", "agreed", "propose", "dispute", "default"], "closed")
    assert routes == {**closed, "finalise": {"toBuyer": 70, "toSeller": 30}}
