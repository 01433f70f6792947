package io.kvasir.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.hub.FakeHub.Seen;
import io.kvasir.engine.hub.FakeHub.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from a local server that speaks the hub's protocol. */
class HubPullTest {
  private static final String FILE = "/ann/llm/resolve/main/m-q8.gguf";
  private static final String NAME = "ann/llm:m-q8.gguf";

  @TempDir Path home;
  private final FakeHub hub = new FakeHub();
  private final byte[] bytes = random(300_000);
  private ModelStore store;

  @BeforeEach
  void fillHub() {
    hub.files.put(FILE, bytes);
    store = new ModelStore(hub.settings(home));
  }

  @AfterEach
  void closeHub() {
    hub.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bringsAFileHereWithProgress(boolean redirects) {
    hub.redirects = redirects;
    List<Long> heard = new ArrayList<>();
    Path file = store.pull(NAME, hearing(heard));
    assertThat(file).hasBinaryContent(bytes);
    assertThat(file).isEqualTo(home.resolve("models/hub/ann/llm/m-q8.gguf"));
    assertThat(heard).isSorted().endsWith((long) bytes.length);
    assertThat(store.resolve(NAME)).isEqualTo(file);
    assertThat(store.resolve("ann/llm")).isEqualTo(file);
    assertThat(store.list()).containsExactly(new StoredModel(NAME, file, bytes.length, 1));
  }

  @Test
  void sendsTheTokenToTheHubAndToNoOtherHost() {
    store.pull(NAME, PullProgress.NONE);
    assertThat(hub.seen("hub", "HEAD").getFirst().header("Authorization"))
        .contains("Bearer hf_secret");
    assertThat(hub.seen("store", "GET")).hasSize(1);
    assertThat(hub.seen("store", "GET").getFirst().header("Authorization")).isEmpty();
  }

  @Test
  void asksNobodyForWhatIsHere() {
    store.pull(NAME, PullProgress.NONE);
    hub.seen.clear();
    store.pull(NAME, PullProgress.NONE);
    assertThat(hub.seen).isEmpty();
  }

  @Test
  void continuesAfterABrokenConnection() {
    hub.troubles.addAll(List.of(Trouble.TRUNCATE, Trouble.TRUNCATE, Trouble.TRUNCATE));
    assertThat(store.pull(NAME, PullProgress.NONE)).hasBinaryContent(bytes);
    List<Optional<String>> ranges =
        hub.seen("store", "GET").stream().map(seen -> seen.header("Range")).toList();
    assertThat(ranges).hasSize(4).first().isEqualTo(Optional.empty());
    long from = 0;
    for (Optional<String> range : ranges.subList(1, 4)) {
      long next = Long.parseLong(range.orElseThrow().replaceAll("bytes=(\\d+)-", "$1"));
      long sent = from + (bytes.length - from) / 2; // some of it may be lost with the connection
      assertThat(next).isGreaterThan(from).isLessThanOrEqualTo(sent);
      from = next;
    }
  }

  @Test
  void continuesWhereAnEarlierProcessEnded() throws IOException {
    Path part = part();
    Files.write(part, Arrays.copyOf(bytes, 1000));
    hub.redirects = false;
    assertThat(store.pull(NAME, PullProgress.NONE)).hasBinaryContent(bytes);
    Seen get = hub.seen("hub", "GET").getFirst();
    assertThat(get.header("Range")).contains("bytes=1000-");
    assertThat(get.header("If-Range")).contains("\"" + FakeHub.sha256(bytes) + "\"");
    assertThat(part).doesNotExist();
  }

  @Test
  void needsNoBytesWhenThePartIsWhole() throws IOException {
    Files.write(part(), bytes);
    assertThat(store.pull(NAME, PullProgress.NONE)).hasBinaryContent(bytes);
    assertThat(hub.seen("store", "GET")).isEmpty();
  }

  @Test
  void startsOverWhereTheRangeIsRefused() throws IOException {
    Files.write(part(), Arrays.copyOf(bytes, 1000));
    hub.troubles.add(Trouble.NO_SUCH_RANGE);
    assertThat(store.pull(NAME, PullProgress.NONE)).hasBinaryContent(bytes);
  }

  @Test
  void startsOverWhenThePartIsLongerThanTheFile() throws IOException {
    Files.write(part(), new byte[bytes.length + 1]);
    assertThat(store.pull(NAME, PullProgress.NONE)).hasBinaryContent(bytes);
  }

  @Test
  void keepsThePartWhenPatienceEnds() throws IOException {
    Files.write(part(), Arrays.copyOf(bytes, 1000));
    hub.troubles.addAll(List.of(Trouble.BUSY, Trouble.BUSY, Trouble.BUSY));
    assertThatThrownBy(() -> store.pull(NAME, PullProgress.NONE))
        .isInstanceOf(HubException.class)
        .hasMessage(
            "localhost answered 503 (busy or broken); try again later; 1000 bytes of m-q8.gguf are"
                + " kept, the same command continues from there");
    assertThat(part()).hasBinaryContent(Arrays.copyOf(bytes, 1000));
  }

  @Test
  void outlivesAServerThatFallsSilent() {
    hub.troubles.add(Trouble.STALL);
    assertThat(store.pull(NAME, PullProgress.NONE)).hasBinaryContent(bytes);
    assertThat(hub.seen("store", "GET")).hasSize(2);
  }

  @Test
  void triesAgainWhenTheHubIsBusy() {
    hub.refusals.addAll(List.of(503, 429));
    assertThat(store.pull(NAME, PullProgress.NONE)).hasBinaryContent(bytes);
  }

  @Test
  void keepsNothingOfAFileWithAnotherChecksum() {
    String promised = "0".repeat(64);
    hub.lie = Optional.of(promised);
    assertThatThrownBy(() -> store.pull(NAME, PullProgress.NONE))
        .hasMessage(
            NAME
                + " as downloaded has SHA-256 "
                + FakeHub.sha256(bytes)
                + ", expected "
                + promised
                + "; nothing was kept, a second try or another source may help");
    assertThat(filesIn(home)).containsExactly(".m-q8.gguf.lock");
  }

  @Test
  void takesTheChecksumFromTheListingOfAHubThatNamesNone() {
    hub.checksumHeaders = false;
    assertThat(store.pull(NAME, PullProgress.NONE)).hasBinaryContent(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "401,127.0.0.1 answered 401: the token was not accepted; check HF_TOKEN",
    "403,127.0.0.1 answered 403: access denied; accept the model's terms on its page and set"
        + " HF_TOKEN to a token that may read it",
    "404,127.0.0.1 answered 404: nothing of that name there; check repository and file",
    "410,127.0.0.1 answered 410 to /ann/llm/resolve/main/m-q8.gguf",
  })
  void saysWhatARefusalMeans(int status, String sentence) {
    hub.refusals.add(status);
    assertThatThrownBy(() -> store.pull(NAME, PullProgress.NONE))
        .isInstanceOf(HubException.class)
        .hasMessage(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/passwd", "ftp://x/y", "http://u:p@localhost/", "", "http:// /"})
  void followsNoRedirectToSomethingElseThanTheWeb(String location) {
    hub.location = Optional.of(location);
    assertThatThrownBy(() -> store.pull(NAME, PullProgress.NONE))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("redirects to \"" + location + "\"");
  }

  @Test
  void followsNoRedirectForever() {
    hub.location = Optional.of(FILE);
    assertThatThrownBy(() -> store.pull(NAME, PullProgress.NONE))
        .isInstanceOf(HubException.class)
        .hasMessage("127.0.0.1 redirects more than 5 times; expected a file");
  }

  @Test
  void findsTheOnlyModelOfARepository() {
    hub.files.put("/ann/llm/resolve/main/README.md", new byte[3]);
    assertThat(store.pull("ann/llm", PullProgress.NONE)).hasBinaryContent(bytes);
  }

  @Test
  void listsTheModelsOfARepositoryThatHasSeveral() {
    hub.files.put("/ann/llm/resolve/main/m-q4.gguf", bytes);
    assertThatThrownBy(() -> store.pull("ann/llm", PullProgress.NONE))
        .hasMessage(
            "ann/llm holds several models; name one, for example ann/llm:m-q4.gguf, of: m-q4.gguf,"
                + " m-q8.gguf");
  }

  @Test
  void bringsAllFilesOfASplitModel() {
    for (int i = 1; i <= 3; i++) {
      hub.files.put("/ann/big/resolve/main/q8/m-0000" + i + "-of-00003.gguf", random(1000 * i));
    }
    List<Long> heard = new ArrayList<>();
    Path first = store.pull("ann/big", hearing(heard));
    assertThat(first).hasFileName("m-00001-of-00003.gguf").hasSize(1000);
    assertThat(heard).isSorted().endsWith(6000L);
    assertThat(store.list())
        .containsExactly(new StoredModel("ann/big:q8/m-00001-of-00003.gguf", first, 6000, 3));
    assertThat(store.resolve("ann/big:q8/m-00002-of-00003.gguf")).isEqualTo(first);
  }

  @Test
  void aSplitModelIsAbsentUntilItsLastFileIsHere() {
    hub.files.put("/ann/big/resolve/main/m-00001-of-00002.gguf", bytes);
    hub.files.put("/ann/big/resolve/main/m-00002-of-00002.gguf", bytes);
    hub.troubles.addAll(List.of(Trouble.BUSY, Trouble.BUSY, Trouble.BUSY));
    assertThatThrownBy(() -> store.pull("ann/big", PullProgress.NONE))
        .isInstanceOf(HubException.class);
    assertThat(store.list()).isEmpty();
    assertThatThrownBy(() -> store.resolve("ann/big:m-00001-of-00002.gguf"))
        .isInstanceOf(HubException.class);
  }

  @Test
  void usesTheCacheOfHuggingFacesOwnTools() throws IOException {
    Path cache = home.resolve("hf/hub/models--ann--llm");
    Path blob = Files.createDirectories(cache.resolve("blobs")).resolve(FakeHub.sha256(bytes));
    Files.write(blob, bytes);
    Path snapshot = Files.createDirectories(cache.resolve("snapshots/abc"));
    Files.createSymbolicLink(snapshot.resolve("m-q8.gguf"), blob);
    Path file = store.pull(NAME, PullProgress.NONE);
    assertThat(file).isRegularFile().hasBinaryContent(bytes);
    assertThat(Files.isSymbolicLink(file)).isFalse();
    assertThat(hub.seen("store", "GET")).isEmpty();
  }

  @Test
  void passesOverACachedFileWithOtherBytes() throws IOException {
    Path snapshot = home.resolve("hf/hub/models--ann--llm/snapshots/abc");
    Files.write(Files.createDirectories(snapshot).resolve("m-q8.gguf"), new byte[bytes.length]);
    assertThat(store.pull(NAME, PullProgress.NONE)).hasBinaryContent(bytes);
  }

  @Test
  void pullsAtOnceDownloadOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Path> pull = () -> store.pull(NAME, PullProgress.NONE);
      for (var done : threads.invokeAll(List.of(pull, pull, pull, pull))) {
        assertThat(done.get()).hasBinaryContent(bytes);
      }
    }
    assertThat(hub.seen("store", "GET")).hasSize(1);
  }

  @Test
  void anInterruptedPullContinuesLater() throws Exception {
    hub.troubles.add(Trouble.STALL);
    Thread pulling =
        Thread.ofPlatform()
            .start(
                () ->
                    assertThatThrownBy(() -> store.pull(NAME, PullProgress.NONE))
                        .hasMessageContaining("interrupted"));
    while (DiskFiles.length(part()) < bytes.length / 2) {
      Thread.sleep(5);
    }
    pulling.interrupt();
    pulling.join();
    store.pull(NAME, PullProgress.NONE);
    assertThat(hub.seen("store", "GET").getLast().header("Range")).contains("bytes=150000-");
  }

  private Path part() throws IOException {
    Path folder = Files.createDirectories(home.resolve("models/hub/ann/llm"));
    return folder.resolve(".m-q8.gguf." + FakeHub.sha256(bytes).substring(0, 16) + ".part");
  }

  private static List<String> filesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static PullProgress hearing(List<Long> heard) {
    return new PullProgress() {
      @Override
      public void says(String sentence) {}

      @Override
      public void bytes(long done, long total) {
        heard.add(done);
      }
    };
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
