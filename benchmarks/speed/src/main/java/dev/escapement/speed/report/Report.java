package dev.escapement.speed.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run of the benchmark.
 *
 * @param machine what it ran on, and with what
 * @param measurements what came of it, in the order of the tables
 */
public record Report(Map<String, String> machine, List<Measurement> measurements) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Reads one that was written. */
  public static Report read(Path file) throws IOException {
    return JSON.readValue(Files.readAllBytes(file), Report.class);
  }

  /** Writes it for programs. */
  public void write(Path file) throws IOException {
    Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
  }
}
