//! Search over the index equals search by reading everything, whatever happened to the index.
//!
//! | module | what it holds the index to |
//! |---|---|
//! | `exactness` | a viewer's answers equal the scan's, and those of a community of what the viewer may see |
//! | `damage` | an index that is missing, damaged, old, foreign, ahead or behind is built anew, unasked |
//! | `deletes` | what is deleted or hidden stays so through any number of reopened writers and merges |
//! | `recent` | few changes are kept in memory and many are committed |
//! | `hostile` | every text is a query, and none costs much |
//! | `language` | what a text asks for; queries as texts and back |
//! | `help` | half words, words with a slip, reasons, more of the same |
//! | `paging` | every record is on one page, whatever happens between pages |
//! | `together` | several handles and threads on one file never disturb each other |
//! | `codes` | standards are found by their codes in every usual spelling, with what lies below them |
//! | `notation` | mathematics is found as it is typed, in real documents |
//! | `families` | forms of one word meet, and other words do not |
//! | `quality` | rankings of judged collections, where these are at hand |
//! | `known_item` | sections of textbooks are found by their titles, where these are at hand |

mod codes;
mod content;
mod damage;
mod deletes;
mod exactness;
mod families;
mod help;
mod hostile;
mod known_item;
mod language;
mod life;
mod notation;
mod paging;
mod quality;
mod recent;
mod together;
mod world;
