package dev.escapement.examples.spring.shop;

import org.springframework.stereotype.Component;

/**
 * Stands for a mail server. As payment providers have card numbers that are always declined, it has
 * addresses whose server is down when it is first tried.
 */
@Component
class Mail {

  private static final String UNLUCKY = "@down-at-first.example";

  /** Sends a mail, or fails as the address says. */
  void send(String address, int attempt) {
    if (attempt == 1 && address.endsWith(UNLUCKY)) {
      throw new IllegalStateException("the mail server of " + address + " is down");
    }
  }
}
