package dev.escapement.jdbc;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** SQL put together from fixed parts. What a caller says is never a part, always a value. */
final class Listing {

  private static final int COPIES = 64;

  private final Map<String, Object> values = new LinkedHashMap<>();
  private String sql = "";

  /** A part that has a value in it. */
  String with(String part, String name, Object value) {
    values.put(name, value);
    return part;
  }

  /** The same if there is a value; else nothing. */
  <T> String with(String part, String name, Optional<T> value, Function<T, Object> bound) {
    return value.map(present -> with(part, name, bound.apply(present))).orElse("");
  }

  /**
   * PostgreSQL: the column is that value, said in a way that only suits an index which begins with
   * the column. The value stands there many times, which costs nothing: an index drops the copies.
   * But the planner adds them up, so it never takes what it looks for to be so rare that it could
   * as well fetch and sort all of it; and to it the column isn't constant, so an index that lacks
   * the column can't yield the order that begins with it.
   */
  static String manyOf(String column, String value) {
    return column + " = ANY (ARRAY[" + String.join(", ", Collections.nCopies(COPIES, value)) + "])";
  }

  /** All parts, put together. */
  Listing of(String whole) {
    sql = whole;
    return this;
  }

  String sql() {
    return sql;
  }

  Map<String, Object> values() {
    return values;
  }

  Query in(Handle handle) {
    Query query = handle.createQuery(sql);
    values.forEach(query::bind);
    return query;
  }
}
