"""The documentation is a program that runs: every call has an example, and the notebooks are executed."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path

import copkit
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "docs" / "notebooks").glob("*.ipynb"))


def public() -> Iterator[tuple[str, object]]:
    """Everything of the package that one can call or look up, and the classes that do more than hold values."""
    for module in pkgutil.walk_packages(copkit.__path__, "copkit."):
        if any(part.startswith("_") for part in module.name.split(".")):
            continue
        for name, thing in vars(import_module(module.name)).items():
            if name.startswith("_") or getattr(thing, "__module__", "") != module.name:
                continue
            if inspect.isclass(thing):
                holds = (
                    is_dataclass(thing) or issubclass(thing, (Enum, BaseException)) or hasattr(thing, "_is_protocol")
                )
                if not holds and thing.__name__ in copkit.__all__ and thing.__name__ not in NO_EXAMPLE:
                    yield f"{module.name}.{name}", thing
                for member, value in vars(thing).items():
                    value = getattr(value, "__func__", value)
                    called = inspect.isfunction(value) or isinstance(value, property)
                    if called and not member.startswith("_") and not getattr(thing, "_is_protocol", False):
                        yield f"{module.name}.{name}.{member}", value
            elif inspect.isfunction(thing) and name in getattr(import_module(module.name), "__all__", ()):
                yield f"{module.name}.{name}", thing


#: Their calls have examples.
NO_EXAMPLE: set[str] = set()


def test_every_call_has_an_example_that_runs() -> None:
    # Pytest runs them all.
    found = dict(public())
    assert len(found) > 150
    without = [name for name, thing in found.items() if ">>> " not in (inspect.getdoc(thing) or "")]
    assert without == []


def test_everything_public_says_what_it_is() -> None:
    undocumented = [name for name in copkit.__all__ if not inspect.getdoc(getattr(copkit, name))]
    # An alias of types has no docstring of its own.
    assert [name for name in undocumented if inspect.isclass(getattr(copkit, name))] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.read(path, as_version=4)
    kept = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs or not cell.source.strip() or not shows(cell.source) for cell in kept), "kept with outputs"
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()


def shows(source: str) -> bool:
    """Whether a cell ends with something to look at."""
    last = source.rstrip().splitlines()[-1]
    return last.startswith("print(") or (last[:1].isalpha() and "=" not in last.split("(")[0])


def test_there_are_four_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["cycle", "first_look", "network", "research"]
