#!/usr/bin/env bash
# Builds CopKitFFI.xcframework and puts it, with the generated sources, into this package. For a Mac with Xcode and
# `rustup target add aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin`.
# Written after the recipes that other libraries on uniffi ship with; no Mac was at hand to run it.
set -euo pipefail
[ "$(uname -s)" = Darwin ] || { echo "skipped: an xcframework is built on a Mac"; exit 0; }
here=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$here/../../.." && pwd)
cd "$workspace"
. bindings/mobile/shipping.sh
target=${CARGO_TARGET_DIR:-target}
export IPHONEOS_DEPLOYMENT_TARGET=15.0 MACOSX_DEPLOYMENT_TARGET=12.0
for triple in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin; do
  cargo rustc --profile mobile -p cop-mobile --target "$triple" --crate-type staticlib
done
both() { # both OUT TRIPLE TRIPLE: one library for two processors
  mkdir -p "$target/xcframework/$1"
  lipo -create "$target/$2/mobile/libcop_mobile.a" "$target/$3/mobile/libcop_mobile.a" \
    -output "$target/xcframework/$1/libcop_mobile.a"
}
both simulator aarch64-apple-ios-sim x86_64-apple-ios
both macos aarch64-apple-darwin x86_64-apple-darwin
gen=$(mktemp -d)
trap 'rm -rf "$gen"' EXIT
bash "$here/../generate.sh" swift "$gen"
cp "$gen/CopKit.swift" "$here/Sources/CopKit/"
# In a folder of its own: the module maps of two frameworks would overwrite each other.
headers="$gen/headers"
mkdir -p "$headers/CopKitFFI"
cp "$gen/CopKitFFI/CopKitFFI.h" "$gen/CopKitFFI/module.modulemap" "$headers/CopKitFFI/"
rm -rf "$here/CopKitFFI.xcframework"
xcodebuild -create-xcframework \
  -library "$target/aarch64-apple-ios/mobile/libcop_mobile.a" -headers "$headers" \
  -library "$target/xcframework/simulator/libcop_mobile.a" -headers "$headers" \
  -library "$target/xcframework/macos/libcop_mobile.a" -headers "$headers" \
  -output "$here/CopKitFFI.xcframework"
