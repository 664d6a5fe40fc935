package dev.escapement.torture;

import dev.escapement.ExecutionInterceptor;
import dev.escapement.JobContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A replica's end of the {@link Ledger}: notes the begin and the end of each run. Thread-safe. */
final class LedgerLink implements ExecutionInterceptor {

  private final OutputStream out;
  private final BufferedReader answers;

  LedgerLink(int port, String replica) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    answers =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    write(replica);
  }

  @Override
  public @Nullable Object around(JobContext context, Invocation invocation) throws Exception {
    begin(context);
    Run.End end = Run.End.THREW;
    try {
      Object result = invocation.proceed();
      end = Run.End.RETURNED;
      return result;
    } finally {
      end(context, end);
    }
  }

  private synchronized void begin(JobContext context) throws IOException {
    note(
        "begin",
        context.triggerId().toString(),
        Long.toString(context.fencingToken()),
        context.job(),
        context.fireTime().toString(),
        Integer.toString(context.attempt()),
        Long.toString(context.missedFires()));
  }

  private synchronized void end(JobContext context, Run.End how) throws IOException {
    note(
        "end",
        context.triggerId().toString(),
        Long.toString(context.fencingToken()),
        how.toString());
  }

  /** Says what a run does with checkpoints. */
  synchronized void mark(JobContext context, Mark.What what, long by) throws IOException {
    note(
        "mark",
        context.triggerId().toString(),
        Long.toString(context.fencingToken()),
        what.toString(),
        Long.toString(by));
  }

  /** Says that this process wasn't scheduled for so long. */
  synchronized void stalled(long millis) throws IOException {
    write("stall", Long.toString(millis));
  }

  /** Goes on when it is taken: what comes after it elsewhere is noted after it. */
  private void note(String... words) throws IOException {
    write(words);
    if (answers.readLine() == null) {
      throw new IOException("The ledger is gone.");
    }
  }

  private void write(String... words) throws IOException {
    out.write((String.join("\t", List.of(words)) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
