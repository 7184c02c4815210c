"""Writes the code of the notebooks into a folder, as programs that type checkers read: `notebooks.py FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def program(notebook: Path) -> str:
    """The code cells of a notebook, one after another."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return "\n".join(code) + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for path in (Path(__file__).parents[1] / "docs" / "notebooks").glob("*.ipynb"):
        (folder / f"notebook_{path.stem}.py").write_text(program(path), encoding="utf-8")
