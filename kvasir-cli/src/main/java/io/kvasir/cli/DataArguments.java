package io.kvasir.cli;

import io.kvasir.eval.InputException;
import io.kvasir.eval.data.DataFile;
import io.kvasir.eval.data.DataFormat;
import io.kvasir.eval.data.DataTask;
import io.kvasir.eval.task.Protocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that bring the user's own texts and questions. */
final class DataArguments {
  @Option(
      names = "--data",
      paramLabel = "F.jsonl",
      description = "Contexts with questions and right answers, one in a line.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "Of --data: longbench, longbench-v2, scbench, kvpress or ruler; default: as its fields"
              + " say.")
  private Optional<String> format = Optional.empty();

  @Option(
      names = "--split-at",
      paramLabel = "REGEX",
      converter = Regex.class,
      description =
          "Where the question begins in --data of format ruler: at the last match. Without it the"
              + " protocol is aware.")
  private Optional<Pattern> splitAt = Optional.empty();

  @Option(
      names = "--doc",
      paramLabel = "FILE",
      description = "A text to ask --questions about; plans are compared with f16.")
  private Optional<Path> document = Optional.empty();

  @Option(
      names = "--questions",
      paramLabel = "FILE",
      description = "Questions about --doc, one in a line.")
  private Optional<Path> questions = Optional.empty();

  @Option(
      names = "--truncate",
      paramLabel = "middle",
      description =
          "What is too long for a ctx loses its middle; default: it is left out, and counted.")
  private Optional<Truncation> truncation = Optional.empty();

  /** What is lost of a text that is too long. */
  enum Truncation {
    MIDDLE
  }

  /** A regular expression, or the sentence about it that says what is wrong. */
  static final class Regex implements ITypeConverter<Pattern> {
    @Override
    public Pattern convert(String text) {
      try {
        return Pattern.compile(text);
      } catch (PatternSyntaxException e) {
        throw new TypeConversionException(
            "\"%s\" is no regular expression: %s".formatted(text, e.getDescription()));
      }
    }
  }

  /**
   * The tasks that they make; none when there are none.
   *
   * @throws InputException with file, line and field
   * @throws UsageException an option lacks the one it is about
   */
  List<DataTask> tasks() {
    require(format.isEmpty() || data.isPresent(), "--format", "--data");
    require(splitAt.isEmpty() || data.isPresent(), "--split-at", "--data");
    require(questions.isEmpty() || document.isPresent(), "--questions", "--doc");
    require(document.isEmpty() || questions.isPresent(), "--doc", "--questions");
    require(
        truncation.isEmpty() || data.isPresent() || document.isPresent(),
        "--truncate",
        "--data or --doc");
    Optional<DataFormat> known = format.map(DataFormat::parse);
    boolean truncate = truncation.isPresent();
    List<DataTask> tasks = new ArrayList<>();
    data.ifPresent(
        file -> tasks.addAll(DataTask.of(DataFile.read(file, known, splitAt), truncate)));
    document.ifPresent(
        file ->
            tasks.addAll(
                DataTask.of(List.of(DataFile.read(file, questions.orElseThrow())), truncate)));
    return tasks;
  }

  private static void require(boolean there, String option, String needed) {
    if (!there) {
      throw new UsageException("%s needs %s, which is missing".formatted(option, needed));
    }
  }

  /**
   * By which protocol tasks can be asked.
   *
   * @param wanted by the user
   * @throws InputException when they cannot be asked by the one that is wanted
   */
  static Protocol protocol(List<DataTask> tasks, Optional<Protocol> wanted) {
    for (DataTask task : tasks) {
      if (task.aware() && wanted.orElse(Protocol.AWARE) != Protocol.AWARE) {
        throw new InputException(
            "%s: its questions stand in the contexts, which protocol %s cannot ask; expected aware,"
                    .formatted(task.name(), wanted.get())
                + " or --split-at REGEX");
      }
      if (task.continues() && wanted.equals(Optional.of(Protocol.TURNS))) {
        throw new InputException(
            "%s: nobody knows the right answers, which protocol turns needs for history; expected"
                    .formatted(task.name())
                + " blind or aware");
      }
    }
    boolean aware = tasks.stream().anyMatch(DataTask::aware);
    return aware ? Protocol.AWARE : wanted.orElse(Protocol.BLIND);
  }
}
