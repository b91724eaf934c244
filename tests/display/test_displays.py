"""What each display prints, and where."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from rich.console import Console

from gansmith.display import LiveDisplay, PlainDisplay, SilentDisplay, make_display
from gansmith.display.pace import Pace

VALUES = {"discriminator": 0.612, "generator": 1.318}


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def played(
    steps_per_second: float, count: int, steps: int | None = None, minutes: float | None = None
) -> list[str]:
    """The lines of a plain display after a whole run at a constant speed."""
    clock, stream = Clock(), io.StringIO()
    display = PlainDisplay(stream, clock)
    display.start("gan on digits", steps, minutes, 0)
    for step in range(1, count + 1):
        clock.now = 100 + step / steps_per_second
        display.update(step, step / steps_per_second, 64 * step, VALUES)
    display.stop()
    display.stop()
    return stream.getvalue().splitlines()


def test_the_form_follows_the_console() -> None:
    assert isinstance(make_display(True, quiet=False), LiveDisplay)
    assert isinstance(make_display(False, quiet=False), PlainDisplay)
    assert isinstance(make_display(True, quiet=True), SilentDisplay)
    assert isinstance(make_display(False, quiet=True), SilentDisplay)


def test_plain_lines_say_everything() -> None:
    title, *lines = played(25, 5000, steps=5000)
    assert title == "gan on digits · 5,000 steps"
    assert lines[0] == (
        "step 125/5000 · 2 % · 25.0 steps/s · 1,600 images/s · 3 min 15 s left"
        " · discriminator 0.61 · generator 1.32"
    )
    assert lines[-1].startswith(
        "step 5000/5000 · 100 % · 25.0 steps/s · 1,600 images/s · 3 min 20 s"
    )


def test_plain_lines_come_at_each_tenth_and_otherwise_after_five_seconds() -> None:
    steps = [int(line.split("/")[0][5:]) for line in played(25, 5000, steps=5000)[1:]]
    assert set(range(500, 5001, 500)) <= set(steps)
    between = [(b - a) / 25 for a, b in pairwise(steps) if b % 500]
    assert min(between) >= 5


def test_a_fast_run_prints_tenths_and_a_night_prints_a_few_screens() -> None:
    assert len(played(1e6, 1000, steps=1000)) == 11
    assert len(played(0.5, 18_000, steps=18_000)) < 200


def test_a_run_by_minutes() -> None:
    title, *lines = played(2, 120, minutes=1)
    assert title == "gan on digits · 1 min"
    (half,) = [line for line in lines if line.startswith("step 60 ")]
    assert half.startswith("step 60 · 0.5/1 min · 50 % · 2.0 steps/s · 128 images/s · 30 s left")
    assert "100 %" in lines[-1]


def test_a_run_without_end_or_images() -> None:
    stream = io.StringIO()
    display = PlainDisplay(stream, Clock())
    display.start("gan", None, None, 0)
    display.update(1, 0.5, 0, {})
    display.update(3, 1.5, 0, {})
    display.stop()
    assert stream.getvalue() == "gan · no end\nstep 3 · 2.0 steps/s\n"


def test_plain_output_has_no_control_codes_and_goes_to_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    display = make_display(False, quiet=False)
    display.start("gan", 10, None, 0)
    for step in range(1, 11):
        display.update(step, float(step), step, VALUES)
    display.say("samples saved")
    display.stop()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "\nsamples saved\n" in captured.err
    assert all(letter.isprintable() or letter == "\n" for letter in captured.err)


def test_silence(capsys: pytest.CaptureFixture[str]) -> None:
    display = make_display(True, quiet=True)
    display.start("gan", 10, None, 0)
    display.update(1, 1.0, 1, VALUES)
    display.say("line")
    display.stop()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("width", [20, 60, 80, 120, 200])
def test_the_live_region_fits_its_terminal(width: int) -> None:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    display = LiveDisplay(console)
    display.start("wgan-gp on mnist", 5000, None, 0)
    display.update(1, 0.1, 64, VALUES)
    display.update(1200, 38.4, 76_800, VALUES)
    display.stop()
    with console.capture() as capture:
        console.print(display)
    lines = capture.get().splitlines()
    assert all(len(line) <= width for line in lines)
    text = " · ".join(line.strip("━╸╺ ") for line in lines)
    if width >= 60:
        assert len(lines) == (2 if width >= 80 else 3)
        assert text == (
            "1200/5000 · 24 % · 31.3 steps/s · 2,004 images/s · 2 min 01 s left"
            " · discriminator 0.61 · generator 1.32"
        )


def test_live_prints_lines_as_they_are_and_stops_twice() -> None:
    stream = io.StringIO()
    display = LiveDisplay(Console(file=stream, width=80, force_terminal=True, color_system=None))
    display.stop()
    display.update(1, 0.1, 64, VALUES)
    display.start("a [bold] title", 10, None, 2)
    display.say("saved [red]samples[/red]")
    display.update(10, 1.0, 64, VALUES)
    display.stop()
    display.stop()
    text = stream.getvalue()
    assert "a [bold] title · step 2 to 10" in text
    assert "saved [red]samples[/red]" in text
    assert "10/10 · 100 %" in text


def test_rates_forget_what_is_long_past() -> None:
    pace = Pace(1000, None, 0)
    for step in range(1, 101):
        pace.move(step, float(step), step)
        pace.mark()
    for step in range(101, 501):
        pace.move(step, 100 + (step - 100) / 10, step)
        pace.mark()
    assert "10.0 steps/s" in pace.phrases()
    assert "50 s left" in pace.phrases()


def test_the_first_of_two_ends_counts() -> None:
    pace = Pace(1000, 1.0, 0)
    pace.move(0, 0.0, 0)
    pace.move(100, 30.0, 0)
    assert pace.fraction == 0.5
    assert pace.phrases() == ["100/1000", "0.5/1 min", "50 %", "3.3 steps/s", "30 s left"]
    assert pace.goal() == "1,000 steps, at most 1 min"
