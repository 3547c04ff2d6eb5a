"""What the modules of the house take from one another, read from their syntax trees."""

import ast
import re
from functools import cache
from pathlib import Path

import radsim

ROOT = Path(radsim.__file__).parent
CHECKOUT = ROOT.parent
# Functions that import what they are given as text.
LATE = ("import_module", "__import__")


def _name(path):
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules():
    """From the name of each module to its syntax tree."""
    return {_name(path): ast.parse(path.read_text()) for path in ROOT.rglob("*.py")}


@cache
def public():
    """From each public name to the module that has it."""
    stub = ast.parse((ROOT / "__init__.pyi").read_text())
    nodes = [node for node in ast.walk(stub) if isinstance(node, ast.ImportFrom) and node.module]
    return {alias.name: f"radsim.{node.module}" for node in nodes for alias in node.names}


def _for_types_only(tree):
    """Nodes under `if TYPE_CHECKING`."""
    blocks = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).split(".")[-1] == "TYPE_CHECKING"
    ]
    return {id(node) for block in blocks for part in block.body for node in ast.walk(part)}


def _run_on_import(node):
    """Nodes of a module that run when it is imported: all but the bodies of functions."""
    yield node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _run_on_import(child)


def _source(name, node):
    """The module that `from ... import` names, a relative one in full."""
    if not node.level:
        return node.module
    package = name if (ROOT.parent / name.replace(".", "/")).is_dir() else name.rpartition(".")[0]
    parts = package.split(".")[: len(package.split(".")) + 1 - node.level]
    return ".".join([*parts, node.module] if node.module else parts)


def _dotted(node):
    """A dotted name as text, or nothing for what is no such name."""
    text = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
    return text if re.fullmatch(r"\w+(\.\w+)*", text) else ""


def imports(name, *, top=False):
    """(module, imported name or None) of every import of a module, or of those at its top.

    A public name taken from `radsim` counts as its module, and so does a name given to importlib.
    """
    tree = modules()[name]
    skipped = _for_types_only(tree)
    for node in _run_on_import(tree) if top else ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _source(name, node)
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                if source == "radsim" and alias.name in public():
                    yield public()[alias.name], alias.name
                else:
                    yield (whole, None) if whole in modules() else (source, alias.name)
        elif isinstance(node, ast.Attribute) and _dotted(node.value) == "radsim":
            yield public().get(node.attr, f"radsim.{node.attr}"), None
        elif isinstance(node, ast.Call) and _dotted(node.func).split(".")[-1] in LATE:
            yield from ((part.value, None) for part in node.args if isinstance(part, ast.Constant))


def _private(name):
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def crossings(name, tree):
    """Private names that a module takes from another one: imported, as attribute, by getattr."""
    known = set(modules())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {alias.asname for alias in node.names if alias.name in modules()} - {None}
        elif isinstance(node, ast.ImportFrom):
            source = _source(name, node)
            for alias in node.names:
                if f"{source}.{alias.name}" in modules():
                    known.add(alias.asname or alias.name)
                elif source.split(".")[0] == "radsim" and _private(alias.name):
                    yield f"{name}: from {source} import {alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _private(node.attr):
            if _dotted(node.value) in known:
                yield f"{name}: {ast.unparse(node)}"
        elif isinstance(node, ast.Call) and _dotted(node.func) == "getattr":
            of, attribute = node.args[:2]
            if _dotted(of) in known and isinstance(attribute, ast.Constant):
                if _private(attribute.value):
                    yield f"{name}: {ast.unparse(node)}"
