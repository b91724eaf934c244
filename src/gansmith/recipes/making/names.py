"""Full names, from lists of family names and given names."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from gansmith.errors import DataError
from gansmith.recipes.material import Material, need
from gansmith.recipes.split import held_out_groups
from gansmith.recipes.written import PARTS, Counts, write_table

FAMILY, FEMALE, MALE = "last_names", "first_names_female", "first_names_male"


def names(material: Material, into: Path) -> Counts:
    """Every family name with every given name, once, split by the given name.

    The lists are read from the package's source as literals; nothing of it is run.
    """
    package = material.recipe.packages[0]
    lists = literal_lists(need(material.by_name(0), "__init__.py", package))
    if not {FAMILY, FEMALE, MALE} <= set(lists):
        raise DataError(f"{package} has no lists {FAMILY}, {FEMALE} and {MALE}.")
    use = dict.fromkeys(lists[FEMALE], "female")
    for given in lists[MALE]:
        use[given] = "both" if given in use else "male"
    held_out = held_out_groups(use)
    rows: dict[str, list[tuple[str, ...]]] = {part: [] for part in PARTS}
    for given in sorted(use):
        for family in sorted(set(lists[FAMILY])):
            rows[PARTS[given in held_out]].append((family + given, family, given, use[given]))
    return write_table(into, "names.tsv", ("name", "family", "given", "use"), rows)


def literal_lists(source: bytes) -> dict[str, list[str]]:
    """The first words of the pairs in each `NAME = OrderedDict(((word, number), ...))`.

    Raises:
        DataError: it is not Python.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise DataError(f"The list of names is not Python: {error}.") from error
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.args:
            pairs = _literal(node.value.args[0])
            if isinstance(node.targets[0], ast.Name) and pairs:
                found[node.targets[0].id] = [pair[0] for pair in pairs]
    return found


def _literal(node: ast.expr) -> list[Any]:
    """A tuple of pairs; empty where it is none."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return []
    whole = isinstance(value, tuple) and all(isinstance(one, tuple) and one for one in value)
    return list(value) if whole else []
