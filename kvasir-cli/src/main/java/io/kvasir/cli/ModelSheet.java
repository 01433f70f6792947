package io.kvasir.cli;

import io.kvasir.engine.fit.ByteSize;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A {@link ModelSummary} for people: facts by name, then tensors and cache as tables. */
final class ModelSheet {
  private final PrintStream out;

  private ModelSheet(PrintStream out) {
    this.out = out;
  }

  static void print(ModelSummary model, PrintStream out) {
    new ModelSheet(out).print(model);
  }

  private void print(ModelSummary model) {
    fact("model", model.name());
    fact("file", model.file());
    fact("size", "%s, %,d parameters", ByteSize.text(model.bytes()), model.parameters());
    fact("fingerprint", model.fingerprint());
    fact("architecture", model.architecture());
    fact("layers", "%d, hidden %,d, feed-forward %,d", model.layers(), model.hidden(), model.ffn());
    fact("heads", "%d, KV heads %d, %s", model.heads(), model.kvHeads(), dims(model));
    fact("context", "%,d tokens", model.contextLength());
    fact("vocabulary", "%,d tokens", model.vocabularySize());
    fact("tokenizer", tokenizer(model.tokenizer()));
    fact("chat template", model.chatTemplate() ? "yes" : "none");
    for (ModelSummary.LayerGroup group : model.layerGroups()) {
      String layers = model.layerGroups().size() == 1 ? "all layers" : ranges(group.layers());
      fact("attention", layers + ": " + attention(group));
    }
    out.println();
    Table tensors = new Table("TENSOR TYPE", ">TENSORS", ">BYTES");
    for (ModelSummary.TensorFacts type : model.tensorTypes()) {
      tensors.row(type.type(), type.tensors(), grouped(type.bytes()));
    }
    tensors.print(out);
    out.println();
    Table cache = new Table("CACHE PLAN", ">BYTES/TOKEN", ">AT FULL CONTEXT");
    for (ModelSummary.CacheFacts plan : model.kvCache()) {
      cache.row(
          plan.plan(), grouped(Math.round(plan.bytesPerToken())), ByteSize.text(plan.bytes()));
    }
    cache.print(out);
  }

  private void fact(String name, String format, Object... values) {
    String text = values.length == 0 ? format : String.format(Locale.ROOT, format, values);
    out.printf("%-14s %s%n", name, Terminal.line(text));
  }

  private static String dims(ModelSummary model) {
    return model.keyDim() == model.valueDim()
        ? "head dim " + model.keyDim()
        : "key dim " + model.keyDim() + ", value dim " + model.valueDim();
  }

  private static String tokenizer(ModelSummary.TokenizerFacts tokenizer) {
    String kind = tokenizer.kind().equals("gpt2") ? "byte-level BPE" : "SentencePiece BPE";
    String pre = tokenizer.preTokenizer().isEmpty() ? "" : ", " + tokenizer.preTokenizer();
    return kind + pre + (tokenizer.addsBos() ? ", begins with BOS" : ", no BOS");
  }

  private static String attention(ModelSummary.LayerGroup group) {
    StringBuilder text = new StringBuilder();
    text.append(group.window() == 0 ? "full" : "window of " + group.window() + " tokens");
    text.append(", rope base ").append(plain(group.ropeBase()));
    text.append(" over ").append(group.ropeDim()).append(" dims");
    if (group.ropeScaling() != 1) {
      text.append(", positions / ").append(plain(group.ropeScaling()));
    }
    if (group.ropeFactors()) {
      text.append(", frequency factors");
    }
    return text.toString();
  }

  /** {@code layers 0-4, 6-10}. */
  private static String ranges(List<Integer> layers) {
    List<String> ranges = new ArrayList<>();
    for (int i = 0, end; i < layers.size(); i = end) {
      end = i + 1;
      while (end < layers.size() && layers.get(end) == layers.get(end - 1) + 1) {
        end++;
      }
      int first = layers.get(i);
      int last = layers.get(end - 1);
      ranges.add(first == last ? Integer.toString(first) : first + "-" + last);
    }
    return (layers.size() == 1 ? "layer " : "layers ") + String.join(", ", ranges);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Grouped, and without needless digits. */
  private static String plain(double number) {
    return number == Math.rint(number) ? grouped((long) number) : Double.toString(number);
  }
}
