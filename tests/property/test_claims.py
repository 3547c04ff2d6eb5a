"""Every claim holds on drawn games that meet its hypotheses, whichever witness is asked."""

import numpy as np
import pytest

from radsim import CLAIMS, SOLVERS, check, draw_instance
from radsim.runs.verify import WITNESSES

N_GAMES = 40


@pytest.mark.parametrize("witness", WITNESSES)
@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.id)
def test_holds_where_it_applies(claim, witness):
    rtol = max(SOLVERS["plain", "value"][witness].rtol, 1e-9)
    found = []
    for k in range(N_GAMES):
        instance = draw_instance(rng=np.random.default_rng([17, k]), largest_n=(5, 9)[k % 2])
        if claim.applies(instance.game):
            found.append(check(claim, instance, method=witness, rtol=rtol, rng=k))
    assert [verdict for verdict in found if verdict.status != "HOLDS"] == []
    assert len(found) >= 5, "the drawn games hardly meet its hypotheses"
