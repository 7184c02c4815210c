//! The stop list.

/// Words that tell nothing about what is asked, in English and Spanish, folded. Words that mean something in
/// mathematics are none of them: `of`, `to`, `all`, `some`, `less`, `more`, `not`, `por`, `mas`, `menos`.
#[rustfmt::skip]
pub(super) const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "but", "can", "do", "does", "for", "from", "has", "have", "how", "i", "in",
    "is", "it", "its", "on", "or", "our", "that", "the", "their", "there", "this", "was", "we", "were", "what", "when",
    "where", "which", "who", "will", "with", "you", "your",
    "al", "como", "con", "cual", "cuando", "de", "del", "el", "en", "es", "esta", "este", "la", "las", "lo", "los", "o",
    "para", "pero", "que", "se", "si", "son", "su", "sus", "u", "un", "una", "unas", "unos", "y",
];
