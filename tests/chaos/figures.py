"""How many cases are tried, and the table of what was found."""

import os
import re

import numpy as np
from chaos.outcomes import KINDS

SEED = int(os.environ.get("RADSIM_CHAOS_SEED", "0"))
SIZE = os.environ.get("RADSIM_CHAOS", "ci")


def cases(full, ci):
    """Numbers of the cases of a part at this size; the first ones are the same at every size."""
    return range({"full": full, "ci": ci}.get(SIZE) or max(1, round(float(SIZE) * full)))


def chance(part, case):
    """The generator of a case."""
    return np.random.default_rng([SEED, *part.encode(), case])


def counted(seen):
    """Counts by part, from (part, kinds of faults) of every case."""
    counts = {}
    for part, kinds in seen:
        row = counts.setdefault(part, {"tried": 0, **dict.fromkeys(KINDS, 0)})
        row["tried"] += 1
        for kind in set(kinds):
            row[kind] += 1
    return counts


def table_of(counts):
    """The counts as Markdown."""
    columns = ["tried", *KINDS]
    head = f"| part | {' | '.join(columns)} |\n|---|{'---:|' * len(columns)}\n"
    return head + "".join(
        f"| {part} | {' | '.join(str(row[column]) for column in columns)} |\n"
        for part, row in sorted(counts.items())
    )


def block_of(page, text):
    """A page with the text between its marks."""
    pattern = r"(<!-- chaos:begin -->\n).*?(<!-- chaos:end -->)"
    new, n = re.subn(
        pattern, lambda found: f"{found[1]}\n{text.strip()}\n\n{found[2]}", page, flags=re.S
    )
    if n != 1:
        raise ValueError(f"the page has {n} blocks for the figures, not one")
    return new
