package dev.escapement.spring.migration;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.springframework.stereotype.Component;

/** What was done. */
@Component
class Work {

  final BlockingQueue<String> done = new LinkedBlockingQueue<>();

  void does(String what) {
    done.add(what);
  }
}
