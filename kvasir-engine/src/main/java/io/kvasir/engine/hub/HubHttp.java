package io.kvasir.engine.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Requests to the hub and to where it redirects. Redirects are followed here and not by the client,
 * because the token must not go along to another host (scheme, name and port all count).
 */
final class HubHttp implements AutoCloseable {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 5;
  private static final int LONGEST_RETRY_AFTER = 60;

  private final HubSettings settings;
  private final HttpClient client;

  HubHttp(HubSettings settings) {
    this.settings = settings;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // one long body: nothing to multiplex
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.waits().connect())
            .build();
  }

  @Override
  public void close() {
    client.shutdownNow(); // close() would wait for a body that nobody reads any more
  }

  /**
   * The facts about a file. A redirect within the hub (a renamed repository) is followed; the one
   * to where the bytes lie is not, because only the hub's own answer carries the checksum.
   */
  HttpResponse<InputStream> head(URI uri) {
    URI at = uri;
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      HttpResponse<InputStream> answer = send("HEAD", at, Map.of());
      if (!isRedirect(answer) || answer.headers().firstValue("X-Linked-Etag").isPresent()) {
        return checked(answer);
      }
      URI next = location(answer, at);
      if (!sameOrigin(next, settings.endpoint())) {
        return answer;
      }
      at = next;
    }
    throw tooMany(uri);
  }

  /** A body, from wherever it lies. The caller closes it. */
  HttpResponse<InputStream> get(URI uri, Map<String, String> headers) {
    URI at = uri;
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      HttpResponse<InputStream> answer = send("GET", at, headers);
      if (!isRedirect(answer)) {
        return checked(answer);
      }
      URI next = location(answer, at);
      discard(answer);
      at = next;
    }
    throw tooMany(uri);
  }

  private HttpResponse<InputStream> send(String method, URI uri, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(settings.waits().answer())
            .header("User-Agent", "kvasir")
            .header("Accept-Encoding", "identity"); // sizes and ranges are those of the file
    headers.forEach(request::header);
    if (sameOrigin(uri, settings.endpoint())) {
      settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (HttpTimeoutException e) {
      throw new TransientException(uri.getHost() + " did not answer in time; is it blocked here?");
    } catch (ConnectException e) {
      throw new TransientException(
          "cannot reach " + uri.getHost() + "; check the network, or set HF_ENDPOINT to a mirror");
    } catch (IOException e) {
      throw new TransientException(
          "the connection to " + uri.getHost() + " failed: " + DiskFiles.reason(e));
    } catch (InterruptedException e) {
      throw HubException.interrupted("asking " + uri.getHost());
    }
  }

  private URI location(HttpResponse<InputStream> answer, URI from) {
    String text = answer.headers().firstValue("Location").orElse("");
    URI next;
    try {
      next = from.resolve(text);
    } catch (IllegalArgumentException e) {
      throw new HubException(
          from.getHost() + " redirects to \"" + text + "\", which is no address");
    }
    boolean web = List.of("http", "https").contains(String.valueOf(next.getScheme()));
    boolean downgrade = "https".equals(from.getScheme()) && "http".equals(next.getScheme());
    if (text.isEmpty()
        || !web
        || downgrade
        || next.getHost() == null
        || next.getUserInfo() != null) {
      throw new HubException(
          from.getHost() + " redirects to \"" + shortened(text) + "\", which is not followed");
    }
    return next;
  }

  /** Passes success on; anything else becomes the sentence it means. */
  private HttpResponse<InputStream> checked(HttpResponse<InputStream> answer) {
    int status = answer.statusCode();
    if (status < 300 || isRedirect(answer) || status == 416) {
      return answer;
    }
    discard(answer);
    String host = answer.uri().getHost();
    if (status == 408 || status == 429 || status >= 500) {
      throw new TransientException(
          host + " answered " + status + " (busy or broken); try again later", retryAfter(answer));
    }
    throw new HubException(
        switch (status) {
          case 401 ->
              settings.token().isPresent()
                  ? host + " answered 401: the token was not accepted; check HF_TOKEN"
                  : host
                      + " answered 401: no such repository, or one that needs a token; check the"
                      + " name, or set HF_TOKEN";
          case 403 ->
              host
                  + " answered 403: access denied; accept the model's terms on its page and set"
                  + " HF_TOKEN to a token that may read it";
          case 404 -> host + " answered 404: nothing of that name there; check repository and file";
          default -> host + " answered " + status + " to " + shortened(answer.uri().getPath());
        });
  }

  private static Duration retryAfter(HttpResponse<InputStream> answer) {
    String seconds = answer.headers().firstValue("Retry-After").orElse("");
    return seconds.matches("\\d{1,4}")
        ? Duration.ofSeconds(Math.min(LONGEST_RETRY_AFTER, Integer.parseInt(seconds)))
        : Duration.ZERO;
  }

  private static HubException tooMany(URI uri) {
    return new HubException(
        uri.getHost() + " redirects more than " + MOST_REDIRECTS + " times; expected a file");
  }

  private static boolean isRedirect(HttpResponse<InputStream> answer) {
    return REDIRECTS.contains(answer.statusCode());
  }

  static void discard(HttpResponse<InputStream> answer) {
    try {
      answer.body().close();
    } catch (IOException e) {
      throw new TransientException("cannot end an answer: " + DiskFiles.reason(e));
    }
  }

  static boolean sameOrigin(URI a, URI b) {
    return String.valueOf(a.getScheme()).equalsIgnoreCase(b.getScheme())
        && String.valueOf(a.getHost()).equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }
}
