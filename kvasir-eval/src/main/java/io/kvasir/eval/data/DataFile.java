package io.kvasir.eval.data;

import io.kvasir.eval.InputException;
import io.kvasir.eval.TextFile;
import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Question;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the user's data. */
public final class DataFile {
  private static final int ANSWER_TOKENS = 128;

  private DataFile() {}

  /**
   * The documents of a JSON Lines file, in order; empty lines are passed by, and questions in a row
   * about the same context share it.
   *
   * @param format nothing: the one whose fields the first line has
   * @param splitAt where the question begins, for RULER's own files
   * @throws InputException with file, line and field; or when there is no line
   */
  public static List<Document> read(
      Path file, Optional<DataFormat> format, Optional<Pattern> splitAt) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.jsonl?$", "");
    LineReader.Setting setting = new LineReader.Setting(name, splitAt);
    List<String> lines = TextFile.read(file).lines().toList();
    List<Document> documents = new ArrayList<>();
    Optional<DataFormat> known = format;
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        JsonLine line = JsonLine.parse(file + ":" + (i + 1), lines.get(i));
        known = known.or(() -> Optional.of(DataFormat.of(line)));
        add(documents, known.orElseThrow().reader().read(line, setting));
      }
    }
    if (documents.isEmpty()) {
      throw new InputException(file + " has no line; expected one JSON object in each");
    }
    return List.copyOf(documents);
  }

  private static void add(List<Document> documents, Document next) {
    Document last = documents.isEmpty() ? next : documents.getLast();
    if (last != next && last.task().equals(next.task()) && last.context().equals(next.context())) {
      List<Question> questions =
          Stream.concat(last.questions().stream(), next.questions().stream()).toList();
      documents.set(
          documents.size() - 1,
          new Document(last.place(), last.task(), last.context(), questions, last.aware()));
    } else {
      documents.add(next);
    }
  }

  /**
   * A text and questions about it, one in a line. Nobody knows the answers: plans are compared with
   * f16 and not with the truth.
   *
   * @throws InputException when there is no text or no question
   */
  public static Document read(Path text, Path questions) {
    List<Question> asked =
        TextFile.read(questions)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .map(
                line ->
                    new Question(
                        line,
                        "",
                        "",
                        List.of(),
                        List.of(),
                        OptionalDouble.empty(),
                        ANSWER_TOKENS,
                        Metric.LIKELIHOOD))
            .toList();
    if (asked.isEmpty()) {
      throw new InputException(questions + " has no question; expected one in each line");
    }
    String context = TextFile.read(text);
    if (context.isBlank()) {
      throw new InputException(text + " is empty; expected a text");
    }
    return new Document(text.toString(), "doc:" + text.getFileName(), context, asked, false);
  }
}
