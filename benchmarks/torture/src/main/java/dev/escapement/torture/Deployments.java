package dev.escapement.torture;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Faults that people make: releases side by side, and jobs as no one should write them. */
final class Deployments {

  private static final Duration START = Duration.ofSeconds(15);

  private Deployments() {}

  /** Each replica is put in the place of one of the other version of the application. */
  record Roll() implements Fault {
    @Override
    public String name() {
      return "rolling deployment";
    }

    @Override
    public boolean strike(Stage stage, Random random) throws Exception {
      List<Member> old = stage.fleet().alive();
      int next = 1 + random.nextInt(2);
      for (Member member : old) {
        if (stage.pause().isOver()) {
          return false;
        }
        stage.fleet().start(stage.standard().generation(next)).awaitReady(START);
        stage.workload().enqueue(Generation.NOVEL, 2, 0);
        stage.workload().shaped(next);
        if (member.isAlive()) {
          stage.fleet().stop(member);
        }
      }
      return true;
    }
  }

  /** Jobs that end their JVM, hang, leak and boast. */
  record Misbehave() implements Fault {
    @Override
    public String name() {
      return "jobs that kill their JVM, hang, leak threads, return megabytes";
    }

    @Override
    public boolean strike(Stage stage, Random random) throws Exception {
      stage.workload().enqueue(BadJobs.LEAK, 2, 0);
      stage.workload().enqueue(BadJobs.FAT, 1, 0);
      stage.workload().enqueue(BadJobs.STUBBORN, 2, 0);
      if (random.nextInt(3) == 0) {
        stage.workload().enqueue(BadJobs.BOMB, 1, 0);
      }
      stage.pause().of(Duration.ofSeconds(1));
      return true;
    }
  }
}
