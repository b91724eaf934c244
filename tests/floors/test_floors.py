"""The building's rules: imports go down only, files stay short, help comes without torch."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "gansmith"
MODULES = sorted(PACKAGE.rglob("*.py"))
METHODS = sorted(p for p in (PACKAGE / "methods").glob("*.py") if p.stem != "__init__")
LONGER = {"stackgan", "cyclegan", "colorization", "seq2seq_gan"}
SAYS_NOTHING = re.compile(r"_?(utils?|helpers?|common|base|core|misc|manager)")


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def lines_of_code(source: str) -> int:
    """Lines that are neither blank, comment nor docstring (attribute docstrings too)."""
    prose: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            prose.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    numbered = enumerate((line.strip() for line in source.splitlines()), 1)
    return sum(1 for n, line in numbered if line and not line.startswith("#") and n not in prose)


def modules_loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after running the code."""
    report = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    done = subprocess.run(
        [sys.executable, "-c", report + code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in done.stderr.split()}


def test_imports_go_down_only(monkeypatch, capsys):
    monkeypatch.setattr(sys, "path", [*sys.path])  # the linter puts the current folder there
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert status == 0, capsys.readouterr().out


def test_code_is_counted_without_prose():
    source = '"""Doc."""\n\nx = 1\n"""Of x,\ntwo lines."""\n# why\ny = "text"\n'
    assert lines_of_code(source) == 2


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_modules_are_short_and_named_for_what_they_do(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    names = path.relative_to(PACKAGE).with_suffix("").parts
    assert not any(SAYS_NOTHING.fullmatch(name) for name in names)


@pytest.mark.parametrize("path", METHODS, ids=named)
def test_a_method_fits_on_one_screen(path):
    limit = 150 if path.stem in LONGER else 90
    assert lines_of_code(path.read_text(encoding="utf-8")) <= limit


@pytest.mark.parametrize(
    "code",
    [
        "import gansmith",
        "import sys; sys.argv = ['gansmith', '--help']; from gansmith.__main__ import main; main()",
    ],
    ids=["import", "help"],
)
def test_torch_is_not_imported_early(code):
    loaded = modules_loaded_by(code)
    assert "gansmith" in loaded
    assert not loaded & {"torch", "matplotlib"}
