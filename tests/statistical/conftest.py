"""Seeds are fixed and every check has error level 1e-9: a failure is a defect, never bad luck."""

import numpy as np
import pytest

ERROR = 1e-9


@pytest.fixture
def rng(request):
    """A generator that depends on the test's name alone, not on the order or the process."""
    name = request.node.name.encode()
    return np.random.default_rng(np.frombuffer(name, dtype=np.uint8).astype(np.uint32))
