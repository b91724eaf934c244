"""Verbs, flags, presets and JSON keys are a contract: whoever changes one changes this table too.

Adding is fine once it stands here. Renaming or removing breaks scripts and config.json files that
others have written: say so in CHANGELOG.md.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gansmith.cli import VERBS
from gansmith.config import BATCHES
from gansmith.data_verbs import DATA_VERBS
from gansmith.latent_verbs import LATENT_VERBS
from gansmith.methods import METHODS, find

EXAMPLE = f"{Path(__file__).parent.parent / 'examples' / 'my_gan.py'}:MyGAN"

EVERY = "--help --json"
TRAIN = (
    f"{EVERY} --data --run --steps --minutes --size --crop --background --label --attributes "
    "--labels-file --labels-per-class --seed --device --precision --preset --config "
    "--checkpoint-every --sample-every --evaluate-every --evaluate-measures"
)
FLAGS = {
    "train": TRAIN,
    "resume": f"{EVERY} --steps --method --allow-inexact",
    "sample": f"{EVERY} --n --class --seed --out --raw-weights --checkpoint --method",
    "classify": f"{EVERY} --checkpoint --csv --method",
    "evaluate": f"{EVERY} --n --checkpoint --measures --features --inception --seed --method",
    "compare": f"{EVERY} --n --out --checkpoint --sort --features --inception --seed --method",
    "report": f"{EVERY} --language --out --notebook --n --method",
    "figure": f"{EVERY} --out --seed --effort --data --method",
    "list": EVERY,
    "show": EVERY,
}
DATA_FLAGS = {
    "check": f"{EVERY} --size --method --sheet",
    "prepare": f"{EVERY} --size --crop --background --label --attributes --labels-file --quick "
    "--format --licence",
    "list": EVERY,
    "fetch": f"{EVERY} --from",
}
OF_SPACE = f"{EVERY} --seed --out --raw-weights --checkpoint --condition --method"
LATENT_FLAGS = {
    "interpolate": f"{OF_SPACE} --from --between --rows --steps --path",
    "arithmetic": f"{OF_SPACE} --from --a --b --c --sheet --exemplars --among --label --noise "
    "--renormalise",
    "invert": f"{OF_SPACE} --held-out --search --restarts --steps",
    "walk": f"{OF_SPACE} --from --start --directions --steps --reach --at",
}
LATENT = "--batch-size --ema-decay --z-dim --prior"
FIELDS = {
    "gan": f"{LATENT} --loss --hidden --activation --architecture --learning-rate --betas",
    "dcgan": f"{LATENT} --loss --network --width --hidden --mapping --upsample --kernel "
    "--discriminator-norm --minibatch-stddev --r1-weight --r1-every --shift --augment --adaptive "
    "--augment-target --together --optimizer --learning-rate --generator-rate --betas --decay "
    "--decay-from --decay-steps",
    "wgan-gp": f"{LATENT} --n-critic --gp-weight --width --hidden --mapping --critic-norm "
    "--shift --augment --learning-rate --betas --decay-from --decay-steps",
    "ae": f"{LATENT} --network --hidden --width --upsample --learning-rate --betas",
    "vae": f"{LATENT} --beta --network --hidden --width --upsample --learning-rate --betas",
    "sgan": f"{LATENT} --unlabelled-weight --generator-loss --network --hidden --width "
    "--input-noise --layer-noise --shift --augment --learning-rate --betas --epsilon --decay-from "
    "--decay-steps",
    "lsgan": f"{LATENT} --labels --width --hidden --mapping --upsample --discriminator-norm "
    "--shift --learning-rate --betas",
    "wgan": f"{LATENT} --n-critic --n-generator --n-first --clip --width --upsample "
    "--learning-rate",
    "wn-gan": f"{LATENT} --norm --width --learning-rate --alpha",
    "began": f"{LATENT} --gamma --k-rate --width --learning-rate --betas --patience",
    "cgan": f"{LATENT} --network --width --hidden --mapping --upsample --discriminator-norm "
    "--shift --augment --adaptive --augment-target --together --optimizer --learning-rate "
    "--generator-rate --betas --decay",
    "acgan": f"{LATENT} --class-weight --fake-class-loss --width --hidden --mapping --upsample "
    "--discriminator-norm --shift --augment --adaptive --augment-target --learning-rate --betas",
    "projection": f"{LATENT} --loss --class-scale --n-discriminator --width --hidden --mapping "
    "--upsample --discriminator-norm --shift --augment --adaptive --augment-target "
    "--learning-rate --betas",
    "r3gan": f"{LATENT} --gamma --penalty-every --network --width --hidden --widest --blocks "
    "--shift --augment --adaptive --augment-target --learning-rate --betas --decay-from "
    "--decay-steps",
    EXAMPLE: f"{LATENT} --gamma",
}
PRESETS = {
    "ae": set(),
    "vae": {"lecture"},
    "gan": {"lecture", "lecture-keras", "pacgan"},
    "dcgan": {"paper", "lecture", "lecture-training"},
    "sgan": {"paper", "lecture"},
    "lsgan": {"paper"},
    "wgan": {"paper"},
    "wgan-gp": {"paper", "fast"},
    "wn-gan": {"paper"},
    "began": {"paper"},
    "cgan": {"lecture"},
    "acgan": {"paper"},
    "projection": {"paper"},
    "r3gan": {"paper"},
}
CHOICES = {
    "--crop": "{center,resize,pad}",
    "--device": "{auto,cpu,cuda,mps}",
    "--precision": "{auto,fp32,bf16}",
    "--prior": "{normal,uniform}",
    "--activation": "{leaky-relu,relu}",
    "--loss": "{non-saturating,minimax} {non-saturating,minimax,hinge} {non-saturating,hinge}",
    "--generator-loss": "{matching,class,both}",
    "--architecture": "{mlp,pacgan}",
    "--critic-norm": "{none,layer}",
    "--labels": "{zero-one,pearson}",
    "--network": "{mlp,conv} {dcgan,keras} {conv,mlp,keras} {resnet,paper}",
    "--upsample": "{deconv,resize}",
    "--kernel": "{3,4,5}",
    "--discriminator-norm": "{batch,spectral,none}",
    "--optimizer": "{adam,rmsprop}",
    "--norm": "{weight,batch,none}",
}
SPACE_KEYS = {"run", "step", "checkpoint", "raw_weights", "seed", "caption", "files"}
KEYS = {
    "resume": {"run", "step", "seconds", "signal", "files", "best"},
    "sample": {"run", "step", "n", "out", "classes"},
    "classify": {"run", "step", "n", "classes", "images", "labelled", "accuracy", "interval",
                 "confusion", "notes", "csv"},
    "compare": {"n", "seed", "checkpoint", "sort", "groups", "left_out", "rule", "command", "files",
                "made_with", "format"},
    "report": {"run", "out", "bytes", "language"},
    "figure": {"figure", "see", "numbers", "files"},
    "list": {"methods", "data"},
    "latent interpolate": {*SPACE_KEYS, "between", "path", "steps", "norms", "moved"},
    "latent arithmetic": {*SPACE_KEYS, "a", "b", "c", "norms", "renormalised", "noise",
                          "result_seen_as", "around_seen_as", "warnings"},
    "latent invert": {*SPACE_KEYS, "images", "mean_error", "prior_norm", "restarts", "steps",
                      "learning_rate", "optimizer", "start"},
    "latent walk": {*SPACE_KEYS, "shares", "directions_for_half", "scales", "start", "directions",
                    "steps", "reach", "at"},
    "show": {"run", "method", "preset", "data", "shape", "step", "planned", "checkpoints", "device",
             "precision", "seed", "fields", "newest", "best", "files"},
    "data check": {"path", "layout", "verdict", "pictures", "readable", "converted_to", "width",
                   "height", "sizes", "aspect_ratio", "kinds", "classes", "findings", "sheet"},
}  # fmt: skip
METHOD_KEYS = {"name", "paper", "eats", "file"}
GROUP_KEYS = {"data", "fingerprint", "shape", "features", "sorted_by", "runs", "seeds"}
RUN_KEYS = {"name", "rank", "tie", "tied_with", "behind_first", "seed", "seconds", "reused",
            "differs", "evaluation"}  # fmt: skip
DATA_KEYS = {"name", "batch", "about", "licence"}


def shown_flags(command, *arguments: str) -> list[str]:
    """The flags in a command's help."""
    code, out, _ = command(*arguments, "--help")
    assert code == 0
    return re.findall(r"^[│ ]+(?:-h, )?(--[a-z][a-z0-9-]*)", out, re.MULTILINE)


def test_the_verbs():
    assert list(VERBS) == [
        "train",
        "resume",
        "sample",
        "classify",
        "evaluate",
        "compare",
        "report",
        "figure",
        "latent",
        "list",
        "show",
        "data",
    ]
    assert set(DATA_VERBS) == set(DATA_FLAGS)
    assert set(LATENT_VERBS) == set(LATENT_FLAGS)


@pytest.mark.parametrize("verb", FLAGS)
def test_the_flags_of_a_verb(command, verb):
    assert sorted(shown_flags(command, verb)) == sorted(FLAGS[verb].split())


@pytest.mark.parametrize("verb", DATA_FLAGS)
def test_the_flags_of_a_verb_of_data(command, verb):
    assert sorted(shown_flags(command, "data", verb)) == sorted(DATA_FLAGS[verb].split())


@pytest.mark.parametrize("verb", LATENT_FLAGS)
def test_the_flags_of_a_verb_of_the_latent_space(command, verb):
    assert sorted(shown_flags(command, "latent", verb)) == sorted(LATENT_FLAGS[verb].split())


@pytest.mark.parametrize("name", FIELDS, ids=lambda name: name.rpartition("/")[2])
def test_the_flags_of_a_method(command, name):
    wanted = [*TRAIN.split(), *FIELDS[name].split()]
    assert sorted(shown_flags(command, "train", name)) == sorted(wanted)


def test_every_method_stands_here():
    assert set(METHODS) | {EXAMPLE} == set(FIELDS)


@pytest.mark.parametrize("name", METHODS)
def test_the_presets_of_a_method(name):
    method = find(name)
    kinds = [kind for kind in BATCHES.values() if kind in method.batch]
    presets = set().union(*(method.presets(kind) for kind in kinds)) - {"default"}
    assert presets == PRESETS[name]


def test_the_words_that_may_be_chosen(command):
    helps = " ".join(command("train", name, "--help")[1] for name in METHODS)
    shown: dict[str, dict[str, None]] = {}
    for flag, words in re.findall(r"(--[a-z0-9-]+) (\{[^}]+\})", helps):
        shown.setdefault(flag, {})[words] = None
    assert {flag: " ".join(words) for flag, words in shown.items()} == CHOICES


def test_the_keys_of_every_answer(command, tiny_run, tmp_path):
    pictures = tiny_run / "samples"
    commands = {
        "data check": ["data", "check", pictures],
        "resume": ["resume", tiny_run, "--steps", 5],
        "sample": ["sample", tiny_run, "--n", 1],
        "compare": ["compare", tiny_run, "--n", 20, "--out", tmp_path / "compared"],
        "report": ["report", tiny_run],
        "list": ["list"],
        "latent interpolate": ["latent", "interpolate", tiny_run, "--steps", 2],
        "latent arithmetic": ["latent", "arithmetic", tiny_run, "--a=1,", "--b=2,", "--c=3,"],
        "latent invert": ["latent", "invert", tiny_run, "--steps", 1],
        "latent walk": ["latent", "walk", tiny_run, "--at", 1],
        "show": ["show", tiny_run],
    }
    assert command("evaluate", tiny_run, "--n", 16, "--features", "random")[0] == 0
    few = f"{Path(__file__).parent / 'labelled_methods.py'}:FewLabels"
    able = ["--batch-size", 8, "--steps", 1, "--device", "cpu", "--run", tmp_path / "few"]
    assert command("train", few, *able)[0] == 0
    commands["classify"] = ["classify", tmp_path / "few", pictures, "--method", few]
    for name, arguments in commands.items():
        told = json.loads(command(*arguments, "--json")[1])
        assert set(told) == KEYS[name], name
        if name == "resume":
            assert set(told["files"]) == {"samples", "animation", "losses", "metrics"}
        if name == "compare":
            assert set(told["files"]) == {"page", "picture", "numbers"}
            assert all(set(group) == GROUP_KEYS for group in told["groups"])
            assert all(set(row) == RUN_KEYS for group in told["groups"] for row in group["runs"])
        if name == "list":
            assert all(set(row) == METHOD_KEYS for row in told["methods"])
            assert all(set(row) == DATA_KEYS for row in told["data"])


def test_the_keys_of_a_configuration(tiny_run):
    raw = json.loads((tiny_run / "config.json").read_text())
    assert list(raw) == ["method", "method_sha256", "preset", "fields", "data", "form", "spec",
                         "training", "environment"]  # fmt: skip
    assert list(raw["form"]) == ["size", "crop", "background", "label", "attributes",
                                 "labels_file"]  # fmt: skip
    assert list(raw["spec"]) == ["name", "batch", "shape", "size", "class_names", "fingerprint",
                                 "unreadable"]  # fmt: skip
    assert list(raw["training"]) == ["steps", "minutes", "seed", "device", "precision",
                                     "checkpoint_every", "sample_every",
                                     "evaluate_every", "evaluate_measures",
                                     "labels_per_class", "labels_sha256"]  # fmt: skip
