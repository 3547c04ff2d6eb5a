"""What rests on what: definitions, lemmas, theorems, formulas, code and tests.

Read off the sources: the Coq files say which names a proof uses, the table of formulas which
functions use it, and the tests which claims they are about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from proofs_checks.formal import coq
from proofs_checks.formal.theorems import THEOREMS

__all__ = ["Node", "bound_in", "names_in", "nodes", "rests_on", "tests_of"]

_START = re.compile(r"^(Definition|Fixpoint|Inductive|Record|Lemma|Theorem) ([\w']+)", flags=re.M)


@dataclass(frozen=True)
class Node:
    """One name of the Coq files: what it is, where it stands, its text, and what it uses."""

    name: str
    kind: str
    file: str
    text: str
    needs: frozenset[str]


def names_in(text: str) -> list[tuple[str, str, str]]:
    """Kind, name and text of everything that a Coq source defines or proves."""
    bare = coq.without_comments(text)
    starts = list(_START.finditer(bare))
    ends = [*(start.start() for start in starts[1:]), len(bare)]
    return [
        (start.group(1).lower(), start.group(2), bare[start.start() : end].strip())
        for start, end in zip(starts, ends, strict=True)
    ]


def bound_in(text: str) -> set[str]:
    """Names that a proof gives to its own hypotheses, after `intros`, `as`, `assert (`."""
    places = re.findall(r"\b(?:intros?|as)\b((?:(?!\bby\b)[^.;])*)", text)
    places += re.findall(r"\((\s*[A-Za-z_][\w']*)\s*:(?!=)", text)
    return {name for words in places for name in re.findall(r"[A-Za-z_][\w']*", words)}


@cache
def nodes() -> Mapping[str, Node]:
    """Every name of the Coq files; what a name means is the file's own, else of one it requires."""
    found = [
        (file, *row)
        for file in coq.ORDER
        if file != "Main"
        for row in names_in((coq.HERE / f"{file}.v").read_text())
    ]
    files: dict[str, list[str]] = {}
    for file, _, name, _ in found:
        files.setdefault(name, []).append(file)

    def key(file: str, name: str) -> str:
        return name if files[name][0] == file else f"{file}.{name}"

    made = {}
    for file, kind, name, text in found:
        words = set(re.findall(r"[A-Za-z_][\w']*", text)) - {name} - bound_in(text)
        read = [file, *coq.needs(file)]
        needs = frozenset(
            key(next(where for where in read if where in files[word]), word)
            for word in words
            if word in files and set(read) & set(files[word])
        )
        made[key(file, name)] = Node(name, kind, file, text, needs)
    return made


def rests_on(theorem: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Definitions, lemmas and other theorems of the table on which a theorem's proof rests.

    Through lemmas of its own; at another theorem of the table the search ends.
    """
    all_of, table = nodes(), {row.name for row in THEOREMS}
    seen: set[str] = set()
    waiting = [theorem, f"{theorem}_statement"]
    while waiting:
        for name in all_of[waiting.pop()].needs - seen:
            seen.add(name)
            if name not in table:
                waiting.append(name)
    seen -= {theorem, f"{theorem}_statement"}
    theorems = frozenset(seen & table)
    statements = {f"{name}_statement" for name in table}
    proved = {name for name in seen if all_of[name].kind in ("lemma", "theorem")} - theorems
    return frozenset(seen - proved - theorems - statements), frozenset(proved), theorems


def tests_of(claim: str, checkout: Path) -> tuple[str, ...]:
    """Test files that name a claim, relative to the checkout."""
    word = re.compile(rf"(?<![\w.]){re.escape(claim)}(?!\w)")
    return tuple(
        str(path.relative_to(checkout))
        for folder in ("tests", "proofs_checks")
        for path in sorted((checkout / folder).rglob("test_*.py"))
        if word.search(path.read_text())
    )
