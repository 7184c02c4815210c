#!/usr/bin/env bash
# Builds the library and generates its bindings: generate.sh kotlin|swift|python OUT_DIR
set -euo pipefail
cd "$(dirname "$0")/../.."
language=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)
target=${CARGO_TARGET_DIR:-target}
# Two invocations: features unify within one, and the generator's must not reach the library.
cargo build -q -p cop-mobile
cargo build -q --profile tool -p cop-bindgen
case $(uname -s) in
  Darwin) library=libcop_mobile.dylib ;;
  MINGW* | MSYS* | CYGWIN*) library=cop_mobile.dll ;;
  *) library=libcop_mobile.so ;;
esac
rm -rf "$out"
"$target/tool/cop-bindgen" "$language" "$target/debug/$library" "$out"
