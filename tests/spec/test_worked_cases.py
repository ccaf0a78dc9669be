"""Every row of the tables holds, alone and in one batch with all others."""

import numpy as np
import pytest

from indicators.engine.assess import assess
from tests.spec.tables import ALL_CASES


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.name)
def test_case(case):
    result = case.run()
    for field, expected in case.expected.items():
        if isinstance(expected, int | float) and not isinstance(expected, bool):
            expected = pytest.approx(expected, rel=1e-12, abs=0)
        assert result[field] == expected, field
