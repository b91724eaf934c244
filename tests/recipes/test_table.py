"""The recipes say all that is needed, and the verbs show it."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase

import pytest

from gansmith.data import DATASETS
from gansmith.recipes.archives import SUFFIXES
from gansmith.recipes.clients import CLIENTS, by_hand
from gansmith.recipes.fetching import KINDS
from gansmith.recipes.table import recipes

RECIPES = recipes()
PACKAGES = [package for recipe in RECIPES for package in recipe.packages]


def test_no_recipe_has_the_name_of_an_embedded_set():
    assert len(RECIPES) == 12 and not {recipe.name for recipe in RECIPES} & set(DATASETS)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_recipe_is_complete(recipe):
    assert recipe.kind in KINDS and re.fullmatch(r"[a-z0-9-]+", recipe.name)
    assert recipe.licence and recipe.attribution and recipe.train > recipe.held_out > 0
    for package in recipe.packages:
        assert package.client in CLIENTS and package.file.endswith(SUFFIXES)
        assert re.fullmatch(r"[0-9a-f]{64}", package.sha256)
        assert package.members and package.terms
    assert f"gansmith data fetch {recipe.name}" in by_hand(recipe)


def test_one_package_has_one_hash():
    assert len({(p.name, p.version) for p in PACKAGES}) == len({p.sha256 for p in PACKAGES})


def test_no_recipe_reads_pictures_that_are_not_licensed_for_it():
    for name in ("package/img/apple/64/1.png", "package/img/facebook/64/1.png"):
        assert not any(fnmatchcase(name, one) for p in PACKAGES for one in p.members)


class TestVerbs:
    def test_list(self, command):
        code, out, _ = command("data", "list")
        assert code == 0 and all(recipe.name in out for recipe in RECIPES)
        rows = json.loads(command("data", "list", "--json")[1])["data"]
        keys = {"name", "about", "train", "held_out", "download_bytes", "licence", "path"}
        assert len(rows) == len(RECIPES) and all(set(row) == keys for row in rows)
        assert all(row["path"] is None for row in rows)

    def test_an_unknown_name_offers_the_nearest(self, command):
        code, _, err = command("data", "fetch", "emoji-gogle")
        assert code == 2 and "Did you mean emoji-google" in err

    def test_what_cannot_be_fetched_ends_with_2(self, command):
        code, out, _ = command("data", "fetch", "names-ko", "--json")
        assert code == 2 and "--from faker" in json.loads(out)["message"]

    @pytest.mark.parametrize("name", ["stamps", "mnist-10k"])
    def test_training_on_what_is_not_there_says_how_to_get_it(self, command, name):
        code, _, err = command("train", "dcgan", "--data", name)
        assert code == 2 and f"gansmith data fetch {name}" in err

    def test_fetch_draws_digits_without_any_package(self, command, cache, monkeypatch):
        from gansmith.recipes import table

        entry = {**table.recipe_table()["font-digits"], "train": 40, "held_out": 20}
        monkeypatch.setattr(table, "recipe_table", lambda: {"font-digits": entry})
        code, out, _ = command("data", "fetch", "font-digits", "--json")
        told = json.loads(out)
        assert code == 0 and (told["train"], told["held_out"]) == (40, 20)
        assert told["path"] == str(cache / "data" / "font-digits")
