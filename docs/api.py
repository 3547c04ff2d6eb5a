"""The API reference: the six groups of `radsim.GROUPS` at their public paths, then the rooms."""

from __future__ import annotations

import importlib
import inspect
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import radsim

__all__ = [
    "ROOMS",
    "attributes_as_words",
    "public_reference",
    "shared_attributes",
    "source_signature",
    "title",
    "whole_properties",
    "write_api",
]

# What stands in no group and is for users all the same, by the module it is imported from; the rest
# of the house is its own business and has no page.
ROOMS = {
    "data": ("data.gains", "data.files", "data.instances", "data.saved", "data.validation"),
    "inference": ("inference",),
    "sampling": ("sampling", "sampling.audit", "sampling.tails"),
    "proof": ("proof",),
    "solvers": ("solvers",),
    "teachers": ("teachers",),
    "selectors": ("selectors",),
    "extensions": ("extensions",),
    "claims": ("claims",),
    "analysis": ("analysis",),
    "conjecture": ("conjecture",),
    "plots": ("plots",),
    "testing": ("testing",),
    "adapters": ("adapters",),
    "runs": ("runs.sweeps", "runs.verify", "runs.simulate"),
    "distillation": ("distillation",),
    "pages": ("pages",),
}


def title(text: str, line: str) -> list[str]:
    """A heading of reStructuredText."""
    return [text, line * len(text), ""]


def _first(thing: Any) -> str:
    """The first sentence of a docstring; a table says which rows it has."""
    if isinstance(thing, Mapping):
        rows = [f"``{key}``" for key in thing]
        return f"a table: {', '.join(rows[:6])}{', ...' if rows[6:] else ''}"
    text = (inspect.getdoc(thing) or "").split("\n\n")[0]
    return " ".join(text.split()).rstrip(".")


def _described(path: str, name: str) -> list[str]:
    """The directive that describes a name where users import it from."""
    thing = getattr(importlib.import_module(path), name)
    if inspect.isclass(thing):
        # The fields of a NamedTuple stand in its signature.
        fields = ", ".join(getattr(thing, "_fields", ()))
        without = [f"   :exclude-members: {fields}"] if fields else []
        return [f".. autoclass:: {path}.{name}", "   :members:", *without, ""]
    if inspect.isroutine(thing):
        return [f".. autofunction:: {path}.{name}", ""]
    rows = ", ".join(f"``{key}``" for key in thing)
    return [f".. py:data:: {path}.{name}", "", f"   A table. Rows: {rows}.", ""]


def _listed(path: str, names: list[str]) -> list[str]:
    """A table of names that lead to where they are described, each with a line."""
    lines = [".. list-table::", "   :widths: auto", "   :class: names", ""]
    module = importlib.import_module(path)
    for name in names:
        thing = getattr(module, name)
        brackets = "()" if inspect.isroutine(thing) else ""
        lines += [
            f"   * - :py:obj:`{name}{brackets} <{path}.{name}>`",
            f"     - {_first(thing)}",
        ]
    return [*lines, ""]


def _has_words(thing: Any) -> bool:
    return isinstance(thing, Mapping) or inspect.isclass(thing) or inspect.isroutine(thing)


def _names(path: str) -> list[str]:
    """Functions, classes and tables of a module that no group has."""
    module = importlib.import_module(path)
    grouped = {id(getattr(radsim, name)) for name in radsim.__all__}
    return [
        name
        for name in module.__all__
        if id(getattr(module, name)) not in grouped and _has_words(getattr(module, name))
    ]


def _room(room: str) -> list[str]:
    lines = title(f"radsim.{room}", "=")
    paths = [f"radsim.{path}" for path in ROOMS[room]]
    first = importlib.import_module(f"radsim.{room}")
    lines += [f"{(inspect.getdoc(first) or '').splitlines()[0]}", ""]
    for path in paths:
        names = _names(path)
        if len(paths) > 1:
            lines += title(path, "-")
        lines += [f"``from {path} import ...``", "", *_listed(path, names)]
        for name in names:
            lines += _described(path, name)
    return lines


def write_api(folder: Path) -> None:
    """A page for each group and each room that users import from, and their index."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pages, index = [], [*title("API reference", "="), "``from radsim import ...`` gives:", ""]
    for group, names in radsim.GROUPS.items():
        page = group.lower().replace(" ", "-")
        pages.append(page)
        index += [*title(group, "-"), *_listed("radsim", list(names))]
        text = [*title(group, "="), *_listed("radsim", list(names))]
        for name in names:
            text += _described("radsim", name)
        (folder / f"{page}.rst").write_text("\n".join(text))
    index += [*title("Rooms", "-"), "What is met less often, from its room:", ""]
    index += [".. list-table::", "   :widths: auto", "   :class: names", ""]
    for room in ROOMS:
        pages.append(f"radsim.{room}")
        (folder / f"radsim.{room}.rst").write_text("\n".join(_room(room)))
        words = _first(importlib.import_module(f"radsim.{room}"))
        index += [f"   * - :doc:`radsim.{room}`", f"     - {words}"]
    index += ["", ".. toctree::", "   :hidden:", "", *(f"   {page}" for page in pages), ""]
    (folder / "index.rst").write_text("\n".join(index))


# --- What Sphinx makes of it ---


def attributes_as_words() -> None:
    """In "Attributes", "n" and "ndarray, shape (n,)" are no links to things of such names."""
    from sphinx.domains.python import PyObject

    for kind in PyObject.doc_field_types:
        if kind.name == "variable":
            kind.rolename = kind.typerolename = ""  # type: ignore[attr-defined]
            kind.label = "Attributes"


def shared_attributes(
    app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Make ``lower, upper : float`` one name, which Sphinx would read as a type and a name."""
    for i, line in enumerate(lines):
        if found := re.match(r":(?:ivar|vartype) \w+(?:, \w+)+:", line):
            lines[i] = found[0].replace(", ", ",") + line[found.end() :]


def whole_properties(
    app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Leave "Whether it is wide: twice as wide as high" whole: napoleon reads a type before ":"."""
    if what == "property":
        lines.insert(0, "")


class _Word(str):
    """An annotation or a default as the source names it, without quotes."""

    __slots__ = ()
    __repr__ = str.__str__


def _default(x: Any) -> Any:
    """A default that a reader can use; what has no short name is three dots."""
    text = repr(x)
    return (
        x if x is inspect.Parameter.empty or (text[0] != "<" and len(text) < 60) else _Word("...")
    )


def source_signature(
    app: Any, what: str, name: str, obj: Any, options: Any, signature: str, returns: str
) -> tuple[str, str] | None:
    """Types as the source names them: ``ArrayLike``, not the union that it stands for."""
    if what not in ("class", "function", "method") or signature is None:
        return None
    try:
        found = inspect.signature(obj)
    except (TypeError, ValueError):
        return None
    parameters = [
        parameter.replace(
            annotation=parameter.annotation
            if parameter.annotation is inspect.Parameter.empty
            else _Word(_named(parameter.annotation)),
            default=_default(parameter.default),
        )
        for parameter in list(found.parameters.values())[what == "method" :]
    ]
    arrow = "" if found.return_annotation is found.empty else _named(found.return_annotation)
    bare = found.replace(parameters=parameters, return_annotation=found.empty)
    return str(bare), "" if what == "class" or arrow == "None" else arrow


def _named(annotation: Any) -> str:
    text = getattr(annotation, "__forward_arg__", annotation)  # of a NamedTuple
    return text if isinstance(text, str) else inspect.formatannotation(text)


def _found(target: str) -> Any:
    """What a dotted name stands for, or None."""
    parts = target.split(".")
    for k in range(len(parts), 0, -1):
        try:
            thing: Any = importlib.import_module(".".join(parts[:k]))
        except ImportError:
            continue
        for part in parts[k:]:
            thing = getattr(thing, part, None)
        return thing
    return None


@cache
def _public() -> dict[int, str]:
    """The public path of each thing that has a place in the reference."""
    paths = {}
    for room in ROOMS.values():
        for path in room:
            module = importlib.import_module(f"radsim.{path}")
            paths |= {
                id(getattr(module, name)): f"radsim.{path}.{name}"
                for name in _names(module.__name__)
            }
    return paths | {id(getattr(radsim, name)): f"radsim.{name}" for name in radsim.__all__}


def public_reference(app: Any, env: Any, node: Any, contnode: Any) -> Any:
    """Lead a reference to where a thing is defined to where users import it from.

    What is there and has no page is named without a link; what is not there stays an error.
    """
    target = node.get("reftarget", "")
    if node.get("refdomain") != "py":
        return None
    if target in radsim.__all__:
        path = f"radsim.{target}"
    else:
        thing = _found(target) if target.startswith("radsim.") else None
        if thing is None:
            return None
        path = _public().get(id(thing), "")
    if not path:
        return contnode
    return env.get_domain("py").resolve_xref(
        env, node["refdoc"], app.builder, "obj", path, node, contnode
    )
