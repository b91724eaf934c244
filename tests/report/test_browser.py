"""The page in a real browser: no sideways scrolling at any width, and every picture is shown."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from .conftest import page_of

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
FRAME = """<iframe width="{width}" height="800" srcdoc="{page}"></iframe>"""
MEASURING = """<script>onload = () => {
  const found = [...document.querySelectorAll("iframe")].map(frame => {
    const page = frame.contentDocument, root = page.documentElement;
    return [root.clientWidth, root.scrollWidth, [...page.images].map(image => image.naturalWidth)];
  });
  document.body.innerHTML = "<pre>" + JSON.stringify(found) + "</pre>";
}</script>"""
"""The page itself allows no script, so what is around it measures."""


def measured(folder: Path, frames: list[tuple[int, str]]) -> list[tuple[int, int, list[int]]]:
    """Width of each frame, of what is in it, and of each picture in that."""
    inside = "".join(FRAME.format(width=w, page=html.escape(page)) for w, page in frames)
    around = folder / "around.html"
    around.write_text(f"<!doctype html><meta charset=utf-8><body>{inside}{MEASURING}</body>")
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [CHROMIUM, *FLAGS, profile, "--dump-dom", around.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    (found,) = re.findall(r"<pre>(.*?)</pre>", done.stdout)
    return json.loads(found)


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium here")
def test_nothing_is_wider_than_the_window(evaluated, hostile, tmp_path):
    pages = [page_of(evaluated, language).source for language in ("en", "ko")]
    pages.append(page_of(hostile).source)
    frames = [(width, page) for page in pages for width in (390, 1200)]
    too_wide = "<!doctype html><div style='width: 700px'>x</div>"
    *found, control = measured(tmp_path, [*frames, (390, too_wide)])
    assert control[1] >= 700 > control[0], "what is too wide is noticed"
    for (width, _), (visible, needed, pictures) in zip(frames, found, strict=True):
        assert visible <= width and needed <= visible
        assert len(pictures) >= 5 and min(pictures) > 0
