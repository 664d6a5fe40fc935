package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GONE")
  void readsWhatItWrites(Message.Kind kind) {
    Message message = new Message(kind, 4711, "sun-times");

    assertThat(Message.parse(message.toString())).contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", "@BEGUN", "@BEGUN x y", "@BEGUN -1 x", "BEGUN 1 x", "@GONE 0 "})
  void knowsWhatIsNoMessage(String line) {
    assertThat(Message.parse(line)).isEmpty();
  }

  @Test
  void readsAMessageWithoutRun() {
    Message ready = Message.of(Message.Kind.READY);

    assertThat(Message.parse(ready.toString())).contains(ready);
  }
}
