#!/usr/bin/env bash
# Builds what ships, and holds it to what is promised: the library in profile `mobile`, with search and without, within
# the budget of sizes.txt; the jar with the library inside; a project that depends on the jar, runs the README's example
# and a console app. Linux, x86-64; minutes, because all of the library is optimised as one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$here/../.." && pwd)
cd "$workspace"
. bindings/mobile/shipping.sh
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target/ship"
target=$(cd "$target" && pwd)
export CARGO_TARGET_DIR=$target
passed=0
failed=0
check() { # check NAME COMMAND…
  local name=$1
  shift
  if "$@"; then echo "ok: $name"; passed=$((passed + 1)); else echo "FAILED: $name"; failed=$((failed + 1)); fi
}

within_budget() { # within_budget NAME: its bytes, and its bytes compressed, beside what it may have
  local most bytes
  most=$(awk -v name="$1" '$1 == name { print $2 }' "$here/sizes.txt")
  bytes=$(stat -c %s "$target/ship/$1/libcop_mobile.so")
  echo "$1: $bytes bytes of $most, $(gzip -9 -c "$target/ship/$1/libcop_mobile.so" | wc -c) compressed"
  [ "$bytes" -le "$most" ]
}

for what in without-search everything; do
  features=()
  [ "$what" = everything ] || features=(--no-default-features)
  cargo build -q --profile mobile -p cop-mobile "${features[@]}"
  mkdir -p "$target/ship/$what"
  cp "$target/mobile/libcop_mobile.so" "$target/ship/$what/"
  check "the library $what is within its budget" within_budget "$what"
done

if ! command -v mvn >/dev/null || ! command -v javac >/dev/null; then
  echo "skipped: no JDK with Maven: no jar was built"
else
  # Where JNA looks in a jar.
  mkdir -p "$target/ship/native/linux-x86-64"
  cp "$target/ship/everything/libcop_mobile.so" "$target/ship/native/linux-x86-64/"
  (cd "$here/kotlin" && mvn -q -B install -Dmaven.test.skip=true "-Dcop.resources=$target/ship/native")
  check "the jar has the library" bash -c "python3 -m zipfile -l '$here/kotlin/target/copkit-0.1.0.jar' | grep linux-x86-64/libcop_mobile.so >/dev/null"
  bash "$here/examples/console/run.sh" && passed=$((passed + 1)) || failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
