package dev.escapement.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import edu.mit.csail.sdg.alloy4.A4Reporter;
import edu.mit.csail.sdg.ast.Command;
import edu.mit.csail.sdg.ast.Sig;
import edu.mit.csail.sdg.parser.CompModule;
import edu.mit.csail.sdg.parser.CompUtil;
import edu.mit.csail.sdg.translator.A4Options;
import edu.mit.csail.sdg.translator.A4Solution;
import edu.mit.csail.sdg.translator.TranslateAlloyToKodkod;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The model of the protocol in {@code docs/model}: the checker says what it is expected to say. */
class ModelTest {

  private static final Path MODEL = Path.of("..", "..", "docs", "model");

  @TestFactory
  Stream<DynamicTest> theProtocolHoldsAndEachFaultIsRefuted() {
    return answersOf("checks.als");
  }

  @TestFactory
  @Tag("torture")
  Stream<DynamicTest> theProtocolHoldsInALargerScope() {
    return answersOf("deep.als");
  }

  @Test
  void eachFaultThatTheModelNamesIsRefuted() {
    CompModule module = parse("checks.als");
    List<String> faults =
        module.getAllReachableSigs().stream()
            .filter(ModelTest::isFault)
            .map(sig -> sig.label.substring(sig.label.lastIndexOf('/') + 1))
            .toList();
    List<String> refuted =
        module.getAllCommands().stream()
            .filter(command -> command.check && command.expects == 1)
            .map(command -> command.label)
            .toList();
    assertThat(faults).hasSize(8);
    assertThat(faults)
        .allSatisfy(
            fault -> assertThat(refuted).anyMatch(label -> label.startsWith("refuted" + fault)));
  }

  private static boolean isFault(Sig sig) {
    return sig instanceof Sig.PrimSig prim
        && prim.parent != null
        && prim.parent.label.endsWith("/Fault");
  }

  private static Stream<DynamicTest> answersOf(String file) {
    CompModule module = parse(file);
    List<Command> commands = module.getAllCommands();
    assertThat(commands).isNotEmpty();
    return commands.stream()
        .map(command -> DynamicTest.dynamicTest(command.label, () -> ask(module, command)));
  }

  private static void ask(CompModule module, Command command) {
    assertThat(command.expects).as("%s says what it expects", command.label).isNotEqualTo(-1);
    A4Solution answer =
        TranslateAlloyToKodkod.execute_command(
            A4Reporter.NOP, module.getAllReachableSigs(), command, new A4Options());
    assertThat(answer.satisfiable())
        .as("%s: there is %s", command, command.check ? "a counterexample" : "such a trace")
        .withFailMessage(() -> command + " found\n" + answer)
        .isEqualTo(command.expects == 1);
  }

  private static CompModule parse(String file) {
    return CompUtil.parseEverything_fromFile(
        A4Reporter.NOP, null, MODEL.resolve(file).toAbsolutePath().normalize().toString());
  }
}
