package dev.escapement.conformance;

import dev.escapement.store.Store;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;

/**
 * The conformance suite of the Store SPI. A store's author extends it and says how to get one:
 *
 * <pre>{@code
 * final class MyStoreConformanceTest extends StoreConformanceTest {
 *
 *   private final MyDatabase empty = MyDatabase.create();
 *
 *   @Override
 *   protected Store newStore() {
 *     return new MyStore(empty);
 *   }
 *
 *   @AfterEach
 *   void drop() {
 *     empty.drop();
 *   }
 * }
 * }</pre>
 *
 * <p>JUnit makes a new instance of the subclass for each test. Each instance must begin with empty
 * data, and all stores that it returns must work on that data. A subclass's {@code @BeforeEach}
 * runs before the first store is made, its {@code @AfterEach} after the last is closed.
 */
public abstract class StoreConformanceTest {

  /**
   * A store over the data of this test, with as little in common with the others as the stores of
   * two processes have: a connection pool of its own, for example. The suite opens and closes it,
   * and asks for up to eight more than one.
   */
  protected abstract Store newStore();

  /**
   * The database that the store's {@link Store#transactions()} are of; each connection is a new
   * one. The suite makes a table in it and drops it. Empty for a store that has no transactions.
   */
  protected Optional<DataSource> applicationData() {
    return Optional.empty();
  }

  @Nested
  class Basics extends BasicContract {
    Basics() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Enqueuing extends EnqueueContract {
    Enqueuing() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class MeetingKeys extends ConflictContract {
    MeetingKeys() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class KeepingHeaders extends HeaderContract {
    KeepingHeaders() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class KeepingValues extends ValueContract {
    KeepingValues() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Claiming extends ClaimContract {
    Claiming() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class ThoseThatWaited extends WaitedContract {
    ThoseThatWaited() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class FindingNextDue extends NextDueContract {
    FindingNextDue() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Ending extends EndingContract {
    Ending() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Standing extends StandingContract {
    Standing() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Amending extends AmendContract {
    Amending() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Spawning extends SpawnContract {
    Spawning() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Guarding extends GuardContract {
    Guarding() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Pausing extends PauseContract {
    Pausing() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Requesting extends RequestContract {
    Requesting() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Asking extends AskedContract {
    Asking() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Honouring extends HonourContract {
    Honouring() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class RacingWithRequests extends RequestRaceContract {
    RacingWithRequests() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class KeepingSessions extends SessionContract {
    KeepingSessions() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class KeepingJobs extends JobsContract {
    KeepingJobs() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Deciding extends DecisionContract {
    Deciding() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class KeepingQueues extends QueueContract {
    KeepingQueues() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class KeepingCheckpoints extends CheckpointContract {
    KeepingCheckpoints() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Auditing extends AuditContract {
    Auditing() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Holding extends HoldContract {
    Holding() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class KeepingHistory extends HistoryContract {
    KeepingHistory() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class Listing extends ListContract {
    Listing() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class HeldRows extends HeldRowContract {
    HeldRows() {
      super(StoreConformanceTest.this::newStore, StoreConformanceTest.this::applicationData);
    }
  }

  @Nested
  class TakingPartInTransactions extends TransactionContract {
    TakingPartInTransactions() {
      super(StoreConformanceTest.this::newStore, StoreConformanceTest.this::applicationData);
    }
  }

  @Nested
  class Racing extends RaceContract {
    Racing() {
      super(StoreConformanceTest.this::newStore);
    }
  }

  @Nested
  class WakingUp extends WakeupContract {
    WakingUp() {
      super(StoreConformanceTest.this::newStore);
    }
  }
}
