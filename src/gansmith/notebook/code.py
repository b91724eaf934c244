"""The code of the cells; what stands in braces is filled in."""

IMPORTS = """\
from pathlib import Path

import torch
from IPython.display import display

import gansmith
from gansmith.data import open_data
from gansmith.data.form import Form
from gansmith.notebook import look, show

DATA = {data!r}
FORM = Form({form})"""

DATA = """\
data = open_data(DATA, FORM)
held_out = data.held_out()
channels, height, width = data.spec.shape
number = 0 if held_out is None else len(held_out.x)
print(f"{data.spec.size:,} images to train on, {number:,} held out")
print(f"{look.sizes_before(DATA, FORM)} → {width}×{height}, {channels} channel(s)")
order = torch.randperm(data.spec.size, generator=torch.Generator().manual_seed(0))
some = order[:64].sort().values
display(show.grid(data.take(some).x))"""

TRAINING = """\
PLACES = [{places}]
RUN = next((place for place in PLACES if (place / "config.json").is_file()), PLACES[-1])

if (RUN / "config.json").is_file():
    run = gansmith.load(RUN{again})
else:
    run = gansmith.train(
        {method!r},
        data=DATA,
        run=RUN,
        {settings},
    )

machine = run.config.environment
print(f"{{run.step:,}} steps in {{run.seconds / 60:.1f}} minutes on {{machine.device}}, "
      f"{{machine.threads}} threads, {{run.config.training.precision}}")"""

FILM = "display(show.film(run))"

LOSSES = """\
metrics = run.metrics
curves = {
    name.removesuffix("/loss") + " loss": (metrics["step"][known], metrics[name][known])
    for name in metrics
    if name.endswith("/loss")
    for known in [~torch.tensor(metrics[name]).isnan().numpy()]
}
display(show.losses(curves, f"{run.config.method}: both losses"))"""

BEST = """\
samples = run.sample({drawn}, seed=0)
chosen = samples[look.best(samples, data)]
display(show.beside({{"the first 64, not chosen": samples[:64], "chosen by the rule": chosen}}))"""

MEASURES = """\
evaluation = look.evaluation_of(run)
display(show.table(evaluation))"""
