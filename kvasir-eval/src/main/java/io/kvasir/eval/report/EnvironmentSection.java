package io.kvasir.eval.report;

import io.kvasir.eval.store.EnvRow;
import io.kvasir.eval.store.ModelRow;
import io.kvasir.eval.store.PlanRow;
import io.kvasir.eval.store.RunRow;

/** Machines, commands and digests: what it takes to measure it again. */
final class EnvironmentSection {
  private final Findings findings;

  EnvironmentSection(Findings findings) {
    this.findings = findings;
  }

  String html() {
    return runs() + machines() + models() + plans();
  }

  private String runs() {
    HtmlTable table = new HtmlTable("run", "started", "status", "build", "#seed", "command");
    for (RunRow run : findings.runs()) {
      table.row(
          Html.escape(run.runId()),
          run.started().toString(),
          Html.escape(run.status()),
          Html.escape(run.build()) + (run.dirty() ? ", changed" : ""),
          Long.toString(run.seed()),
          "<code class=long>%s</code>".formatted(Html.escape(run.command())));
    }
    return table.html();
  }

  private String machines() {
    HtmlTable table =
        new HtmlTable(
            "run",
            "system",
            "processor",
            "#cores",
            "#threads",
            "#RAM, GB",
            "JVM",
            "flags",
            "SIMD",
            "oneDNN",
            "#GB/s",
            "#GFLOP/s",
            "#load");
    for (EnvRow env : findings.environments()) {
      table.row(
          Html.escape(env.runId()),
          Html.escape(env.os()),
          Html.escape(env.cpu()),
          Integer.toString(env.cores()),
          Integer.toString(env.threads()),
          Figures.decimals(1, env.ram() / 1e9),
          Html.escape(env.jvm()),
          "<code class=long>%s</code>".formatted(Html.escape(env.flags())),
          Html.escape(env.simd()),
          Html.escape(env.onednn()),
          Figures.decimals(1, env.memGbs()),
          Figures.decimals(1, env.gflops()),
          Figures.decimals(2, env.load()));
    }
    return table.html();
  }

  private String models() {
    HtmlTable table =
        new HtmlTable(
            "model",
            "architecture",
            "weights",
            "#layers",
            "#heads",
            "#KV heads",
            "#head dim",
            "#trained for",
            "digest");
    for (ModelRow model : findings.models().values()) {
      table.row(
          Html.escape(model.name()),
          Html.escape(model.arch()),
          Html.escape(model.weights()),
          Integer.toString(model.layers()),
          Integer.toString(model.heads()),
          Integer.toString(model.kvHeads()),
          Integer.toString(model.headDim()),
          Figures.grouped(model.ctxTrain()),
          "<code>%s</code>".formatted(Html.escape(model.modelSha())));
    }
    return table.html();
  }

  private String plans() {
    HtmlTable table = new HtmlTable("plan", "roles", "digest");
    for (PlanRow plan : findings.plans().values()) {
      table.row(
          "<code>%s</code>".formatted(Html.escape(plan.text())),
          Html.escape(plan.roles()),
          "<code>%s</code>".formatted(Html.escape(plan.planSha())));
    }
    return "<details><summary>Plans and their digests</summary>%s</details>\n"
        .formatted(table.html());
  }
}
