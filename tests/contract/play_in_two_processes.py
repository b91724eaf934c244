"""Plays every case for three steps as one of two processes; prints the hash of its weights."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from pathlib import Path

import torch.distributed as dist

from gansmith.training.engine import start_engine
from gansmith.training.loop import Every, Game, Moment, make_loader, train
from gansmith.training.record import Recorder
from gansmith.training.state import initial_state

spec = importlib.util.spec_from_file_location("cases", Path(__file__).parent.parent / "conftest.py")
assert spec is not None and spec.loader is not None
cases = importlib.util.module_from_spec(spec)
__import__("sys").modules["cases"] = cases
spec.loader.exec_module(cases)

engine = start_engine("cpu", "fp32")
nothing: list[Every] = []
for case in cases.CASES:
    method, data = case.method(), case.data_set()
    state = initial_state(method, case.networks(seed=engine.rank), engine)
    loader = make_loader(engine, method, data, 0)
    moment = Moment(engine, method, state, data)
    recorder = Recorder(lambda step, values: None)
    train(Game(engine, method, state, loader, 0), moment, lambda m: m.state.step == 3, recorder)
    digest = hashlib.sha256()
    for parameter in state.nets.parameters():
        digest.update(parameter.detach().contiguous().numpy().tobytes())
    print(case, digest.hexdigest(), flush=True)
dist.destroy_process_group()
os._exit(0)  # every game is still held: gloo's threads must not meet an interpreter that ends
