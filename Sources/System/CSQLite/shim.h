#include <sqlite3.h>

/// `SQLITE_TRANSIENT`, a macro over a cast, makes SQLite copy the bytes before it returns. No bytes are an empty blob:
/// a null pointer alone would bind NULL.
static inline int tallystick_bind_blob(sqlite3_stmt *statement, int position, const void *bytes, sqlite3_uint64 count) {
  if (count == 0) return sqlite3_bind_zeroblob(statement, position, 0);
  return sqlite3_bind_blob64(statement, position, bytes, count, SQLITE_TRANSIENT);
}

/// As above, for UTF-8 text that ends in a zero.
static inline int tallystick_bind_text(sqlite3_stmt *statement, int position, const char *text) {
  return sqlite3_bind_text(statement, position, text, -1, SQLITE_TRANSIENT);
}

/// `sqlite3_db_config` is variadic. Defensive: no statement, not even a hostile schema's, can damage the file.
static inline int tallystick_defend(sqlite3 *database) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}
