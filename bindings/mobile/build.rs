//! What is shipped need not describe itself: a sixth of a megabyte that only `bindgen` reads, from the debug build.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=shipped.ld");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    let elf = is("CARGO_CFG_TARGET_OS", "linux") || is("CARGO_CFG_TARGET_OS", "android");
    // Of every profile that inherits from `release`.
    if elf && is("PROFILE", "release") {
        let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo:rustc-link-arg-cdylib=-Wl,-T,{here}/shipped.ld");
    }
}
