package io.kvasir.engine.hub;

import io.kvasir.engine.hub.HubApi.RemoteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** One pull from the hub: which files, from the cache of Hugging Face's tools or by download. */
final class HubPull {
  private static final int LOOK_UP_ATTEMPTS = 3;

  private final HubSettings settings;
  private final HubHttp http;
  private final HubApi api;
  private final HuggingFaceCache cache;
  private final PullProgress progress;

  HubPull(HubSettings settings, HubHttp http, PullProgress progress) {
    this.settings = settings;
    this.http = http;
    this.progress = progress;
    api = new HubApi(http, settings);
    cache = new HuggingFaceCache(settings.hubCache());
  }

  /** A file whose checksum is known. The caller holds the lock. */
  void known(KnownModel model, Path target, int attempts) {
    Optional<Path> cached = cache.find(model.hub(), model.sha256());
    if (cached.isPresent()) {
      progress.says("taking " + model.name() + " from " + cached.get());
      HuggingFaceCache.adopt(cached.get(), target, model.sha256());
      return;
    }
    RemoteFile remote = api.lookUp(model.hub(), attempts);
    if (!remote.sha256().equals(model.sha256())) {
      throw new HubException(
          model.hub() + " now has SHA-256 " + remote.sha256() + ", expected " + model.sha256());
    }
    progress.says("downloading " + model.hub() + " from " + settings.endpoint());
    OptionalLong size = OptionalLong.of(model.bytes());
    RemoteFile checked =
        new RemoteFile(remote.ref(), remote.uri(), remote.sha256(), size, remote.entityTag());
    new Download(http, settings, checked, target, done -> progress.bytes(done, model.bytes()))
        .run();
  }

  /**
   * Whatever the reference names.
   *
   * @param folder of the repository in the store
   * @return the (first) file
   */
  Path run(HubRef ref, Path folder) {
    String named = ref.file().orElseGet(() -> only(ref));
    List<String> files = SplitFile.all(named);
    Path first = folder.resolve(files.getFirst());
    if (Files.isRegularFile(first)) {
      return first;
    }
    DiskFiles.makeFolders(DiskFiles.folderOf(first));
    try (PullLock lock = PullLock.acquire(DiskFiles.beside(first, "lock"), progress)) {
      if (!Files.isRegularFile(first)) {
        fetch(ref, files, folder);
      }
      return first;
    }
  }

  /** The repository's one model. */
  private String only(HubRef ref) {
    List<String> models = api.models(ref);
    return switch (models.size()) {
      case 0 -> throw new HubException(ref + " holds no .gguf file; look for a GGUF version of it");
      case 1 -> ref.withFile(models.getFirst()).file().orElseThrow();
      default ->
          throw new HubException(
              ref
                  + " holds several models; name one, for example "
                  + ref
                  + ":"
                  + models.getFirst()
                  + ", of: "
                  + String.join(", ", models));
    };
  }

  private void fetch(HubRef ref, List<String> files, Path folder) {
    List<RemoteFile> remotes = new ArrayList<>();
    files.forEach(file -> remotes.add(api.lookUp(ref.withFile(file), LOOK_UP_ATTEMPTS)));
    boolean sized = remotes.stream().allMatch(r -> r.bytes().isPresent());
    long total = sized ? remotes.stream().mapToLong(r -> r.bytes().getAsLong()).sum() : -1;
    long before = 0;
    for (RemoteFile remote : remotes.reversed()) { // the first file last: it stands for the whole
      Path target = folder.resolve(remote.ref().file().orElseThrow());
      long base = before;
      if (!Files.isRegularFile(target)) {
        fetch(remote, target, done -> progress.bytes(base + done, total));
      }
      before += DiskFiles.length(target);
    }
  }

  private void fetch(RemoteFile remote, Path target, LongConsumer bytes) {
    Optional<Path> cached = cache.find(remote.ref(), remote.sha256());
    if (cached.isPresent()) {
      progress.says("taking " + remote.ref() + " from " + cached.get());
      HuggingFaceCache.adopt(cached.get(), target, remote.sha256());
      return;
    }
    progress.says("downloading " + remote.ref() + " from " + settings.endpoint());
    new Download(http, settings, remote, target, bytes).run();
  }
}
