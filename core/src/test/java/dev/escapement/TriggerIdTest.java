package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TriggerIdTest {

  @Test
  void isAUuidOfVersion7() {
    long before = Instant.now().toEpochMilli();
    UUID id = TriggerId.next().value();
    long after = Instant.now().toEpochMilli();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isBetween(before, after);
  }

  @Test
  void isNeverTheSameTwice() {
    assertThat(Stream.generate(TriggerId::next).limit(100_000).distinct()).hasSize(100_000);
  }

  @Test
  void isOrderedLikeItsTextAndItsBytes() {
    List<TriggerId> ids =
        Stream.of(
                "00000000-0000-7000-8000-000000000000",
                "00000000-0000-7000-8000-000000000001",
                "019a0000-0000-7000-8000-000000000000",
                "7fffffff-ffff-7fff-bfff-ffffffffffff",
                "80000000-0000-7000-8000-000000000000",
                "ffffffff-ffff-7fff-bfff-ffffffffffff")
            .map(TriggerId::parse)
            .toList();

    assertThat(ids).isSorted();
    assertThat(ids).isSortedAccordingTo(Comparator.comparing(TriggerId::toString));
    assertThat(ids.get(0)).isEqualByComparingTo(TriggerId.parse(ids.get(0).toString()));
  }

  @Test
  void isReadFromItsText() {
    TriggerId id = TriggerId.next();
    assertThat(TriggerId.parse(id.toString())).isEqualTo(id);
    assertThat(TriggerId.parse("019A0000-0000-7000-8000-00000000000F"))
        .hasToString("019a0000-0000-7000-8000-00000000000f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "1-1-1-1-1", "019a00000000-7000-8000-000000000000", "019a\n"})
  void refusesOtherText(String text) {
    assertThatThrownBy(() -> TriggerId.parse(text))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith(Names.quote(text) + " isn't a trigger id; one looks like ");
  }
}
