package dev.escapement.spring;

import org.jspecify.annotations.Nullable;

/**
 * Where the database is, as Spring Boot knows it: for connections of our own, beside the pool.
 *
 * @param url the JDBC URL
 * @param user the user, if one is needed
 * @param password its password
 */
record JdbcAddress(String url, @Nullable String user, @Nullable String password) {

  boolean isPostgres() {
    return url.startsWith("jdbc:postgresql:");
  }

  @Override
  public String toString() {
    return "JdbcAddress[" + url.replaceAll("[?;].*", "") + "]";
  }
}
