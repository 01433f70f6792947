package io.kvasir.cli;

import io.kvasir.cli.demo.DemoResult;
import io.kvasir.cli.demo.PlanResult;
import io.kvasir.engine.fit.ByteSize;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A demo's result for a terminal: what each plan costs and loses, and what it answered. */
final class DemoTable {
  private static final int LONGEST_NUMBER = 10;

  private DemoTable() {}

  static void print(DemoResult result, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%s: %,d tokens with %d facts in them, read once in %.1f s by %s%n"
            + "(prefill %s, precision %s, %d threads)%n%n",
        Terminal.line(result.document().source()),
        result.document().tokens(),
        result.document().facts(),
        result.readSeconds(),
        Terminal.line(result.setup().model()),
        result.setup().prefill(),
        result.setup().precision(),
        result.setup().threads());
    costs(result).print(out);
    out.println();
    answers(result).print(out);
    out.println();
    out.println("Plans compressed before they knew the questions. TTFT: from a question to its");
    out.println(
        "first token, the document being read. Top-1 and KL: against the full cache, along");
    out.println("its answers. Answers: below each planted number, the number in the answer.");
  }

  private static Table costs(DemoResult result) {
    Table table =
        new Table(
            "plan", ">KV B/token", ">total", ">TTFT", ">tok/s", ">top-1", ">mean KL", ">facts");
    for (PlanResult plan : result.plans()) {
      table.row(
          plan.name(),
          decimals("%,.0f", plan.bytesPerToken()),
          ByteSize.text(plan.bytes()),
          decimals("%.0f ms", plan.ttftMillis()),
          decimals("%.1f", plan.tokensPerSecond()),
          decimals("%.1f %%", 100 * plan.agreement()),
          decimals("%.4f", plan.meanKl()),
          plan.found() + "/" + plan.answers().size());
    }
    return table;
  }

  /** The lower half of the table: what each plan takes the numbers for. */
  private static Table answers(DemoResult result) {
    Table table =
        new Table(
            Stream.concat(
                    Stream.of("answers"),
                    result.full().answers().stream().map(answer -> ">" + answer.expected()))
                .toArray(String[]::new));
    for (PlanResult plan : result.plans()) {
      List<String> row = new ArrayList<>(List.of(plan.name()));
      for (PlanResult.Answer answer : plan.answers()) {
        row.add(answer.number().map(DemoTable::shorten).orElse("-"));
      }
      table.row(row.toArray());
    }
    return table;
  }

  private static String shorten(String number) {
    return number.length() <= LONGEST_NUMBER
        ? number
        : number.substring(0, LONGEST_NUMBER - 3) + "...";
  }

  private static String decimals(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
