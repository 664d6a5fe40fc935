package dev.escapement;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.policy.Retry;
import dev.escapement.schedule.CronDialect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobReaderTest {

  record Invoice(int number) {}

  private static final Invoice INVOICE = new Invoice(42);
  private static final JobContext CONTEXT = new FakeContext();

  private static Job<?> only(Object bean) {
    List<Job<?>> jobs = JobReader.of(bean);
    assertThat(jobs).hasSize(1);
    return jobs.get(0);
  }

  private static Job<?> named(String name, Object bean) {
    return JobReader.of(bean).stream()
        .filter(job -> job.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // a job without payload is given null
  private static @Nullable Object run(Job<?> job) throws Exception {
    Object payload = job.type().takesPayload() ? INVOICE : null;
    return ((Job<Object>) job).code().run(payload, CONTEXT);
  }

  @SuppressWarnings("unused")
  static class Shapes {
    private @Nullable Object seen;

    @JobHandler("payload")
    void payload(Invoice invoice) {
      seen = invoice;
    }

    @JobHandler("context")
    public void context(JobContext context) {
      seen = context;
    }

    @JobHandler("both")
    private void both(Invoice invoice, JobContext context) {
      seen = List.of(invoice, context);
    }

    @JobHandler("turned")
    protected void turned(JobContext context, Invoice invoice) {
      seen = List.of(context, invoice);
    }

    @JobHandler("none")
    int none() {
      seen = "nothing";
      return 42;
    }

    @JobHandler("array")
    void array(Invoice... invoices) {}

    @Recurring(name = "recurring", every = "1s")
    void recurring(JobContext context) {
      seen = context;
    }

    void noJob() {}
  }

  @Test
  void aMethodIsGivenWhatItAsksFor() throws Exception {
    Shapes shapes = new Shapes();

    run(named("payload", shapes));
    assertThat(shapes.seen).isEqualTo(INVOICE);
    run(named("context", shapes));
    assertThat(shapes.seen).isEqualTo(CONTEXT);
    run(named("both", shapes));
    assertThat(shapes.seen).isEqualTo(List.of(INVOICE, CONTEXT));
    run(named("turned", shapes));
    assertThat(shapes.seen).isEqualTo(List.of(CONTEXT, INVOICE));
    run(named("none", shapes));
    assertThat(shapes.seen).isEqualTo("nothing");
    run(named("recurring", shapes));
    assertThat(shapes.seen).isEqualTo(CONTEXT);
  }

  static class Returning {
    @JobHandler("record")
    Invoice invoice(Invoice invoice) {
      return new Invoice(invoice.number() + 1);
    }

    @JobHandler("number")
    int number(JobContext context) {
      return context.attempt() + 6;
    }

    @JobHandler("null")
    @Nullable String text() {
      return null;
    }

    @JobHandler("void")
    void nothing() {}

    @Recurring(name = "recurring", every = "1s")
    String recurring() {
      return "swept";
    }
  }

  @Test
  void whatAMethodReturnsIsTheResult() throws Exception {
    assertThat(run(named("record", new Returning()))).isEqualTo(new Invoice(43));
    assertThat(run(named("number", new Returning()))).isEqualTo(7);
    assertThat(run(named("null", new Returning()))).isNull();
    assertThat(run(named("void", new Returning()))).isNull();
    assertThat(run(named("recurring", new Returning()))).isEqualTo("swept");
  }

  @Test
  void itsParameterIsThePayload() {
    assertThat(named("both", new Shapes()).type()).isEqualTo(JobType.of("both", Invoice.class));
    assertThat(named("none", new Shapes()).type()).isEqualTo(JobType.of("none"));
    assertThat(named("array", new Shapes()).type()).isEqualTo(JobType.of("array", Invoice[].class));
    assertThat(JobReader.of(new Shapes())).hasSize(7);
  }

  @SuppressWarnings("unused")
  static class Utility {
    static int runs;

    @JobHandler("static")
    private static void run(Invoice invoice) {
      runs += invoice.number();
    }
  }

  @Test
  void aStaticMethodIsAMethodToo() throws Exception {
    run(only(new Utility()));
    assertThat(Utility.runs).isEqualTo(42);
  }

  static class Throwing {
    private final Throwable thrown;

    Throwing(Throwable thrown) {
      this.thrown = thrown;
    }

    @JobHandler("throwing")
    void run() throws Throwable {
      throw thrown;
    }
  }

  @SuppressWarnings("serial")
  private static final class Oddity extends Throwable {}

  @Test
  void whatItThrowsComesOutAsItself() {
    for (Throwable thrown :
        List.of(
            new IOException("io"),
            new IllegalStateException("state"),
            new InterruptedException("interrupted"),
            new StackOverflowError("error"),
            new Oddity())) {
      assertThatThrownBy(() -> run(only(new Throwing(thrown)))).isSameAs(thrown);
    }
  }

  static class WithConstants {
    static final JobType<Invoice> SEND = JobType.of("send", Invoice.class);
    private static final JobType<Invoice> PRINT = JobType.of("print", Invoice.class);
    static @Nullable JobType<String> notFinal = JobType.of("free", String.class);

    @JobHandler("send")
    void send(Invoice invoice) {}

    @JobHandler("print")
    void print() {}

    @JobHandler("free")
    void free(Invoice invoice) {}
  }

  @Test
  void aConstantSaysWhatTheJobTakes() throws Exception {
    assertThat(named("send", new WithConstants()).type()).isSameAs(WithConstants.SEND);
    assertThat(named("free", new WithConstants()).type().payload()).isEqualTo(Invoice.class);
  }

  @Test
  void aMethodMayIgnoreThePayloadThatTheConstantNames() throws Exception {
    Job<?> print = named("print", new WithConstants());
    assertThat(print.type()).isSameAs(WithConstants.PRINT);
    run(print);
  }

  static class Wider {
    static final JobType<Integer> COUNT = JobType.of("count", Integer.class);

    @JobHandler("count")
    void count(Number number) {}
  }

  @Test
  void aMethodMayTakeMoreThanTheConstantSays() {
    assertThat(only(new Wider()).type()).isSameAs(Wider.COUNT);
  }

  @SuppressWarnings("unused")
  static class Parent {
    final StringBuilder ran = new StringBuilder();

    @JobHandler("inherited")
    private void inherited() {
      ran.append("inherited ");
    }

    @JobHandler("overridden")
    void overridden() {
      ran.append("parent ");
    }

    @JobHandler("silenced")
    void silenced() {}

    @JobHandler("hidden-private")
    private void sameName() {
      ran.append("parent's own ");
    }
  }

  @SuppressWarnings("unused")
  static class Child extends Parent {
    @Override
    @JobHandler("overridden")
    void overridden() {
      ran.append("child ");
    }

    @Override
    void silenced() {}

    void sameName() {}
  }

  @Test
  void inheritedMethodsCountAndOverriddenOnesDoNot() throws Exception {
    Child child = new Child();
    List<Job<?>> jobs = JobReader.of(child);

    assertThat(jobs)
        .extracting(Job::name)
        .containsExactlyInAnyOrder("overridden", "inherited", "hidden-private");
    run(named("inherited", child));
    run(named("overridden", child));
    run(named("hidden-private", child));
    assertThat(child.ran).hasToString("inherited child parent's own ");
  }

  abstract static class Sender<T> {
    @JobHandler("generic")
    abstract void send(T payload);
  }

  static class InvoiceSender extends Sender<Invoice> {
    @Override
    @JobHandler("generic")
    void send(Invoice payload) {}
  }

  @Test
  void anOverrideThatNamesATypeParameterCountsOnce() {
    assertThat(only(new InvoiceSender()).type().payload()).isEqualTo(Invoice.class);
  }

  static class Unseen {
    @JobHandler("visible")
    public void run() {}
  }

  public static class Seen extends Unseen {}

  @Test
  void aMethodThatTheCompilerBridgesForVisibilityCountsOnce() {
    assertThat(only(new Seen()).name()).isEqualTo("visible");
  }

  interface Pinging {
    JobType<Void> PING = JobType.of("ping");

    @Recurring(name = "ping", every = "1m")
    default void ping() {}
  }

  static class Pinger implements Pinging {}

  @Test
  void aDefaultMethodIsInheritedToo() {
    assertThat(only(new Pinger()).name()).isEqualTo("ping");
  }

  @Test
  void aJobTellsWhereItsCodeIs() {
    assertThat(Objects.toString(only(new Pinger())))
        .isEqualTo("Job[ping, every 1m, run by dev.escapement.JobReaderTest$Pinging#ping]");
  }

  @SuppressWarnings("unused")
  static class Templated {
    @Recurring(name = "${name}", cron = "${cron}", zone = "${zone}", queue = "${queue}")
    void tick() {}

    @JobHandler(value = "${name}-by-hand", backoff = @Backoff(initial = "${wait}"))
    void mail(Invoice invoice, JobContext context) {}
  }

  @Test
  void textsAreResolvedBeforeTheyAreReadNestedOnesToo() {
    Map<String, String> values =
        Map.of(
            "${name}", "nightly",
            "${cron}", "0 0 2 * * MON",
            "${zone}", "Europe/Zurich",
            "${queue}", "slow",
            "${name}-by-hand", "mail",
            "${wait}", "7s");
    List<Job<?>> jobs =
        new JobReader()
            .texts(text -> values.getOrDefault(text, text))
            .read(Templated.class, (method, arguments) -> null);

    assertThat(jobs).extracting(Job::name).containsExactlyInAnyOrder("nightly", "mail");
    Job<?> nightly = jobs.stream().filter(job -> job.schedule().isPresent()).findFirst().get();
    assertThat(nightly.schedule().get())
        .hasToString("cron spring: 0 0 2 * * MON; zone Europe/Zurich");
    assertThat(nightly.policy().placement().queue()).isEqualTo("slow");
    Job<?> mail = jobs.stream().filter(job -> job.schedule().isEmpty()).findFirst().get();
    assertThat(mail.policy().retry()).hasToString(Retry.exponential(ofSeconds(7)).toString());
  }

  @SuppressWarnings("unused")
  static class SixFields {
    @Recurring(name = "weekly", cron = "0 0 2 ? * 1")
    void weekly() {}

    @Recurring(name = "unix", cron = "0 2 * * 1")
    void unix() {}

    @Recurring(name = "quartz", cron = "0 0 2 ? * 1", dialect = CronDialect.QUARTZ)
    void quartz() {}

    @Recurring(name = "never", cron = "-")
    void never() {}
  }

  @Test
  void sixFieldsAreOfTheDialectThatTheReaderIsTold() {
    List<Job<?>> jobs =
        new JobReader()
            .sixFields(CronDialect.SPRING)
            .read(SixFields.class, (method, arguments) -> null);

    assertThat(jobs)
        .extracting(job -> job.schedule().orElseThrow().toString())
        .containsExactlyInAnyOrder(
            "cron spring: 0 0 2 ? * 1", "cron unix: 0 2 * * 1", "cron quartz: 0 0 2 ? * 1", "-");
    assertThatThrownBy(() -> JobReader.of(new SixFields()))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("has 6 fields and means other days in Quartz");
  }

  @Test
  void anInvokerGetsTheMethodAndWhatItTakes() throws Exception {
    List<Object> calls = new ArrayList<>();
    MethodInvoker invoker =
        (method, arguments) -> {
          calls.add(method.getName());
          calls.addAll(Arrays.asList(arguments));
          return "result";
        };
    Job<?> turned =
        new JobReader()
            .read(Shapes.class, invoker).stream()
                .filter(job -> job.name().equals("turned"))
                .findFirst()
                .orElseThrow();

    assertThat(run(turned)).isEqualTo("result");
    assertThat(calls).containsExactly("turned", CONTEXT, INVOICE);
  }

  @SuppressWarnings("unused")
  static class Recurs {
    @Recurring(name = "recurs", every = "1h")
    void recurs() {}
  }

  @Test
  void whatAnInvokerThrowsComesOutAsItself() {
    IOException thrown = new IOException("full");
    Job<?> job =
        new JobReader()
            .read(
                Recurs.class,
                (method, arguments) -> {
                  throw thrown;
                })
            .get(0);

    assertThatThrownBy(() -> run(job)).isSameAs(thrown);
  }

  @Test
  void aClassWithoutAnnotationsHasNoJobs() {
    assertThat(new JobReader().read(String.class, (method, arguments) -> null)).isEmpty();
  }
}
