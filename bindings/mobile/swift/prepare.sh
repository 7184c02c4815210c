#!/usr/bin/env bash
# Makes a folder that is a Swift package with everything in it: the generated sources, the library for this machine, and
# the conformance vectors. A machine with Swift 6, of the same system, builds and tests it with `swift test` alone.
#
#   prepare.sh OUT_DIR [PROFILE]     PROFILE of cargo: dev unless said, mobile for what ships
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$here/../../.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
profile=${2:-dev}
cd "$workspace"
target=${CARGO_TARGET_DIR:-target}
gen=$(mktemp -d)
trap 'rm -rf "$gen"' EXIT
bash "$here/../generate.sh" swift "$gen"
[ "$profile" = dev ] || cargo build -q --profile "$profile" -p cop-mobile

mkdir -p "$out/Sources/CopKit" "$out/Sources/CopKitFFI" "$out/Tests/CopKitTests/Vectors" "$out/lib"
if [ "$out" != "$here" ]; then
  cp "$here/Package.swift" "$out/"
  cp "$here"/Sources/CopKit/*.swift "$out/Sources/CopKit/"
  cp "$here"/Tests/CopKitTests/*.swift "$out/Tests/CopKitTests/"
fi
cp "$gen/CopKit.swift" "$out/Sources/CopKit/"
cp "$gen/CopKitFFI/CopKitFFI.h" "$out/Sources/CopKitFFI/"
{ sed '$d' "$gen/CopKitFFI/module.modulemap"; echo '    link "cop_mobile"'; echo '}'; } >"$out/Sources/CopKitFFI/module.modulemap"
cp tests/vectors/*.json "$out/Tests/CopKitTests/Vectors/"
for library in "$target/${profile/#dev/debug}"/libcop_mobile.{so,dylib}; do
  [ ! -f "$library" ] || cp "$library" "$out/lib/"
done
