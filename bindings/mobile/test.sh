#!/usr/bin/env bash
# Tests the mobile binding: builds the library, generates Kotlin and Swift, runs the Kotlin tests on the JVM and
# checks Swift as far as this machine can. Says what it skips.
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
