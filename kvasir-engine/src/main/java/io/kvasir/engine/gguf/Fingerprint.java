package io.kvasir.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The identity that {@link GgufFile#fingerprint} describes. */
final class Fingerprint {
  private static final int SAMPLE = 64;

  /** A header may be longer than one buffer can be. */
  private static final int RUN = 1 << 24;

  private Fingerprint() {}

  static String of(List<Part> parts) {
    MessageDigest digest = sha256();
    for (Part part : parts) {
      part.file().read("its fingerprint", () -> add(digest, part));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest add(MessageDigest digest, Part part) {
    MemorySegment bytes = part.file().bytes();
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, bytes.byteSize()));
    for (long at = 0; at < part.dataAt(); at += RUN) {
      add(digest, bytes, at, Math.min(RUN, part.dataAt() - at));
    }
    for (TensorInfo tensor : part.tensors()) {
      long length = Math.min(SAMPLE, tensor.bytes());
      add(digest, bytes, tensor.offset(), length);
      add(digest, bytes, tensor.offset() + (tensor.bytes() - length) / 2, length);
    }
    return digest;
  }

  private static void add(MessageDigest digest, MemorySegment bytes, long at, long length) {
    digest.update(bytes.asSlice(at, length).asByteBuffer());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
