package io.kvasir.engine.hub;

import io.kvasir.kernel.KvasirHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where models come from and where they go.
 *
 * @param endpoint the hub, with or without a path, without a closing slash
 * @param token sent to the endpoint's own host, and to no other
 * @param models the folder that holds pulled models
 * @param hubCache the folder where Hugging Face's own tools keep theirs, looked into but never
 *     written
 * @param python the command that runs Python
 * @param waits how patient to be
 */
public record HubSettings(
    URI endpoint,
    Optional<String> token,
    Path models,
    Path hubCache,
    List<String> python,
    Waits waits) {
  /**
   * @param connect until a connection stands
   * @param answer until the head of an answer is there
   * @param stall without a single byte of a body
   * @param pause before the second attempt; doubles with each further one
   * @param attempts in a row without a byte of progress
   */
  public record Waits(
      Duration connect, Duration answer, Duration stall, Duration pause, int attempts) {
    /** For people who wait. */
    public static final Waits DEFAULT =
        new Waits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            5);
  }

  private static final int LONGEST_TOKEN_FILE = 4096;

  public HubSettings {
    if (!List.of("http", "https").contains(String.valueOf(endpoint.getScheme()))
        || endpoint.getHost() == null
        || endpoint.getUserInfo() != null
        || endpoint.getQuery() != null) {
      throw new HubException(
          "HF_ENDPOINT=" + endpoint + " is no address of a hub; expected https://host[:port]");
    }
    if (token.isPresent() && !token.get().matches("[!-~]+")) {
      throw new HubException(
          "the Hugging Face token holds a space or a character outside ASCII; check HF_TOKEN");
    }
    python = List.copyOf(python);
  }

  /**
   * The settings of the environment variables KVASIR_HOME, HF_ENDPOINT, HF_TOKEN, HF_HOME and
   * HF_HUB_CACHE, read as Hugging Face's own tools read theirs: an empty value counts as unset.
   *
   * @throws HubException when one of them cannot be used
   */
  public static HubSettings of(Map<String, String> environment, Path userHome) {
    Path cache = userHome.resolve(".cache");
    Path huggingFace =
        KvasirHome.path(environment, "HF_HOME", userHome)
            .or(
                () ->
                    KvasirHome.path(environment, "XDG_CACHE_HOME", userHome)
                        .map(p -> p.resolve("huggingface")))
            .orElse(cache.resolve("huggingface"));
    String endpoint = value(environment, "HF_ENDPOINT").orElse("https://huggingface.co");
    return new HubSettings(
        uri(endpoint.replaceAll("/+$", "")),
        value(environment, "HF_TOKEN").or(() -> tokenIn(huggingFace.resolve("token"))),
        KvasirHome.of(environment, userHome).resolve("models"),
        KvasirHome.path(environment, "HF_HUB_CACHE", userHome).orElse(huggingFace.resolve("hub")),
        List.of("python3"),
        Waits.DEFAULT);
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(s -> !s.isEmpty());
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new HubException(
          "HF_ENDPOINT=" + text + " is no address of a hub; expected https://host[:port]");
    }
  }

  private static Optional<String> tokenIn(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LONGEST_TOKEN_FILE) {
        return Optional.empty();
      }
      return Optional.of(Files.readString(file).strip()).filter(s -> !s.isEmpty());
    } catch (IOException e) {
      throw new HubException(
          "cannot read the Hugging Face token in " + file + ": " + e.getMessage());
    }
  }

  /** Without the token, so that no log can hold it. */
  @Override
  public String toString() {
    return "HubSettings[endpoint="
        + endpoint
        + ", models="
        + models
        + ", hubCache="
        + hubCache
        + "]";
  }
}
