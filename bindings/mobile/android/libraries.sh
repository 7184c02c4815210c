#!/usr/bin/env bash
# Builds the library for Android's processors into build/jniLibs, and generates the Kotlin into build/generated. Needs the
# Android NDK (ANDROID_NDK_HOME), cargo-ndk, and
# `rustup target add aarch64-linux-android armv7-linux-androideabi x86_64-linux-android`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$here/../../.." && pwd)
cd "$workspace"
. bindings/mobile/shipping.sh
bash bindings/mobile/generate.sh kotlin "$here/build/generated/kotlin"
if [ -z "${ANDROID_NDK_HOME:-}" ] || ! command -v cargo-ndk >/dev/null; then
  echo "skipped: no Android NDK with cargo-ndk: no library for Android was built"
  exit 0
fi
# Phones with pages of 16 KB load nothing that is aligned to less.
export RUSTFLAGS="${RUSTFLAGS:-} -C link-arg=-Wl,-z,max-page-size=16384"
cargo ndk --platform 26 -t arm64-v8a -t armeabi-v7a -t x86_64 -o "$here/build/jniLibs" \
  build --profile mobile -p cop-mobile
