package io.kvasir.engine.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Speaks the hub's protocol on loopback: a hub that knows the files' checksums and redirects, and a
 * store on another port that serves the bytes, with ranges. Each answer can be made to go wrong.
 */
public final class FakeHub implements AutoCloseable {
  /** What a server saw of one request. */
  record Seen(String server, String method, String path, Headers headers) {
    Optional<String> header(String name) {
      return Optional.ofNullable(headers.getFirst(name));
    }
  }

  /** A thing to do instead of serving bytes. */
  enum Trouble {
    /** Ends the body half way. */
    TRUNCATE,
    /** Sends half and then nothing more. */
    STALL,
    /** Answers 503. */
    BUSY,
    /** Answers 416. */
    NO_SUCH_RANGE
  }

  final List<Seen> seen = new CopyOnWriteArrayList<>();

  /** What it has, by {@code /owner/repo/resolve/main/file}. */
  public final Map<String, byte[]> files = new ConcurrentHashMap<>();

  final Queue<Trouble> troubles = new ConcurrentLinkedQueue<>();
  final Queue<Integer> refusals = new ConcurrentLinkedQueue<>();
  volatile boolean redirects = true;
  volatile boolean checksumHeaders = true;
  volatile Optional<String> lie = Optional.empty();
  volatile Optional<String> location = Optional.empty();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer hub = server("hub", this::answerHub);
  private final HttpServer store = server("store", this::serve);

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private HttpServer server(String name, Answer answer) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext(
          "/",
          exchange -> {
            String path = exchange.getRequestURI().getPath();
            String method = exchange.getRequestMethod();
            seen.add(new Seen(name, method, path, exchange.getRequestHeaders()));
            try (exchange) {
              answer.to(exchange);
            }
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What HF_ENDPOINT would say. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  HubSettings settings(Path home) {
    return new HubSettings(
        endpoint(),
        Optional.of("hf_secret"),
        home.resolve("models"),
        home.resolve("hf/hub"),
        List.of("kvasir-test-has-no-python"),
        new HubSettings.Waits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(400),
            Duration.ofMillis(1),
            3));
  }

  List<Seen> seen(String server, String method) {
    return seen.stream().filter(s -> s.server.equals(server) && s.method.equals(method)).toList();
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void answerHub(HttpExchange exchange) throws IOException {
    Optional<Integer> refusal = Optional.ofNullable(refusals.poll());
    String path = exchange.getRequestURI().getPath();
    if (refusal.isPresent()) {
      exchange.sendResponseHeaders(refusal.get(), -1);
    } else if (path.startsWith("/api/models/")) {
      api(exchange, path.substring("/api/models/".length()));
    } else if (!files.containsKey(path)) {
      exchange.sendResponseHeaders(404, -1);
    } else {
      resolve(exchange, path);
    }
  }

  private void resolve(HttpExchange exchange, String path) throws IOException {
    byte[] bytes = file(path);
    Headers headers = exchange.getResponseHeaders();
    String sha256 = lie.orElse(sha256(bytes));
    if (redirects) {
      if (checksumHeaders) {
        headers.set("X-Linked-Etag", "\"" + sha256 + "\"");
        headers.set("X-Linked-Size", String.valueOf(bytes.length));
      }
      String there = "http://localhost:" + store.getAddress().getPort() + path;
      headers.set("Location", location.orElse(there));
      exchange.sendResponseHeaders(302, -1);
    } else {
      headers.set("ETag", "\"" + sha256 + "\"");
      if (exchange.getRequestMethod().equals("HEAD")) {
        headers.set("Content-Length", String.valueOf(bytes.length));
        exchange.sendResponseHeaders(200, -1);
      } else {
        serve(exchange);
      }
    }
  }

  private byte[] file(String path) {
    return Objects.requireNonNull(files.get(path), path);
  }

  private void api(HttpExchange exchange, String what) throws IOException {
    StringBuilder json = new StringBuilder();
    if (what.contains("/tree/")) {
      String repository = what.substring(0, what.indexOf("/tree/"));
      files.forEach(
          (path, bytes) ->
              json.append(json.isEmpty() ? "[" : ",")
                  .append(
                      "{\"path\":\"%s\",\"lfs\":{\"oid\":\"%s\"}}"
                          .formatted(
                              path.replace("/" + repository + "/resolve/main/", ""),
                              sha256(bytes))));
      json.append(json.isEmpty() ? "[]" : "]");
    } else {
      Queue<String> siblings = new ArrayDeque<>();
      String start = "/" + what + "/resolve/main/";
      files.keySet().stream()
          .filter(path -> path.startsWith(start))
          .map(path -> "{\"rfilename\":\"" + path.substring(start.length()) + "\"}")
          .forEach(siblings::add);
      if (siblings.isEmpty()) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      json.append("{\"siblings\":[").append(String.join(",", siblings)).append("]}");
    }
    byte[] body = json.toString().getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private void serve(HttpExchange exchange) throws IOException {
    Optional<Trouble> trouble = Optional.ofNullable(troubles.poll());
    if (trouble.equals(Optional.of(Trouble.BUSY))) {
      exchange.sendResponseHeaders(503, -1);
      return;
    }
    if (trouble.equals(Optional.of(Trouble.NO_SUCH_RANGE))) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    byte[] bytes = file(exchange.getRequestURI().getPath());
    int from = 0;
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range != null) {
      from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      String value = "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length;
      exchange.getResponseHeaders().set("Content-Range", value);
    }
    int length = bytes.length - from;
    exchange.sendResponseHeaders(range == null ? 200 : 206, length);
    int sent = trouble.isPresent() ? length / 2 : length;
    exchange.getResponseBody().write(bytes, from, sent);
    if (trouble.equals(Optional.of(Trouble.STALL))) {
      exchange.getResponseBody().flush();
      try {
        Thread.sleep(5000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
    threads.shutdownNow();
  }
}
