#!/usr/bin/env bash
# Tests the mobile binding: builds the library, holds its surface against the core's and Python's, generates Kotlin and
# Swift, runs the Kotlin tests on the JVM and checks Swift as far as this machine can. Says what it skips. What ships,
# and takes minutes to build, is ship.sh's.
#
#   COP_TEST_FILE  a community's file that Rust wrote, for the Kotlin tests; made from the examples unless given
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$here/../.." && pwd)
cd "$workspace"
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target"
target=$(cd "$target" && pwd)
export CARGO_TARGET_DIR=$target

cargo test -q -p cop-mobile --lib
# Without its index it builds too.
cargo check -q -p cop-mobile --lib --no-default-features

if command -v python3 >/dev/null; then
  bash "$here/generate.sh" python "$target/mobile-python"
  python3 "$here/parity.py" check "$target/mobile-python/cop.py"
else
  echo "skipped: no Python: the surface was not held against copkit's"
fi

if command -v java >/dev/null && command -v mvn >/dev/null; then
  if [ -z "${COP_TEST_FILE:-}" ]; then
    export COP_TEST_FILE=$target/mobile/statewide.cop
    mkdir -p "$target/mobile"
    cargo run -q -p cop-examples --example statewide -- --out "$COP_TEST_FILE" >"$target/mobile/statewide.log"
  fi
  (cd "$here/kotlin" && mvn -q -B test "-Dcop.library.dir=$target/debug")
else
  echo "skipped: no JDK with Maven: no Kotlin was compiled and no Kotlin test ran"
fi

bash "$here/swift/check-swift.sh"
