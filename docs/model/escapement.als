/*
 * The protocol of Escapement: session, claim, completion, takeover. README.md tells how to read it.
 *
 * A state is the shared table, the nodes' memory, and what is on its way between them. A step is
 * one event; between any two events any number of others may come. A node that is frozen
 * (SIGSTOP, a long pause of its garbage collector) is one that takes no step while time passes; a
 * message that is late is one whose arrival comes many steps after it was sent.
 */
module escapement

open util/ordering[Version] as versions
open util/ordering[Age] as ages

// ---------------------------------------------------------------------------------------------
// What there is
// ---------------------------------------------------------------------------------------------

sig Version {}

/** How long ago something was. The last one is "a whole lease ago, or longer". */
sig Age {}

sig Key {}

/** The id of a row. A row that is made again under the same key has another one. */
sig Trigger {
  key: one Key,
  var version: lone Version,
  /** The claim that the row says it is in. The row itself only knows its session and version. */
  var holder: lone Claim
}

/** Its row stays when a run is done, and waits for the next fire. Of the others the row goes. */
sig Standing in Trigger {}

/** Rows that are there. */
var sig Row in Trigger {}

/** Ids that were ever used. */
var sig Used in Trigger {}

/** One life of a node. */
sig Session {
  /** When the last beat was sent that was answered well, in the node's own nanoTime. */
  var age: one Age,
  /** A beat under way, and when it was sent. */
  var beat: Flight -> lone Age,
  /** Whose beat it watches, and since when it has seen the same one. */
  var watch: Session -> lone Age,
  /** Those whose beat is in the table what it was when the watch began. */
  var same: set Session,
  /** A claim that it has asked for: of which row, and which version it has read. */
  var asked: Trigger -> lone Version
}

enum Flight { Sent, Applied }

/** Sessions whose row says LIVE. */
var sig Live in Session {}

/** Sessions whose wall clock is ahead of the others' by a lease. */
sig Fast in Session {}

/** One won claim, from the store's answer to its end: session, row, and version since then. */
sig Claim {
  by: one Session,
  on: one Trigger,
  at: one Version,
  /** What its node knows of it. Nothing: the answer was lost, or it was given back. */
  var stage: lone Stage,
  /** Ends that are on their way to the store, from whoever wrote them. */
  var writes: set Outcome,
  /** Its execution rows. */
  var ended: set Outcome
}

enum Stage { Pending, Held, Running, Over }

enum Outcome { Done, Released, Lost }

/** Claims that were made so far. */
var sig Won in Claim {}

/** Ways to build it wrong. Each of them must lead to a counterexample. */
enum Fault {
  /** The claim is UPDATE … SET version = (read) + 1 WHERE id = ?, and no more. */
  NoVersionCheck,
  /** An observer compares a time stamp in the row with its own wall clock. */
  LeaseByOwnClock,
  /** A row that is made again has the id of the old one, and begins with version 1. */
  VersionRestarts,
  /** An end is UPDATE … WHERE id = ? AND state = RUNNING. */
  EndById,
  /** An end is UPDATE … WHERE id = ? AND owner = ?. */
  EndByOwner,
  /** A session is declared dead without a look at whether its beat has changed. */
  DeathUnchecked,
  /** A node trusts itself from the moment when the answer to its beat came. */
  TrustFromAnswer,
  /** A node takes rows over only from sessions that it has watched itself. */
  TakeoverOfWatched
}

sig Present in Fault {}

// ---------------------------------------------------------------------------------------------
// What doesn't change in a step
// ---------------------------------------------------------------------------------------------

pred rowsStay { Row' = Row and Used' = Used and version' = version and holder' = holder }

pred claimsStay { Won' = Won and stage' = stage and ended' = ended }

pred messagesStay { asked' = asked and writes' = writes }

pred livesStay { Live' = Live and age' = age and beat' = beat and watch' = watch and same' = same }

// ---------------------------------------------------------------------------------------------
// Time, beats and death
// ---------------------------------------------------------------------------------------------

fun older[a: Age]: Age { a = ages/last => a else a.next }

pred trusted[s: Session] { s.age != ages/last }

/** Time passes, for all alike: the rates of monotonic clocks differ by less than the margin. */
pred tick {
  all s: Session {
    s.age' = older[s.age]
    all f: Flight | s.beat'[f] = { a: Age | some s.beat[f] and a = older[s.beat[f]] }
    all o: Session | s.watch'[o] = { a: Age | some s.watch[o] and a = older[s.watch[o]] }
  }
  Live' = Live and same' = same
  rowsStay and claimsStay and messagesStay
}

pred sendBeat[s: Session] {
  no s.beat
  beat' = beat + s -> Sent -> ages/first
  Live' = Live and age' = age and watch' = watch and same' = same
  rowsStay and claimsStay and messagesStay
}

/** UPDATE … SET beat = beat + 1 WHERE session = ? AND live. A dead one's changes nothing. */
pred beatArrives[s: Session] {
  some s.beat[Sent]
  s in Live
    implies (beat' = beat - s -> Flight -> Age + s -> Applied -> s.beat[Sent]
      and same' = same - Session -> s)
    else (beat' = beat - s -> Flight -> Age and same' = same)
  Live' = Live and age' = age and watch' = watch
  rowsStay and claimsStay and messagesStay
}

/** The answer comes. What counts is when the beat was sent. */
pred beatAnswered[s: Session] {
  some s.beat[Applied]
  age' = age ++ s -> (TrustFromAnswer in Present => ages/first else s.beat[Applied])
  beat' = beat - s -> Flight -> Age
  Live' = Live and watch' = watch and same' = same
  rowsStay and claimsStay and messagesStay
}

/** The beat is lost, or its answer. */
pred beatLost[s: Session] {
  some s.beat
  beat' = beat - s -> Flight -> Age
  Live' = Live and age' = age and watch' = watch and same' = same
  rowsStay and claimsStay and messagesStay
}

/** An observer sees a beat that is new to it. */
pred look[o, s: Session] {
  o != s and s in Live
  s not in o.same
  watch' = watch ++ o -> s -> ages/first
  same' = same + o -> s
  Live' = Live and age' = age and beat' = beat
  rowsStay and claimsStay and messagesStay
}

pred leaseIsOver[o, s: Session] {
  some o.watch[s]
  o.watch[s] = ages/last or (LeaseByOwnClock in Present and o in Fast)
}

/** UPDATE … SET dead WHERE session = ? AND beat = ? */
pred declareDead[o, s: Session] {
  o != s and s in Live and trusted[o]
  leaseIsOver[o, s]
  s in o.same or DeathUnchecked in Present
  Live' = Live - s
  age' = age and beat' = beat and watch' = watch and same' = same
  rowsStay and claimsStay and messagesStay
}

// ---------------------------------------------------------------------------------------------
// Rows come, change and go
// ---------------------------------------------------------------------------------------------

/** INSERT. A key is unique among the rows that are there; an id is never used again. */
pred create[t: Trigger] {
  t.key not in Row.key
  t not in Used or VersionRestarts in Present
  Row' = Row + t and Used' = Used + t
  version' = version ++ t -> versions/first
  holder' = holder
  claimsStay and messagesStay and livesStay
}

/** Somebody cancels what waits. */
pred cancel[t: Trigger] {
  t in Row and no t.holder
  Row' = Row - t and Used' = Used
  version' = version - t -> Version
  holder' = holder
  claimsStay and messagesStay and livesStay
}

/** Somebody reschedules, pauses or resumes what waits. */
pred amend[t: Trigger] {
  t in Row and no t.holder
  some t.version.next
  version' = version ++ t -> t.version.next
  Row' = Row and Used' = Used and holder' = holder
  claimsStay and messagesStay and livesStay
}

// ---------------------------------------------------------------------------------------------
// Claim
// ---------------------------------------------------------------------------------------------

/** A node reads a row that waits, and asks for it. */
pred ask[s: Session, t: Trigger] {
  trusted[s]
  no s.asked
  t in Row and no t.holder
  asked' = asked + s -> t -> t.version
  writes' = writes
  rowsStay and claimsStay and livesStay
}

/** UPDATE … SET owner, version = version + 1 WHERE id = ? AND version = ?, of a live session. */
pred win[c: Claim] {
  c not in Won
  c.by in Live and c.on in Row
  let read = c.by.asked[c.on] {
    some read
    NoVersionCheck in Present or (read = c.on.version and no c.on.holder)
    c.at = read.next
  }
  Won' = Won + c
  stage' = stage + c -> Pending
  version' = version ++ c.on -> c.at
  holder' = holder ++ c.on -> c
  asked' = asked - c.by -> Trigger -> Version
  Row' = Row and Used' = Used and ended' = ended and writes' = writes
  livesStay
}

/** The row is another's, or has changed, or went; or what was asked for never arrives. */
pred lose[s: Session] {
  some s.asked
  asked' = asked - s -> Trigger -> Version
  writes' = writes
  rowsStay and claimsStay and livesStay
}

pred hear[c: Claim] {
  c.stage = Pending
  stage' = stage ++ c -> Held
  Won' = Won and ended' = ended
  rowsStay and messagesStay and livesStay
}

/** The answer is lost: the node holds a row and doesn't know. */
pred mislay[c: Claim] {
  c.stage = Pending
  stage' = stage - c -> Stage
  Won' = Won and ended' = ended
  rowsStay and messagesStay and livesStay
}

// ---------------------------------------------------------------------------------------------
// Run and end
// ---------------------------------------------------------------------------------------------

pred begin[c: Claim] {
  c.stage = Held and trusted[c.by]
  stage' = stage ++ c -> Running
  Won' = Won and ended' = ended
  rowsStay and messagesStay and livesStay
}

/** The handler returns. Nobody asks whether the session is trusted still: the guard will tell. */
pred finish[c: Claim] {
  c.stage = Running
  stage' = stage ++ c -> Over
  Won' = Won and ended' = ended
  writes' = writes + c -> Done and asked' = asked
  rowsStay and livesStay
}

/** The completer doesn't know whether its write was committed, and tries again. */
pred tryAgain[c: Claim] {
  c.stage = Over and Done not in c.writes
  writes' = writes + c -> Done and asked' = asked
  rowsStay and claimsStay and livesStay
}

/** What is unstarted, or what the audit finds unknown to its own node, goes back. */
pred giveBack[c: Claim] {
  c in Won and c.stage in Held
  holds[c]
  stage' = stage - c -> Stage
  Won' = Won and ended' = ended
  writes' = writes + c -> Released and asked' = asked
  rowsStay and livesStay
}

/** The audit of another node finds a row whose session isn't live. */
pred takeOver[o: Session, c: Claim] {
  takesOver[o, c] and trusted[o]
  writes' = writes + c -> Lost and asked' = asked
  rowsStay and claimsStay and livesStay
}

pred takesOver[o: Session, c: Claim] {
  c in Row.holder and c.by not in Live
  o != c.by
  TakeoverOfWatched not in Present or c.by in o.same
}

/** The guard: (id, version, owner). */
pred holds[c: Claim] {
  c.on in Row and some c.on.holder
  EndById in Present or c.on.holder.by = c.by
  (EndById + EndByOwner) & Present = none implies c.on.version = c.at
}

/** What the store does with the end of a claim, whenever it arrives. */
pred accepted[c: Claim, o: Outcome] {
  holds[c]
  o = Lost implies c.by not in Live
}

pred endArrives[c: Claim, o: Outcome] {
  o in c.writes
  accepted[c, o]
    implies written[c.on, o]
    else (rowsStay and ended' = ended)
  writes' = writes - c -> o and asked' = asked
  Won' = Won and stage' = stage
  livesStay
}

/** An end ends whatever claim the row is in: it is the guard that makes it the right one. */
pred written[t: Trigger, o: Outcome] {
  ended' = ended + t.holder -> o
  holder' = holder - t -> Claim
  Used' = Used
  o = Done and t not in Standing
    implies (Row' = Row - t and version' = version - t -> Version)
    else (some t.version.next and Row' = Row and version' = version ++ t -> t.version.next)
}

/** A write is lost on its way. */
pred endLost[c: Claim, o: Outcome] {
  o in c.writes
  writes' = writes - c -> o and asked' = asked
  rowsStay and claimsStay and livesStay
}

// ---------------------------------------------------------------------------------------------
// All traces
// ---------------------------------------------------------------------------------------------

pred stutter { rowsStay and claimsStay and messagesStay and livesStay }

fact beginning {
  no Row and no Used and no version and no holder
  no Won and no stage and no writes and no ended and no asked
  Live = Session and no beat and no watch and no same
  age = Session -> ages/first
}

fact movement {
  always (stutter or tick
    or (some s: Session |
      sendBeat[s] or beatArrives[s] or beatAnswered[s] or beatLost[s] or lose[s])
    or (some o, s: Session | look[o, s] or declareDead[o, s])
    or (some t: Trigger | create[t] or cancel[t] or amend[t])
    or (some s: Session, t: Trigger | ask[s, t])
    or (some c: Claim |
      win[c] or hear[c] or mislay[c] or begin[c] or finish[c] or tryAgain[c] or giveBack[c])
    or (some o: Session, c: Claim | takeOver[o, c])
    or (some c: Claim, o: Outcome | endArrives[c, o] or endLost[c, o]))
}
