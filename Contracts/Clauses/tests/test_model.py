"""The golden files say what the model says, and the model says what was worked out by hand."""

import model
import pytest
from exact import document


@pytest.mark.parametrize("name", model.CLAUSES)
def test_golden_file_is_what_the_model_says(name):
    assert model.golden_file(name).read_text() == document(model.CLAUSES[name])
