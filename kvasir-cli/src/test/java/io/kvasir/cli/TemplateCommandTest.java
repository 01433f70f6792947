package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateCommandTest {
  @TempDir Path temp;
  private Path template;

  @BeforeEach
  void writeTemplate() throws IOException {
    template = temp.resolve("chat.jinja");
    Files.writeString(
        template,
        "{% if not messages %}{{ raise_exception('Say\tsomething\\nfirst.') }}{% endif %}"
            + "{{ messages[0].content }} {{ strftime_now('%Y') }}\n");
  }

  @Test
  void rendersAFileWithTheContextOnStandardInput() {
    Cli.Ran ran =
        render(
            "{\"messages\": [{\"content\": \"gr\u00fc\u00df\"}]}", "--now", "1999-12-31T23:59:59");
    assertThat(ran).isEqualTo(new Cli.Ran(0, "gr\u00fc\u00df 1999\n", ""));
  }

  @Test
  void jsonIsTheSameText() throws IOException {
    Path context = temp.resolve("context.json");
    Files.writeString(context, "{\"messages\": [{\"content\": \"x\"}]}\n");
    Cli.Ran ran =
        render("", "--context", context.toString(), "--now", "1999-12-31T00:00", "--json");
    assertThat(ran.json()).isEqualTo(Map.of("text", "x 1999"));
  }

  @Test
  void whatTheTemplateRefusesIsSaidInItsOwnWords() {
    Cli.Ran ran = render("{\"messages\": []}");
    assertThat(ran).isEqualTo(new Cli.Ran(2, "", "kvasir: Say\tsomething\\nfirst.\n"));
    Cli.Ran batch =
        Cli.batch(
            List.of(
                "{\"template\": \"{{ raise_exception(a) }}\", \"context\": {\"a\": \"x\\u0007\\ny\"}}"),
            "template",
            "--jsonl");
    assertThat(batch.answer(0)).isEqualTo(Map.of("error", "x\u0007\ny"));
  }

  @Test
  void wrongInputIsOneSentence() {
    assertThat(render("{}", "--now", "noon").err())
        .isEqualTo("kvasir: now is \"noon\"; expected a local time like 2026-01-31T09:30:00\n");
    Path absent = temp.resolve("absent");
    Cli.Ran ran = Cli.run("template", "--template", absent.toString());
    assertThat(ran).isEqualTo(new Cli.Ran(2, "", "kvasir: no file at " + absent + "\n"));
  }

  @Test
  void theModelsOwnTemplateIsTheDefault() {
    byte[] context = "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}".getBytes(UTF_8);
    Path model = TinyModel.writer().write(temp.resolve("tiny.gguf"));
    assertThat(Cli.run(context, "template", "-m", model.toString()).out())
        .isEqualTo("<|im_start|>user\nx<|im_end|>\n\n");
    Path plain =
        TinyModel.writer().without("tokenizer.chat_template").write(temp.resolve("plain.gguf"));
    assertThat(Cli.run(context, "template", "-m", plain.toString()))
        .isEqualTo(
            new Cli.Ran(
                2, "", "kvasir: " + plain + " has no chat template; give --template FILE\n"));
  }

  private Cli.Ran render(String context, String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "template";
    arguments[1] = "--template";
    arguments[2] = template.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Cli.run(context.getBytes(UTF_8), arguments);
  }
}
