package dev.escapement;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.util.Calendar;
import java.util.Date;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Arrows point one way: engine → store → schedule, policy → values. What touches everything, like
 * the builder, stands in {@code dev.escapement} beside the values, so packages alone don't say it.
 */
class LayeringTest {

  private static final String API = "dev.escapement";
  private static final String ENGINE = "dev.escapement.engine..";
  private static final String STORE = "dev.escapement.store..";
  private static final String POLICY = "dev.escapement.policy..";
  private static final String SCHEDULE = "dev.escapement.schedule..";

  private static final String TESTING = "dev.escapement.testing..";

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(API);

  @Test
  void onlyTheBuilderAndTheTestKitKnowTheEngine() {
    noClasses()
        .that(not(resideInAnyPackage(ENGINE, TESTING)))
        .and(not(belongToAnyOf(SchedulerBuilder.class)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ENGINE)
        .check(MAIN);
  }

  @Test
  void theTestKitEntersTheEngineByOneDoor() {
    noClasses()
        .that()
        .resideInAPackage(TESTING)
        .should()
        .dependOnClassesThat(
            resideInAPackage(ENGINE)
                .and(not(nameMatching("dev\\.escapement\\.engine\\.HandDriven(\\$.*)?"))))
        .check(MAIN);
  }

  @Test
  void nothingKnowsTheTestKit() {
    noClasses()
        .that(not(resideInAPackage(TESTING)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(TESTING)
        .check(MAIN);
  }

  @Test
  void valuesDoNotKnowTheStore() {
    noClasses()
        .that()
        .resideInAPackage(API)
        .and(not(belongToAnyOf(Scheduler.class, SchedulerBuilder.class, SchedulerClient.class)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(STORE)
        .check(MAIN);
  }

  @Test
  void theStoreKnowsValuesSchedulesAndPoliciesOnly() {
    noClasses()
        .that()
        .resideInAPackage(STORE)
        .should()
        .dependOnClassesThat(apiThatDependsOn(STORE, ENGINE).or(resideInAPackage(ENGINE)))
        .check(MAIN);
  }

  @Test
  void schedulesAndPoliciesKnowValuesOnly() {
    noClasses()
        .that()
        .resideInAnyPackage(SCHEDULE, POLICY)
        .should()
        .dependOnClassesThat(
            apiThatDependsOn(SCHEDULE, POLICY, STORE, ENGINE).or(resideInAnyPackage(STORE, ENGINE)))
        .check(MAIN);
  }

  private static DescribedPredicate<JavaClass> apiThatDependsOn(String... packages) {
    DescribedPredicate<JavaClass> above = resideInAnyPackage(packages);
    return resideInAPackage(API)
        .and(
            describe(
                "depend on " + Set.of(packages),
                type ->
                    type.getTransitiveDependenciesFromSelf().stream()
                        .anyMatch(dependency -> above.test(dependency.getTargetClass()))));
  }

  @Test
  void packagesBelowTheApiHaveNoCycles() {
    slices().matching("dev.escapement.(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void onlyTheCodecKnowsJackson() {
    noClasses()
        .that(not(belongToAnyOf(JsonCodec.class)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..")
        .check(MAIN);
  }

  /** It parses and describes; what an expression means is decided here. */
  @Test
  void onlyTwoClassesKnowCronUtils() {
    noClasses()
        .that(not(nameMatching("dev\\.escapement\\.schedule\\.Cron(Tree|Words)(\\$.*)?")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.cronutils..")
        .check(MAIN);
  }

  @Test
  void timeComesFromTheStore() {
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE, SCHEDULE, POLICY, TESTING)
        .should()
        .accessTargetWhere(readsTheWallClock())
        .because("a node's wall clock may be off by hours and must change nothing")
        .check(MAIN);
  }

  private static DescribedPredicate<JavaAccess<?>> readsTheWallClock() {
    return describe("the target reads the wall clock", access -> isWallClock(access.getTarget()));
  }

  private static boolean isWallClock(AccessTarget target) {
    JavaClass owner = target.getOwner();
    String name = target.getName();
    if (owner.isAssignableTo(Date.class) || owner.isAssignableTo(Calendar.class)) {
      return name.equals("<init>") || name.equals("getInstance");
    }
    if (owner.isAssignableTo(Clock.class) || owner.getName().equals("java.time.InstantSource")) {
      return name.startsWith("system") || name.startsWith("tick");
    }
    return name.equals("currentTimeMillis")
        || (owner.getPackageName().startsWith("java.time") && name.equals("now"));
  }

  @Test
  void nothingIsPrintedToTheStandardStreams() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
  }

  @Test
  void noStateIsStatic() {
    fields().that().areStatic().should().beFinal().check(MAIN);
  }
}
