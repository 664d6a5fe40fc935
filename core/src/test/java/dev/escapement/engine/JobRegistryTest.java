package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.Job;
import dev.escapement.policy.Overlap;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.JobDeclaration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can't be declared is refused before there is a node. */
class JobRegistryTest {

  private record Named(String identity) implements Schedule {
    @Override
    public Optional<Instant> next(Instant after) {
      return Optional.empty();
    }
  }

  private static JobRegistry of(Job<?> job) {
    return JobRegistry.of(List.of(job));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "NUL \0", "half a pair \ud800", "two\nlines"})
  void anIdentityThatNoStoreKeepsIsRefused(String identity) {
    Job<?> job = Job.recurring("tides", new Named(identity), context -> {});
    assertThatThrownBy(() -> of(job))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("\"tides\"")
        .hasMessageContaining(Named.class.getName())
        .hasMessageContaining("identity of " + identity.length() + " characters");
  }

  @Test
  void anIdentityMayBeLongButNotEndless() {
    JobRegistry registry = of(Job.recurring("tides", new Named("t".repeat(10_000)), context -> {}));
    assertThat(registry.declarations()).extracting(JobDeclaration::schedule).hasSize(1);
    assertThatThrownBy(
            () -> of(Job.recurring("tides", new Named("t".repeat(10_001)), context -> {})))
        .isInstanceOf(InvalidDeclarationException.class);
  }

  @Test
  void aFixedDelayCantOverlap() {
    Job<?> job =
        Job.recurring("poll", Schedules.fixedDelay(Duration.ofSeconds(1)), context -> {})
            .overlap(Overlap.ALLOW);
    assertThatThrownBy(() -> of(job))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("poll")
        .hasMessageContaining("Use every(…), or leave the overlap away");
  }
}
