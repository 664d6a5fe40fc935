/*
 * What must hold in every trace of the protocol, and what must be possible in some.
 */
module properties

open escapement

/** As it is built: none of the faults. */
pred sound { no Present }

/** With this fault and no other. */
pred faulty[f: Fault] { Present = f }

// ---------------------------------------------------------------------------------------------
// What must hold
// ---------------------------------------------------------------------------------------------

/** At most one claim is ever won for a row and a version. */
pred singleClaim { always all disj c, d: Won | c.on = d.on implies c.at != d.at }

/** A write ends the claim for which it was written, or nothing. */
pred fencing { always ended' - ended in writes }

/** Each claim has one outcome, or is the one that its row is in and has none yet. */
pred fullAccount {
  always all c: Won | one c.ended or (no c.ended and c.on in Row and c.on.holder = c)
}

/** Who trusts itself is not taken for dead. So trust, checked in memory, is worth something. */
pred trustMeansLive { always all s: Session | trusted[s] implies s in Live }

/** No row is run by two sessions at once that both trust themselves. */
pred oneRunner {
  always all disj c, d: Won |
    c.on = d.on and c.stage = Running and d.stage = Running
      implies not (trusted[c.by] and trusted[d.by])
}

/** A row whose session is dead doesn't stay so, if one node lives and the network isn't cut off. */
pred nothingForgotten {
  (some o: Session | survivor[o])
    implies always all c: Claim |
      c in Row.holder and c.by not in Live implies eventually c not in Row.holder
}

/** A node that stays alive, audits for ever, and whose writes get through now and then. */
pred survivor[o: Session] {
  always o in Live
  always eventually trusted[o]
  all c: Claim {
    // What is possible again and again is done again and again.
    (always eventually (takesOver[o, c] and trusted[o])) implies always eventually takeOver[o, c]
    (always eventually Lost in c.writes) implies always eventually endArrives[c, Lost]
  }
  // The numbers of the model end; those of the store don't.
  always all t: Row | some t.version.next
}

// ---------------------------------------------------------------------------------------------
// What must be possible
// ---------------------------------------------------------------------------------------------

/** A session dies in the middle of a run, and the row is taken over while the handler still runs. */
pred takeoverAfterDeath {
  some c: Claim | eventually (c.stage = Running and c.by not in Live and Lost in c.ended)
}

/** It wasn't dead but frozen; when it wakes up and writes, the row is another's. */
pred zombieIsRefused {
  some disj c, d: Claim {
    c.on = d.on and c.by != d.by
    eventually (Lost in c.ended and c.on.holder = d and endArrives[c, Done] and not accepted[c, Done])
  }
}

/** A node is frozen until it doesn't trust itself, and its next beat restores the trust. */
pred frozenAndBack {
  some s: Session | eventually (not trusted[s] and eventually (trusted[s] and s in Live))
}

/** The answer to a claim is lost; the row is given back, and run. */
pred lostAnswerOfClaim {
  some disj c, d: Claim {
    c.on = d.on
    eventually (mislay[c] and eventually (Released in c.ended and d.stage = Running))
  }
}

/** The answer to an end is lost; it is written again, and the history tells what came of it. */
pred lostAnswerOfEnd {
  some c: Claim |
    eventually (endArrives[c, Done] and accepted[c, Done]
      and after eventually (endArrives[c, Done] and not accepted[c, Done] and Done in c.ended))
}

/** Two ask for the same row; one gets it. */
pred lostRace {
  some disj s, z: Session, t: Trigger, c: Claim |
    eventually (some s.asked[t] and some z.asked[t] and win[c] and c.by = s
      and after lose[z])
}

/** A row goes and is made again under its key; an old write arrives and doesn't touch it. */
pred madeAgain {
  some disj c, d: Claim {
    c.on.key = d.on.key and c.on != d.on
    eventually (d.stage = Running and endArrives[c, Done] and not accepted[c, Done])
  }
}
