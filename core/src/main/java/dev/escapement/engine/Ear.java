package dev.escapement.engine;

import dev.escapement.store.RequestKind;
import dev.escapement.store.Requests;
import dev.escapement.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears what is asked of the triggers that run here, and tells their runs. */
final class Ear {

  private static final Logger LOG = LoggerFactory.getLogger(Ear.class);

  private final Store store;
  private final Holdings holdings;
  private long heard = -1;

  Ear(Store store, Holdings holdings) {
    this.store = store;
    this.holdings = holdings;
  }

  /**
   * Listens, if something was asked of any running trigger since.
   *
   * @param requests the store's counter of such requests
   */
  void listen(Session session, long requests) {
    if (requests == heard) {
      return;
    }
    for (Requests.Asked asked : store.requests().of(session.id())) {
      Run run = holdings.find(asked.guard());
      if (run != null) {
        tell(run, asked);
      }
    }
    heard = requests;
  }

  private static void tell(Run run, Requests.Asked asked) {
    // A pause is heard at the checkpoint itself, whose answer says what is asked by then.
    if (asked.kinds().contains(RequestKind.CANCEL) && run.stopped() == null) {
      LOG.info("{} is cancelled", run);
      run.stop(Run.Stop.CANCELLED);
    }
  }
}
