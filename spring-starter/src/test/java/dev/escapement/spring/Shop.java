package dev.escapement.spring;

import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** An application's bean with transactions; what is done in them is the test's. */
class Shop {

  @Transactional
  void inTransaction(Runnable work) {
    work.run();
  }

  @Transactional(propagation = Propagation.REQUIRES_NEW)
  void inAnother(Runnable work) {
    work.run();
  }

  @Transactional(readOnly = true)
  void reading(Runnable work) {
    work.run();
  }
}
