package dev.escapement.examples.spring.shop;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * A book in which each run of a recurring job writes a line, whatever the scheduler knows of it.
 */
@Repository
class Fires {

  private final JdbcClient database;
  private final String instance;

  Fires(JdbcClient database, @Value("${shop.instance}") String instance) {
    this.database = database;
    this.instance = instance;
  }

  /**
   * One line.
   *
   * @param fireTime null if the method isn't told
   * @param instance which one ran it
   */
  record Fire(String job, @Nullable Instant fireTime, String instance) {}

  /** Writes a line. */
  void note(String job, @Nullable Instant fireTime) {
    database
        .sql("INSERT INTO fire (job, fire_time, instance) VALUES (?, ?, ?)")
        .param(job)
        .param(fireTime == null ? null : fireTime.atOffset(ZoneOffset.UTC))
        .param(instance)
        .update();
  }

  List<Fire> all() {
    return database
        .sql("SELECT job, fire_time, instance FROM fire ORDER BY id")
        .query(
            (row, number) ->
                new Fire(
                    row.getString("job"),
                    Optional.ofNullable(row.getObject("fire_time", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant)
                        .orElse(null),
                    row.getString("instance")))
        .list();
  }
}
