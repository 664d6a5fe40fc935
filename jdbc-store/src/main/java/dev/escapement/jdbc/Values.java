package dev.escapement.jdbc;

import dev.escapement.Due;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jspecify.annotations.Nullable;

/** How values go in and out where JDBC leaves a choice. */
final class Values {

  static final ColumnMapper<@Nullable Instant> INSTANT =
      (rows, column, context) -> instant(rows.getObject(column, OffsetDateTime.class));

  private static final Object[] NONE = {};

  private Values() {}

  /** The database's clock. On H2 it stands still through a transaction. */
  static Instant now(Handle handle) {
    return handle.createQuery("SELECT CURRENT_TIMESTAMP").mapTo(Instant.class).one();
  }

  static @Nullable Instant instant(ResultSet rows, String column) throws SQLException {
    return instant(rows.getObject(column, OffsetDateTime.class));
  }

  static Instant present(ResultSet rows, String column) throws SQLException {
    return Objects.requireNonNull(instant(rows, column), column);
  }

  static UUID uuid(ResultSet rows, String column) throws SQLException {
    return rows.getObject(column, UUID.class);
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  /** An instant that is so many microseconds after 1970. */
  static Instant ofMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** How many microseconds after 1970 an instant is; what is left over is cut off. */
  static @Nullable Long micros(@Nullable Instant instant) {
    return instant == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** Both databases round up beyond microseconds, which could make a thing due before its time. */
  private static OffsetDateTime time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  /** Binds instants without the JVM's time zone. */
  static final class InstantArgumentFactory extends AbstractArgumentFactory<Instant> {

    InstantArgumentFactory() {
      super(Types.TIMESTAMP_WITH_TIMEZONE);
    }

    @Override
    protected Argument build(Instant instant, ConfigRegistry config) {
      return (position, statement, context) -> statement.setObject(position, time(instant));
    }
  }

  static <T> Argument uuids(Collection<T> of, Function<T, @Nullable UUID> value) {
    return array("uuid", of, value);
  }

  static <T> Argument texts(Collection<T> of, Function<T, @Nullable String> value) {
    return array("text", of, value);
  }

  static Argument texts(Collection<String> texts) {
    return array("text", texts, text -> text);
  }

  static <T> Argument longs(Collection<T> of, Function<T, @Nullable Long> value) {
    return array("bigint", of, value);
  }

  static <T> Argument ints(Collection<T> of, Function<T, @Nullable Integer> value) {
    return array("integer", of, value);
  }

  static <T> Argument booleans(Collection<T> of, Function<T, @Nullable Boolean> value) {
    return array("boolean", of, value);
  }

  static <T> Argument bytes(Collection<T> of, Function<T, byte @Nullable []> value) {
    byte[] @Nullable [] given = of.stream().map(value).toArray(byte[][]::new);
    byte[] @Nullable [] elements = isEmpty(given) ? new byte[0][] : given;
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf("bytea", elements));
  }

  /** Instants in their ISO form: the driver writes the elements of an array as text anyway. */
  static <T> Argument instants(Collection<T> of, Function<T, @Nullable Instant> value) {
    return array(
        "timestamptz",
        of,
        element -> {
          Instant instant = value.apply(element);
          return instant == null ? null : time(instant).toString();
        });
  }

  /**
   * Elements in step with those of other arrays. If all of them are null there are none, since
   * {@code unnest} fills up what is shorter: to send and read so many nulls takes its time.
   */
  private static <T> Argument array(
      String type, Collection<T> of, Function<T, ? extends @Nullable Object> value) {
    @Nullable Object[] given = of.stream().map(value).toArray();
    @Nullable Object[] elements = isEmpty(given) ? NONE : given;
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf(type, elements));
  }

  private static boolean isEmpty(@Nullable Object[] elements) {
    for (Object element : elements) {
      if (element != null) {
        return false;
      }
    }
    return true;
  }

  /** The instant of what is due at one; null for anything else. */
  static @Nullable Instant at(@Nullable Due due) {
    return due instanceof Due.At at ? at.instant() : null;
  }

  /** ISO-8601, which PostgreSQL reads as an interval; null for what is due at an instant. */
  static @Nullable String in(@Nullable Due due) {
    return due instanceof Due.In in ? in.delay().toString() : null;
  }
}
