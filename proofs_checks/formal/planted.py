"""Of each claim one wrong constant or dropped condition that Coq refuses, by its mutant's name.

tests/mutants has one of each for `radsim verify` to refuse.
"""

__all__ = ["PLANTED"]

PLANTED = {
    "V1": "p ~ g",
    "V2": "V2: nothing to sort",
    "V3": "threshold off by a factor",
    "V3a": "V3a while b <= 2 s H",
    "V3b": "V3b: shift by K",
    "V4": "V4: slope -H",
    "V5": "V5 without min(m, k)",
    "V6": "V6 without the mistakes",
    "V7": "V7: first bites of unsorted ones",
    "R1": "E without the harms",
    "R2": "R2 without the clamp",
    "R3": "R3 with twice the regret",
    "A1": "A1: all mistakes used",
    "A2": "A2 without the caps",
    "A3": "A3 with a third on the true class",
    "A4": "A4's least maximum as the largest",
    "A5": "A5: whole stakes",
    "S1": "any inclusion probabilities",
    "S2": "Hoeffding with twice the exponent",
    "S3": "S3 with 3 for 2",
    "S4": "S4 at half the error",
    "S5": "S5 with mistakes chosen after the sample",
    "S6": "S6 without the harms",
    "N1": "half of the price",
    "N2": "learning costs nothing",
    "N3": "the benchmark keeps what is wrong",
    "N4": "q without the stake, errors of any size",
    "N5": "a majority of one",
    "N6": "a shortfall not divided by its share",
    "N7": "the whole loss in one world",
}
