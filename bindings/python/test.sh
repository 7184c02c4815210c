#!/usr/bin/env bash
# Builds copkit and tests it, from a clean machine with Rust and Python 3.10 or later.
#
#   COP_TEST_FILE=<file>  a community that the Rust example `statewide` wrote, to be opened from Python
#   PYTHON=<python>       the interpreter; python3 unless said
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

target="${CARGO_TARGET_DIR:-$PWD/target}"
venv="$target/venv"
[ -d "$venv" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    -r bindings/python/tests/requirements.txt -r bindings/python/docs/requirements.txt

export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"
maturin develop --quiet --manifest-path bindings/python/Cargo.toml

cd bindings/python
ruff check .
ruff format --check .
mypy --config-file pyproject.toml
# The stub against the compiled module, so that neither is changed alone.
python -m mypy.stubtest copkit._native --mypy-config-file pyproject.toml
# The notebooks as the programs that they are.
python tests/notebooks.py "$target/notebooks"
MYPYPATH=docs/notebooks mypy --strict --ignore-missing-imports --cache-dir "$target/mypy" "$target/notebooks"
cp docs/notebooks/sample.py "$target/notebooks"
# It comes from npm.
if pyright --version >/dev/null 2>&1; then
    pyright --level error python/copkit
    (cd "$target/notebooks" && pyright --level error .)
else
    echo "skipped: pyright (npm is out of reach)"
fi
[ -n "${COP_TEST_FILE:-}" ] || echo "skipped: the file that Rust wrote (COP_TEST_FILE is not set)"
compgen -G "${COP_POSTGRES:-/usr/lib/postgresql/*/bin}/initdb" >/dev/null || echo "skipped: PostgreSQL is not installed (postgresql)"
pytest "$@"
sphinx-build -q -W --keep-going docs "$target/copkit-docs"
