package dev.escapement.store;

import java.time.Duration;
import java.util.List;

/** Sessions, their beats, and the jobs that they know. */
public interface Sessions {

  /**
   * Inserts a session as LIVE with beat 0, together with the jobs that it has handlers for and what
   * it declares of them, and settles these jobs (see {@link Jobs#settle}). Raises the epoch. The
   * rows of the jobs are locked first, in order of their names, so that nobody parks a job's
   * triggers while a node that knows it appears (see {@link Holds#park}).
   */
  void open(NewSession session);

  /**
   * Raises the beat of a LIVE session by one.
   *
   * @param load what the node does, for people who look
   * @return false if the session is DEAD or absent; nothing changed then
   */
  boolean beat(SessionId session, NodeLoad load);

  /** All sessions, LIVE and DEAD. */
  List<SessionRecord> all();

  /**
   * Declares a session dead: LIVE becomes DEAD, if its beat is still the one that the caller has
   * seen for too long. Raises the epoch.
   *
   * @return false if it has beaten since, or is DEAD or absent
   */
  boolean declareDead(SessionId session, long beat);

  /**
   * Ends a session in good order: LIVE becomes DEAD, so that the others take over at once what it
   * still owns. Its row stays until it is purged. Raises the epoch. Does nothing if the session is
   * DEAD or absent.
   */
  void close(SessionId session);

  /**
   * Deletes sessions that have been DEAD for longer than that and own no RUNNING trigger. Leaves
   * the epoch alone, for nobody's view of the live ones changes.
   *
   * @return how many
   */
  int purge(Duration deadFor);
}
