package io.kvasir.engine.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the hub says about repositories and files, of the newest revision. */
final class HubApi {
  private static final int LONGEST_ANSWER = 16 << 20;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

  private final HubHttp http;
  private final HubSettings settings;

  HubApi(HubHttp http, HubSettings settings) {
    this.http = http;
    this.settings = settings;
  }

  /**
   * A file on the hub.
   *
   * @param bytes its size; empty when the hub does not say
   * @param entityTag of the hub's own answer, absent when the bytes lie elsewhere
   */
  record RemoteFile(
      HubRef ref, URI uri, String sha256, OptionalLong bytes, Optional<String> entityTag) {}

  /**
   * The checksum and size of a file.
   *
   * @param attempts how often to ask when the hub does not answer
   */
  RemoteFile lookUp(HubRef ref, int attempts) {
    URI uri = uri("/" + ref.repository() + "/resolve/main/" + ref.file().orElseThrow());
    return Attempts.run(settings.waits(), attempts, () -> ask(ref, uri));
  }

  private RemoteFile ask(HubRef ref, URI uri) {
    HttpResponse<InputStream> answer = http.head(uri);
    HubHttp.discard(answer);
    HttpHeaders headers = answer.headers();
    boolean here = answer.statusCode() == 200;
    Optional<String> own = headers.firstValue("ETag").filter(tag -> here && tag.startsWith("\""));
    String sha256 =
        headers
            .firstValue("X-Linked-Etag")
            .or(() -> headers.firstValue("ETag").filter(tag -> here))
            .map(tag -> tag.replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT))
            .filter(tag -> SHA256.matcher(tag).matches())
            .orElseGet(() -> checksumInTree(ref));
    OptionalLong bytes =
        headers
            .firstValue("X-Linked-Size")
            .or(() -> headers.firstValue("Content-Length").filter(size -> here))
            .filter(size -> DIGITS.matcher(size).matches())
            .map(size -> OptionalLong.of(Long.parseLong(size)))
            .orElse(OptionalLong.empty());
    return new RemoteFile(ref, uri, sha256, bytes, own);
  }

  /** Mirrors may drop the hub's headers; the listing of the folder has the checksum too. */
  private String checksumInTree(HubRef ref) {
    String file = ref.file().orElseThrow();
    String folder = file.contains("/") ? "/" + file.substring(0, file.lastIndexOf('/')) : "";
    JsonNode tree = json(uri("/api/models/" + ref.repository() + "/tree/main" + folder));
    return StreamSupport.stream(tree.spliterator(), false)
        .filter(entry -> entry.path("path").asString("").equals(file))
        .map(entry -> entry.path("lfs").path("oid").asString(""))
        .filter(oid -> SHA256.matcher(oid).matches())
        .findFirst()
        .orElseThrow(
            () ->
                new HubException(
                    settings.endpoint().getHost()
                        + " gives no SHA-256 for "
                        + ref
                        + ", and unchecked files are not kept; download it by other means and give"
                        + " its path"));
  }

  /** The GGUF files of a repository; of a split model the first one only. */
  List<String> models(HubRef ref) {
    JsonNode answer =
        Attempts.run(
            settings.waits(),
            settings.waits().attempts(),
            () -> json(uri("/api/models/" + ref.repository())));
    return StreamSupport.stream(answer.path("siblings").spliterator(), false)
        .map(sibling -> sibling.path("rfilename").asString(""))
        .filter(name -> name.endsWith(".gguf"))
        .filter(SplitFile::standsForAModel)
        .sorted()
        .toList();
  }

  private JsonNode json(URI uri) {
    HttpResponse<InputStream> answer = http.get(uri, Map.of());
    try (InputStream in = answer.body()) {
      byte[] bytes = in.readNBytes(LONGEST_ANSWER);
      return JsonMapper.shared().readTree(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new TransientException(
          "the connection to " + uri.getHost() + " broke: " + DiskFiles.reason(e));
    } catch (JacksonException e) {
      throw new HubException(
          uri.getHost()
              + " answered something other than JSON to "
              + uri.getPath()
              + "; is HF_ENDPOINT="
              + settings.endpoint()
              + " a hub?");
    }
  }

  /** Percent-encodes what a checked name may hold besides letters and digits. */
  private URI uri(String path) {
    StringBuilder encoded = new StringBuilder(settings.endpoint().toString());
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "/-._~".indexOf(c) >= 0);
      encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return URI.create(encoded.toString());
  }
}
