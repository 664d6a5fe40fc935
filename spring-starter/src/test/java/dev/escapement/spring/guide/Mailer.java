package dev.escapement.spring.guide;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.springframework.stereotype.Component;

/** What was sent, and said, in the order in which it was. */
@Component
class Mailer {

  final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

  void send(String what) {
    sent.add(what);
  }
}
