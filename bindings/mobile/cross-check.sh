#!/usr/bin/env bash
# Type-checks the library for phones, on Linux, without their SDKs: aarch64-linux-android and aarch64-apple-ios, the
# standard library built from its source. Run by hand, before a release: minutes, and some 300 MB of downloads.
#
# Debian's rustc-web brings a compiler with the standard library's source; zig, from PyPI, compiles SQLite's C. Nothing is
# installed: all is unpacked below the target folder. Nothing is linked: that takes the NDK, or a Mac.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$here/../.." && pwd)
cd "$workspace"
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target/cross/debs"
target=$(cd "$target" && pwd)
cross=$target/cross
if ! command -v apt-get >/dev/null; then echo "skipped: no apt-get: nothing was checked for phones"; exit 0; fi

if [ ! -x "$cross/root/usr/bin/rustc" ]; then
  std=$(apt-cache depends libstd-rust-web-dev | grep -oE 'libstd-rust-web-[0-9.]+' | head -1)
  llvm=$(apt-cache depends "$std" | grep -oE 'libllvm[0-9]+' | head -1)
  (cd "$cross/debs" && apt-get -qq download rustc-web libstd-rust-web-dev "$std" rust-web-src "$llvm")
  for deb in "$cross"/debs/*.deb; do dpkg -x "$deb" "$cross/root"; done
fi
if [ ! -x "$cross/venv/bin/python" ]; then
  python3 -m venv "$cross/venv"
  "$cross/venv/bin/pip" -q install ziglang
fi
# As cc, but for the words that only Apple's and Android's own compilers know.
for triple in aarch64-linux-musl aarch64-macos; do
  cat >"$cross/cc-$triple" <<CC
#!/bin/sh
left=\$#
while [ "\$left" -gt 0 ]; do
  word=\$1; shift; left=\$((left - 1))
  case \$word in
    --target=* | -miphoneos*) ;;
    -isysroot) shift; left=\$((left - 1)) ;;
    *) set -- "\$@" "\$word" ;;
  esac
done
exec "$cross/venv/bin/python" -m ziglang cc -target $triple "\$@"
CC
  printf '#!/bin/sh\nexec "%s" -m ziglang ar "$@"\n' "$cross/venv/bin/python" >"$cross/ar"
  chmod +x "$cross/cc-$triple" "$cross/ar"
done

export LD_LIBRARY_PATH=$cross/root/usr/lib/x86_64-linux-gnu RUSTC=$cross/root/usr/bin/rustc RUSTC_BOOTSTRAP=1
export CC_aarch64_linux_android=$cross/cc-aarch64-linux-musl AR_aarch64_linux_android=$cross/ar
export CC_aarch64_apple_ios=$cross/cc-aarch64-macos AR_aarch64_apple_ios=$cross/ar SDKROOT=$cross CARGO_TARGET_DIR=$cross/target
passed=0
failed=0
for triple in aarch64-linux-android aarch64-apple-ios; do
  if cargo check -q -p cop-mobile -Zbuild-std=std,panic_unwind --target "$triple"; then
    echo "ok: $triple"; passed=$((passed + 1))
  else
    echo "FAILED: $triple"; failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
