package io.kvasir.engine.hub;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.kvasir.engine.hub.HubApi.RemoteFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches one file of the hub: into a hidden part file named after the checksum, so that a later
 * attempt, in this process or another, continues where this one ended and never mixes two versions;
 * then, checked, under its own name. The caller holds the target's {@link PullLock}.
 */
final class Download {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d+|\\*)");
  private static final int BUFFER = 1 << 17;

  private final HubHttp http;
  private final HubSettings settings;
  private final RemoteFile file;
  private final Path target;
  private final Path part;
  private final LongConsumer progress;

  /**
   * @param progress hears the bytes of this file that are here
   */
  Download(
      HubHttp http, HubSettings settings, RemoteFile file, Path target, LongConsumer progress) {
    this.http = http;
    this.settings = settings;
    this.file = file;
    this.target = target;
    this.progress = progress;
    part = DiskFiles.beside(target, file.sha256().substring(0, 16) + ".part");
  }

  void run() {
    if (file.bytes().isPresent()) {
      DiskFiles.needSpace(
          DiskFiles.folderOf(part), file.bytes().getAsLong() - DiskFiles.length(part));
    }
    Attempts attempts = new Attempts(settings.waits());
    boolean whole = false;
    while (!whole) {
      long before = DiskFiles.length(part);
      try {
        whole = isWhole(before) || transfer(before);
      } catch (TransientException e) {
        if (DiskFiles.length(part) > before) {
          attempts.progressed();
        }
        if (attempts.exhausted()) {
          throw new HubException(
              e.sentence()
                  + "; "
                  + DiskFiles.length(part)
                  + " bytes of "
                  + target.getFileName()
                  + " are kept, the same command continues from there");
        }
        attempts.pauseAfter(e);
      }
    }
    DiskFiles.publish(part, target, file.sha256(), file.ref() + " as downloaded");
  }

  private boolean isWhole(long length) {
    if (file.bytes().isPresent() && length > file.bytes().getAsLong()) {
      DiskFiles.delete(part);
      throw new TransientException("the part file was longer than the file");
    }
    return file.bytes().isPresent() && length == file.bytes().getAsLong();
  }

  /** One request. True when the file's last byte came. */
  private boolean transfer(long have) {
    HttpResponse<InputStream> answer = http.get(file.uri(), rangeFrom(have));
    long from =
        switch (answer.statusCode()) {
          case 200 -> 0; // no ranges here, or another version: from the start
          case 206 -> rangeStart(answer, have);
          case 416 -> {
            HubHttp.discard(answer);
            DiskFiles.delete(part);
            throw new TransientException(
                "the server has nothing from byte " + have + " of " + target.getFileName() + " on");
          }
          default -> {
            HubHttp.discard(answer);
            throw new HubException(
                answer.uri().getHost() + " answered " + answer.statusCode() + ", expected a file");
          }
        };
    try (InputStream in = answer.body();
        StallGuard guard = new StallGuard(in, settings.waits().stall())) {
      return copy(in, from, guard);
    } catch (IOException e) {
      throw HubException.local("cannot close a download: " + DiskFiles.reason(e));
    }
  }

  private Map<String, String> rangeFrom(long have) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (have > 0) {
      headers.put("Range", "bytes=" + have + "-");
      // Only where the hub itself serves the bytes: a store elsewhere has tags of its own, would
      // always take ours for an old version, and never resume. The checksum decides in the end.
      file.entityTag().ifPresent(tag -> headers.put("If-Range", tag));
    }
    return headers;
  }

  private long rangeStart(HttpResponse<InputStream> answer, long have) {
    String range = answer.headers().firstValue("Content-Range").orElse("");
    Matcher m = CONTENT_RANGE.matcher(range);
    if (m.matches() && Long.parseLong(m.group(1)) == have) {
      return have;
    }
    HubHttp.discard(answer);
    DiskFiles.delete(part);
    throw new TransientException(
        answer.uri().getHost() + " sent the range \"" + range + "\", expected one from " + have);
  }

  private boolean copy(InputStream in, long from, StallGuard guard) {
    long at = from;
    try (FileChannel out = FileChannel.open(part, CREATE, WRITE)) {
      out.truncate(from);
      byte[] buffer = new byte[BUFFER];
      for (int n = read(in, buffer, at); n >= 0; n = read(in, buffer, at)) {
        guard.moved();
        if (file.bytes().isPresent() && at + n > file.bytes().getAsLong()) {
          DiskFiles.delete(part);
          throw new HubException(
              file.ref()
                  + " came with more than the "
                  + file.bytes().getAsLong()
                  + " bytes that the hub says it has; nothing was kept");
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          at += out.write(bytes, at);
        }
        progress.accept(at);
      }
    } catch (IOException e) {
      throw HubException.local(
          "cannot write "
              + part
              + " ("
              + DiskFiles.reason(e)
              + "); "
              + at
              + " bytes are kept, the same command continues from there");
    }
    if (file.bytes().isPresent() && at < file.bytes().getAsLong()) {
      throw new TransientException(file.uri().getHost() + " sent only a part of the file");
    }
    return true;
  }

  private int read(InputStream in, byte[] buffer, long at) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw HubException.interrupted("downloading " + target.getFileName());
      }
      throw new TransientException(
          "the download of "
              + target.getFileName()
              + " broke at byte "
              + at
              + " ("
              + DiskFiles.reason(e)
              + ")");
    }
  }
}
