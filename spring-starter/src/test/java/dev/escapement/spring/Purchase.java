package dev.escapement.spring;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.PreUpdate;

/** Data of an application's that keeps it with JPA. */
@Entity
class Purchase {

  static final String REFUSED = "refused";

  @Id private long id;
  private String state = "new";

  Purchase() {}

  Purchase(long id) {
    this.id = id;
  }

  long id() {
    return id;
  }

  void state(String changed) {
    this.state = changed;
  }

  /** Called while changes are flushed: not before the commit, if nobody asks for it. */
  @PreUpdate
  void check() {
    if (state.equals(REFUSED)) {
      throw new IllegalStateException("Purchase " + id + " may not be " + state);
    }
  }
}
