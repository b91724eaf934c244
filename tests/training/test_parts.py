"""The average of weights, the engine, the allocator, signals: each against what it promises."""

from __future__ import annotations

import copy
import ctypes
import signal
import sys
import threading

import pytest
import torch
from torch import nn

from gansmith.errors import ConfigError
from gansmith.training import memory
from gansmith.training.average import Averager, averaged_twin
from gansmith.training.engine import Engine, resolve_device, resolve_precision
from gansmith.training.stopping import stop_on_signals


def networks() -> nn.ModuleDict:
    """A network with weights, floating-point buffers and a whole-number buffer."""
    return nn.ModuleDict({"generator": nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))})


def test_the_average_follows_its_recurrence():
    nets, decay = networks(), 0.9
    twin = averaged_twin(nets, ["generator"])
    expected = copy.deepcopy(twin.state_dict())
    averager = Averager(twin, nets, decay)
    for step in range(20):
        for parameter in nets.parameters():
            parameter.data += torch.randn_like(parameter)
        nets["generator"](torch.randn(4, 2))
        averager.update(step)
        factor = min(decay, (1 + step) / (10 + step))
        for name, tensor in nets.state_dict().items():
            moved = expected[name] * factor + tensor * (1 - factor)
            expected[name] = moved if tensor.is_floating_point() else tensor.clone()
    for name, tensor in twin.state_dict().items():
        torch.testing.assert_close(tensor, expected[name])


def test_decay_zero_copies_and_the_twin_never_trains():
    nets = networks()
    twin = averaged_twin(nets, ["generator"])
    assert not twin.training and not any(p.requires_grad for p in twin.parameters())
    for parameter in nets.parameters():
        parameter.data += 1
    Averager(twin, nets, 0.0).update(0)
    for name, tensor in nets.state_dict().items():
        assert twin.state_dict()[name].equal(tensor)


def test_auto_precision_is_bf16_only_for_convolutions_on_hardware_made_for_it(monkeypatch):
    dense, conv = nn.Linear(1, 1), nn.Conv2d(1, 1, 1)
    for amx, expected in ((True, "bf16"), (False, "fp32")):
        monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda amx=amx: amx)
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
        assert resolve_precision("auto", "cpu", conv) == expected
        assert resolve_precision("auto", "cpu", dense) == "fp32"
    assert resolve_precision("bf16", "cpu", dense) == "bf16"
    with pytest.raises(ConfigError, match="not on mps"):
        resolve_precision("bf16", "mps", conv)


def test_a_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert resolve_device("auto") == "cpu"
    with pytest.raises(ConfigError, match="Available: cpu"):
        resolve_device("cuda")


def test_rows_of_processes_partition_the_batch():
    whole = list(range(12))
    shares = [whole[Engine(torch.device("cpu"), "fp32", rank, 3).rows(12)] for rank in range(3)]
    assert [row for share in shares for row in share] == whole
    assert Engine(torch.device("cpu")).rows(12) is None


def test_the_allocator_is_left_alone_where_it_cannot_be_told(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert memory.keep_freed_memory() is False
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())  # a C library without mallopt
    assert memory.keep_freed_memory() is False


def test_peak_memory_is_unknown_without_the_resource_module(monkeypatch):
    assert memory.peak_memory() > 10 * memory.MIB
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    assert memory.peak_memory() == 0


def test_a_system_without_sigterm_still_listens_to_ctrl_c(monkeypatch):
    monkeypatch.delattr(signal, "SIGTERM")
    with stop_on_signals() as stop:
        assert not stop
        signal.raise_signal(signal.SIGINT)
        assert stop and stop.signal == signal.SIGINT
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_handlers_are_put_back():
    before = signal.getsignal(signal.SIGINT)
    with stop_on_signals():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_outside_the_main_thread_no_handler_is_set():
    seen = []

    def listen() -> None:
        with stop_on_signals() as stop:
            seen.append(bool(stop))

    thread = threading.Thread(target=listen)
    thread.start()
    thread.join()
    assert seen == [False]
