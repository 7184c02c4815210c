//! Generates the Kotlin and Swift sources of `cop` from the built library.
//!
//! `cop-bindgen kotlin|swift|python LIBRARY OUT_DIR`; run it inside the workspace, because it
//! asks `cargo metadata` for `uniffi.toml`. The library must not be stripped.
use std::{env, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use uniffi_bindgen::bindings::{
    GenerateOptions, SwiftBindingsOptions, TargetLanguage, generate, generate_swift_bindings,
};

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [language, library, out] = args.as_slice() else {
        bail!("usage: cop-bindgen kotlin|swift|python LIBRARY OUT_DIR");
    };
    fs::create_dir_all(out)?;
    match language.as_str() {
        "kotlin" => {
            plain(TargetLanguage::Kotlin, library, out)?;
            let file = Path::new(out).join("org/copkit/cop.kt");
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            fs::write(&file, kotlin_plumbing(&kotlin_reading(&kotlin_errors(&text)?)?)?)?;
        }
        "swift" => swift(library, out)?,
        "python" => plain(TargetLanguage::Python, library, out)?,
        other => bail!("unknown language {other:?}"),
    }
    Ok(())
}

fn plain(language: TargetLanguage, library: &str, out: &str) -> Result<()> {
    generate(GenerateOptions {
        languages: vec![language],
        source: library.into(),
        out_dir: out.into(),
        config_override: None,
        format: false,
        crate_filter: None,
        metadata_no_deps: false,
    })
}

/// `OUT/CopKit.swift` beside `OUT/CopKitFFI/{CopKitFFI.h,module.modulemap}`.
fn swift(library: &str, out: &str) -> Result<()> {
    let options = |sources: bool, out_dir: String| SwiftBindingsOptions {
        generate_swift_sources: sources,
        generate_headers: !sources,
        generate_modulemap: !sources,
        source: library.into(),
        out_dir: out_dir.into(),
        module_name: Some("CopKitFFI".to_owned()),
        modulemap_filename: Some("module.modulemap".to_owned()),
        ..SwiftBindingsOptions::default()
    };
    generate_swift_bindings(options(true, out.to_owned()))?;
    generate_swift_bindings(options(false, format!("{out}/CopKitFFI")))
}

/// Gives the generated exceptions the text a person should read.
///
/// uniffi 0.32 makes `message` of an error with fields a list of those fields
/// (mozilla/uniffi-rs#1077). Every class of `CopException` has the one field `problem`, so the
/// text is taken from there, and `code` and `fields` become members of the parent class.
fn kotlin_errors(text: &str) -> Result<String> {
    const PARENT: &str = "sealed class CopException: kotlin.Exception() {\n";
    const MEMBERS: &str = "sealed class CopException: kotlin.Exception() {
    /** What went wrong. */
    abstract val problem: Problem
    /** A word that stays the same for ever, such as `cds.format`; of several problems the first one's. */
    val code: kotlin.String get() = problem.code
    /** Everything that is wrong, field by field; empty for errors that are not about fields. */
    val fields: List<FieldProblem> get() = problem.fields
    /** What went wrong, for a person; names ids and fields only. */
    override val message: kotlin.String get() = problem.text

";
    const FIELD: &str = "val `problem`: Problem";
    const MESSAGE: &str = "override val message\n            get() = \"problem=${ `problem` }\"";
    ensure!(text.matches(PARENT).count() == 1, "the generated CopException has changed");
    let start = text.find(PARENT).unwrap_or_default();
    let end = start + text[start..].find("companion object ErrorHandler").context("no ErrorHandler")?;
    let body = text[start..end].replacen(PARENT, MEMBERS, 1);
    let classes = body.matches(") : CopException() {").count();
    ensure!(
        classes > 0 && body.matches(FIELD).count() == classes && body.matches(MESSAGE).count() == classes,
        "the generated classes of CopException have changed",
    );
    let body = body.replace(FIELD, "override val `problem`: Problem").replace(MESSAGE, "");
    Ok([&text[..start], &body, &text[end..]].concat())
}

/// Reads an answer faster: it is copied out of native memory once, and its texts are made where they lie.
///
/// uniffi 0.32 reads from native memory value by value, and copies every text into an array of its own first.
fn kotlin_reading(text: &str) -> Result<String> {
    const FASTER: &[(&str, &str)] = &[
        (
            "        val byteBuf = rbuf.asByteBuffer()!!
        try {
           val item = read(byteBuf)
",
            "        try {
           val byteBuf = ByteBuffer.wrap(rbuf.data!!.getByteArray(0, rbuf.len.toInt()))
           val item = read(byteBuf)
",
        ),
        (
            "        val len = buf.getInt()
        val byteArr = ByteArray(len)
        buf.get(byteArr)
        return byteArr.toString(Charsets.UTF_8)
",
            "        val len = buf.getInt()
        if (len == 0) return \"\"
        val start = buf.position()
        buf.position(start + len)
        return String(buf.array(), start, len, Charsets.UTF_8)
",
        ),
    ];
    let mut text = text.to_owned();
    for (slow, fast) in FASTER {
        ensure!(text.matches(slow).count() == 1, "the generated Kotlin reads otherwise than {slow:?}");
        text = text.replace(slow, fast);
    }
    Ok(text)
}

/// Hides the plumbing: what uniffi 0.32 needs to be public only between its own files becomes
/// `internal`, so that a user of `org.copkit` sees nothing but the library.
fn kotlin_plumbing(text: &str) -> Result<String> {
    const HIDDEN: &[(&str, &str)] = &[
        ("\npublic object FfiConverter", "\ninternal object FfiConverter"),
        ("\npublic interface FfiConverter", "\ninternal interface FfiConverter"),
        ("\nopen class RustBuffer ", "\ninternal open class RustBuffer "),
        ("\ninterface UniffiRustCallStatusErrorHandler<", "\ninternal interface UniffiRustCallStatusErrorHandler<"),
        ("\nobject UniffiNullRustCallStatusErrorHandler", "\ninternal object UniffiNullRustCallStatusErrorHandler"),
        ("\npublic fun uniffiEnsureInitialized", "\ninternal fun uniffiEnsureInitialized"),
        ("\nobject UniffiWithHandle", "\ninternal object UniffiWithHandle"),
        ("\nobject NoHandle", "\ninternal object NoHandle"),
        ("\ninterface UniffiCleaner ", "\ninternal interface UniffiCleaner "),
        ("\n    constructor(withHandle: UniffiWithHandle,", "\n    internal constructor(withHandle: UniffiWithHandle,"),
        ("\n    constructor(noHandle: NoHandle)", "\n    internal constructor(noHandle: NoHandle)"),
        ("\npublic typealias FfiConverter", "\ninternal typealias FfiConverter"),
        ("\nopen class WatcherImpl:", "\ninternal open class WatcherImpl:"),
        ("\n    protected val handle: Long", "\n    private val handle: Long"),
        ("\n    protected val cleanable: UniffiCleaner", "\n    private val cleanable: UniffiCleaner"),
        ("\n    fun uniffiCloneHandle()", "\n    internal fun uniffiCloneHandle()"),
        ("\n    val uniffiIsDestroyed", "\n    internal val uniffiIsDestroyed"),
        // Not plumbing, but as small: variants without data print their name.
        ("\n    object ", "\n    data object "),
        ("\n    companion object ErrorHandler :", "\n    internal companion object ErrorHandler :"),
    ];
    let mut text = text.to_owned();
    for (public, internal) in HIDDEN {
        ensure!(text.contains(public), "the generated Kotlin has no {public:?} any more");
        text = text.replace(public, internal);
    }
    Ok(text)
}
