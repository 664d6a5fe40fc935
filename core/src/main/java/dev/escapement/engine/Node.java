package dev.escapement.engine;

import java.util.function.LongSupplier;

/** The parts of a node that its loops share. */
record Node(
    Settings.Timing timing,
    JobRegistry registry,
    Declarations declarations,
    Heart heart,
    WorkerPools pools,
    Holdings holdings,
    Bookkeeping books,
    Herd herd,
    LongSupplier nanoClock) {}
