"""Two property tests of one's own: a statement that is false, and a claim of the theory."""

from hypothesis import given

from radsim.testing import check_claim, games


@given(games((2, 8), harm=1, budget=1, mistakes="whole"))
def test_the_value_is_what_uniform_draws_would_earn(game):
    check_claim("V >= (n - 2*m)/n * mean(g)", game)


@given(games((2, 6), capped=True, abstain=True, ties=True))
def test_the_formula_of_the_capped_value(game):
    check_claim("V3", game)
