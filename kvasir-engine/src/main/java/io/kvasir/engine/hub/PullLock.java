package io.kvasir.engine.hub;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One pull of a file at a time, among all processes and threads. The system frees the lock of a
 * process that dies. The lock file stays: deleting it would let two processes hold two locks.
 */
final class PullLock implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  private final FileChannel channel;

  private PullLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for the lock; says so once when another holds it. */
  static PullLock acquire(Path file, PullProgress progress) {
    PullLock lock = open(file);
    try {
      lock.await(progress);
      return lock;
    } catch (IOException e) {
      lock.close();
      throw HubException.local("cannot lock " + file + ": " + DiskFiles.reason(e));
    } catch (InterruptedException e) {
      lock.close();
      throw HubException.interrupted("waiting for another pull");
    }
  }

  private static PullLock open(Path file) {
    try {
      return new PullLock(FileChannel.open(file, CREATE, WRITE));
    } catch (IOException e) {
      throw HubException.local("cannot write " + file + ": " + DiskFiles.reason(e));
    }
  }

  private void await(PullProgress progress) throws IOException, InterruptedException {
    if (attempt().isPresent()) {
      return;
    }
    progress.says("another pull of the same model is running; waiting for it");
    while (attempt().isEmpty()) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private Optional<FileLock> attempt() throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // another thread of this process
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw HubException.local("cannot release a lock: " + DiskFiles.reason(e));
    }
  }
}
