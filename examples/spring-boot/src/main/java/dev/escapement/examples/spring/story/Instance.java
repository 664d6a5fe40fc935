package dev.escapement.examples.spring.story;

import dev.escapement.examples.spring.shop.Shop;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The shop as a process of its own. A byte on its standard input, or the input's end, asks it to
 * stop, so that it doesn't outlive whoever has started it.
 */
final class Instance {

  /** What it says when it can be asked; then comes the port. */
  static final String READY = "READY ";

  private Instance() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (ConfigurableApplicationContext shop = SpringApplication.run(Shop.class, args)) {
      out.println(READY + shop.getEnvironment().getProperty("local.server.port"));
      System.in.read();
    }
  }
}
