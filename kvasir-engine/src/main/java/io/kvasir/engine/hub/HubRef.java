package io.kvasir.engine.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a repository on the hub, and perhaps of a file in it: {@code owner/repo[:file]}. The
 * parts become folders here and parts of addresses there, so only names are accepted that can be no
 * more than that: no {@code ..}, nothing absolute, hidden, or with characters of an address.
 *
 * @param file a GGUF file's path inside the repository
 */
public record HubRef(String owner, String repo, Optional<String> file) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}");
  private static final Pattern FILE =
      Pattern.compile(
          "([A-Za-z0-9_][A-Za-z0-9 ._+()=,@-]{0,180}/){0,4}[A-Za-z0-9_][A-Za-z0-9 ._+()=,@-]{0,180}");

  public HubRef {
    check(NAME, owner, "the owner");
    check(NAME, repo, "the repository");
    file.ifPresent(
        f -> {
          check(FILE, f, "the file");
          if (!f.endsWith(".gguf")) {
            throw HubException.wrongName(
                "\"" + f + "\" is no .gguf file, and only those can be pulled");
          }
        });
  }

  /**
   * Reads {@code owner/repo[:file]}.
   *
   * @throws HubException when the text is not of that form
   */
  public static HubRef parse(String text) {
    int colon = text.indexOf(':');
    String repository = colon < 0 ? text : text.substring(0, colon);
    int slash = repository.indexOf('/');
    if (slash < 0) {
      throw HubException.wrongName(
          "\"" + text + "\" names no repository; expected owner/repo[:file.gguf]");
    }
    return new HubRef(
        repository.substring(0, slash),
        repository.substring(slash + 1),
        colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1)));
  }

  HubRef withFile(String path) {
    return new HubRef(owner, repo, Optional.of(path));
  }

  /** {@code owner/repo}. */
  String repository() {
    return owner + "/" + repo;
  }

  @Override
  public String toString() {
    return repository() + file.map(f -> ":" + f).orElse("");
  }

  private static void check(Pattern form, String part, String what) {
    if (!form.matcher(part).matches() || part.contains("..")) {
      throw HubException.wrongName(
          "\"" + part + "\" cannot be the name of " + what + "; expected owner/repo[:file.gguf]");
    }
  }
}
