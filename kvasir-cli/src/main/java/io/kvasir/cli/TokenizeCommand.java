package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kvasir tokenize}: the tokens a model reads a text as. */
@Command(
    name = "tokenize",
    description = "Prints the tokens of a text, one per line: id and text.",
    mixinStandardHelpOptions = true)
final class TokenizeCommand implements Runnable {
  private static final String PARSE = "parse_special";
  private static final String ADD = "add_special";

  @Mixin private ModelName model = new ModelName();
  @Mixin private TextArguments text = new TextArguments();

  @Option(
      names = "--parse-special",
      description = "The text of a control token becomes that token.")
  private boolean parseSpecial;

  @Option(names = "--add-special", description = "Add BOS and EOS as far as the model wants them.")
  private boolean addSpecial;

  @Option(
      names = "--json",
      description = "Print {\"ids\", \"pieces\"}; a piece is base64 of the token's bytes.")
  private boolean json;

  @Option(
      names = "--jsonl",
      description =
          "Batch mode, a JSON object per line: {\"text\", \"parse_special\"?, \"add_special\"?} in,"
              + " {\"ids\", \"pieces\"} out.")
  private boolean jsonl;

  /**
   * @param pieces base64 of each token's bytes: they need not be text
   */
  private record Tokens(List<Integer> ids, List<String> pieces) {}

  @Override
  public void run() {
    if (jsonl) {
      text.none();
    }
    try (GgufFile file = GgufFile.open(model.file())) {
      Tokenizer tokenizer = Tokenizer.from(file.metadata());
      if (jsonl) {
        Batch.run((request, interrupts) -> answer(tokenizer, request));
        return;
      }
      int[] ids = tokenizer.encode(text.text(), parseSpecial, addSpecial);
      if (json) {
        System.out.println(Json.pretty(tokens(tokenizer, ids)));
      } else {
        print(tokenizer, ids);
      }
    }
  }

  private Tokens answer(Tokenizer tokenizer, Request request) {
    request.allow("text", PARSE, ADD);
    boolean parse = request.bool(PARSE, parseSpecial);
    boolean add = request.bool(ADD, addSpecial);
    return tokens(tokenizer, tokenizer.encode(request.string("text"), parse, add));
  }

  private static Tokens tokens(Tokenizer tokenizer, int[] ids) {
    List<String> pieces = new ArrayList<>(ids.length);
    for (int id : ids) {
      pieces.add(Base64.getEncoder().encodeToString(tokenizer.bytes(id)));
    }
    return new Tokens(IntStream.of(ids).boxed().toList(), pieces);
  }

  private static void print(Tokenizer tokenizer, int[] ids) {
    for (int id : ids) {
      System.out.printf("%7d  %s%n", id, Json.line(new String(tokenizer.bytes(id), UTF_8)));
    }
  }
}
