package dev.escapement.examples.spring.shop;

import dev.escapement.Execution;
import dev.escapement.ExecutionFilter;
import dev.escapement.SchedulerClient;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What can be asked of the shop over HTTP. */
@RestController
class Counter {

  private static final int PAGE = 1000;

  private final Orders orders;
  private final Invoices invoices;
  private final Fires fires;
  private final SchedulerClient scheduler;

  Counter(Orders orders, Invoices invoices, Fires fires, SchedulerClient scheduler) {
    this.orders = orders;
    this.invoices = invoices;
    this.fires = fires;
    this.scheduler = scheduler;
  }

  /** An order, and who has sent its invoice. */
  record Placed(Order order, Optional<String> invoiceSentBy) {}

  /** An attempt, as the scheduler's history tells of it. */
  record Attempt(
      String key,
      Instant fireTime,
      long missedFires,
      int attempt,
      String outcome,
      String node,
      String failure) {

    static Attempt of(Execution execution) {
      return new Attempt(
          execution.key().orElse(""),
          execution.fireTime(),
          execution.missedFires(),
          execution.attempt(),
          execution.outcome().name(),
          execution.node(),
          execution.failure().map(failure -> failure.message()).orElse(""));
    }
  }

  @PostMapping("/orders")
  @ResponseStatus(HttpStatus.CREATED)
  void place(@RequestBody Order order) {
    orders.place(order);
  }

  @GetMapping("/orders/{number}")
  ResponseEntity<Placed> order(@PathVariable String number) {
    return ResponseEntity.of(
        orders.find(number).map(order -> new Placed(order, invoices.sentBy(number))));
  }

  @GetMapping("/fires")
  List<Fires.Fire> fires() {
    return fires.all();
  }

  /** The attempts of a job, the latest first. */
  @GetMapping("/jobs/{job}/attempts")
  List<Attempt> attempts(@PathVariable String job) {
    return scheduler.executions().list(ExecutionFilter.ofJob(job), PAGE).items().stream()
        .map(Attempt::of)
        .toList();
  }

  /** It isn't fired any more, by none of the instances. */
  @PostMapping("/jobs/{job}/pause")
  void pause(@PathVariable String job) {
    scheduler.jobs().pause(job);
  }

  @ExceptionHandler
  ProblemDetail soldOut(SoldOutException e) {
    return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, String.valueOf(e.getMessage()));
  }

  @ExceptionHandler
  ProblemDetail orderedBefore(DuplicateKeyException e) {
    return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "There is such an order.");
  }
}
