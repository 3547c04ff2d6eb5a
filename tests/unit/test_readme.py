"""The README names the two commands; its evidence table lists every claim, all holding."""

from pathlib import Path

from radsim import CLAIMS
from radsim.runs.verify import routes

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_commands_stand_on_their_own_lines():
    lines = README.splitlines()
    assert "pip install -e . && radsim verify" in lines
    assert 'pip install -e ".[dev]" && pytest -n auto' in lines


def test_evidence_table_is_that_of_the_claims_and_routes():
    block = README.split("<!-- evidence:begin -->")[1].split("<!-- evidence:end -->")[0]
    rows = {line.split("|")[1].strip(): line for line in block.splitlines() if line.startswith("|")}
    assert block.startswith("\n150 random instances, seed 0, ")
    for claim in CLAIMS.values():
        cells = [cell.strip() for cell in rows[claim.id].split(" | ")]
        _, statement, kind, violated, holds, inconclusive, other, _ = cells
        assert (statement, kind, violated, inconclusive) == (claim.statement, claim.kind, "0", "0")
        assert int(holds) > 0 and int(holds) + int(other) == 150
    assert set(routes()) <= set(rows), "write it anew: radsim verify --readme README.md"
