#!/usr/bin/env bash
# Checks the Swift binding as far as this machine can: header, syntax, and (with swiftc) tests.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$here/../../.." && pwd)
cd "$workspace"
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target"
target=$(cd "$target" && pwd)
gen=$(mktemp -d)
trap 'rm -rf "$gen"' EXIT

bash "$here/prepare.sh" "$here"

passed=0
failed=0
step() { # step NAME COMMAND…
  local name=$1
  shift
  if "$@"; then echo "ok: $name"; passed=$((passed + 1)); else echo "FAILED: $name"; failed=$((failed + 1)); fi
}

# Only clang reads a module map.
if ! command -v clang >/dev/null && ! ls /usr/bin/clang-[0-9]* >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get -qq update && apt-get -qq install -y --no-install-recommends clang-14 >/dev/null ||
      echo "skipped: clang-14 could not be installed"
  else
    echo "skipped: no clang, and no apt-get as root to install it"
  fi
fi

header="$here/Sources/CopKitFFI/CopKitFFI.h"
clang=$(command -v clang || ls /usr/bin/clang-[0-9]* 2>/dev/null | sort -V | tail -1 || true)
cat >"$gen/use.c" <<'C'
#if __has_feature(modules)
@import CopKitFFI;
#else
#include "CopKitFFI.h"
#endif
int main(void) { return 0; }
C
if [ -n "$clang" ]; then
  step "the header compiles ($(basename "$clang"))" "$clang" -fsyntax-only -Wall -Werror -x c -include "$header" /dev/null
  step "the module map loads" "$clang" -fsyntax-only -fmodules -fmodules-cache-path="$gen/cache" \
    -fmodule-map-file="$here/Sources/CopKitFFI/module.modulemap" -I "$here/Sources/CopKitFFI" -x objective-c "$gen/use.c"
else
  echo "no clang: gcc reads the header without its nullability words; the module map is not checked"
  step "the header compiles (gcc)" gcc -fsyntax-only -Wall -Werror -D_Nonnull= -D_Nullable= -x c -include "$header" /dev/null
fi

# Every function the header declares must be in the library.
exported() {
  local missing
  missing=$(comm -23 \
    <(grep -oE '\b(uniffi|ffi)_cop_mobile_[a-z0-9_]+' "$header" | sort -u) \
    <(nm -D --defined-only "$target/debug/libcop_mobile.so" | awk '{print $3}' | sort -u))
  [ -z "$missing" ] || { echo "not in the library: $missing"; return 1; }
}
if [ "$(uname -s)" = Linux ]; then step "the library has every symbol of the header" exported; fi

venv=${COP_SWIFT_VENV:-$target/swift-syntax-venv}
parser="$venv/bin/python"
if ! "$parser" -c "import tree_sitter, tree_sitter_swift" 2>/dev/null; then
  python3 -m venv "$venv" && "$venv/bin/pip" -q install tree-sitter==0.26.1 tree-sitter-swift==0.7.4 || parser=
fi
if [ -n "$parser" ]; then
  step "the Swift sources parse" "$parser" "$here/swift_syntax.py" \
    "$here/Package.swift" "$here"/Sources/CopKit/*.swift "$here"/Tests/CopKitTests/*.swift \
    "$here"/../examples/swiftui/*.swift
else
  echo "skipped: no Python with venv and pip: the Swift sources were not parsed"
fi

if command -v swiftc >/dev/null && command -v swift >/dev/null; then
  step "swift test" swift test --package-path "$here" -Xswiftc -warnings-as-errors
else
  echo "skipped: no swiftc: the Swift sources were parsed, not compiled, and no Swift test ran"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
