# What every script that builds for an app shares; sourced, with the workspace as the current folder.

# SQLite without what the library never asks of it: full-text search, R*Trees, JSON, statistics, extensions to load; nor
# does it check how it is called, which Rust's types do, and count its memory.
export LIBSQLITE3_FLAGS="-USQLITE_ENABLE_FTS3 -USQLITE_ENABLE_FTS3_PARENTHESIS -USQLITE_ENABLE_FTS5 \
-USQLITE_ENABLE_RTREE -USQLITE_ENABLE_DBSTAT_VTAB -USQLITE_ENABLE_STAT4 -USQLITE_ENABLE_COLUMN_METADATA -USQLITE_SOUNDEX \
-USQLITE_ENABLE_LOAD_EXTENSION -USQLITE_ENABLE_API_ARMOR -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_OMIT_LOAD_EXTENSION \
-DSQLITE_OMIT_JSON -DSQLITE_OMIT_DEPRECATED -DSQLITE_OMIT_SHARED_CACHE"
