package io.kvasir.engine.calibrate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvasir.engine.calibrate.Learned.Identity;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A calibration as a file, version 1, big-endian:
 *
 * <pre>
 *   bytes   field
 *   8       "KVCALIB1"
 *   text    fingerprint of the model         text: i32 bytes, then UTF-8
 *   text    method, as plan text
 *   text    SHA-256 of the tokens read
 *   i32     tokens read
 *   i32     layers; of each:
 *             i32 arrays; of each, by name:
 *               text name, i32 numbers, f32 each
 *   i32     numbers, f32 each: hidden states that enter the next layer; none once all are done
 *   32      SHA-256 of all before
 * </pre>
 */
final class CalibrationFile {
  private static final byte[] MAGIC = "KVCALIB1".getBytes(UTF_8);
  private static final int DIGEST = 32;

  private CalibrationFile() {}

  /** Writes a file that is either as before or whole, and on the disk when this returns. */
  static void write(Path file, Learned learned) throws IOException {
    Path folder =
        Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
    Files.createDirectories(folder);
    Path fresh = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      try (OutputStream out = Files.newOutputStream(fresh, StandardOpenOption.CREATE_NEW)) {
        write(out, learned);
      }
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void write(OutputStream raw, Learned learned) throws IOException {
    MessageDigest digest = sha256();
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(new DigestOutputStream(raw, digest)));
    out.write(MAGIC);
    text(out, learned.identity().model());
    text(out, learned.identity().method());
    text(out, learned.identity().prompts());
    out.writeInt(learned.identity().tokens());
    out.writeInt(learned.layers().size());
    for (Map<String, float[]> layer : learned.layers()) {
      out.writeInt(layer.size());
      for (Map.Entry<String, float[]> array : new TreeMap<>(layer).entrySet()) {
        text(out, array.getKey());
        floats(out, array.getValue());
      }
    }
    floats(out, learned.states());
    out.flush();
    raw.write(digest.digest());
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static void floats(DataOutputStream out, float[] numbers) throws IOException {
    out.writeInt(numbers.length);
    for (float number : numbers) {
      out.writeFloat(number);
    }
  }

  /**
   * Reads a file.
   *
   * @throws java.nio.file.NoSuchFileException there is none
   * @throws IOException it cannot be read, or is not what was written; says which
   */
  static Learned read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length - DIGEST;
    if (end < MAGIC.length || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
      throw new IOException("it is no calibration file of this version");
    }
    MessageDigest digest = sha256();
    digest.update(bytes, 0, end);
    if (!Arrays.equals(digest.digest(), Arrays.copyOfRange(bytes, end, bytes.length))) {
      throw new IOException("its checksum does not match its content");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, MAGIC.length, end - MAGIC.length);
    try {
      return read(in);
    } catch (BufferUnderflowException e) {
      throw new IOException("it ends in the middle of a field", e);
    }
  }

  private static Learned read(ByteBuffer in) throws IOException {
    Identity identity = new Identity(text(in), text(in), text(in), in.getInt());
    List<Map<String, float[]>> layers = new ArrayList<>();
    for (int l = in.getInt(); l > 0; l--) {
      Map<String, float[]> arrays = new TreeMap<>();
      for (int a = in.getInt(); a > 0; a--) {
        arrays.put(text(in), floats(in));
      }
      layers.add(arrays);
    }
    return new Learned(identity, layers, floats(in));
  }

  private static String text(ByteBuffer in) throws IOException {
    byte[] utf8 = new byte[count(in, 1)];
    in.get(utf8);
    return new String(utf8, UTF_8);
  }

  private static float[] floats(ByteBuffer in) throws IOException {
    float[] numbers = new float[count(in, Float.BYTES)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.getFloat();
    }
    return numbers;
  }

  /** A number of things, no more than the bytes that are left can hold. */
  private static int count(ByteBuffer in, int bytesEach) throws IOException {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / bytesEach) {
      throw new IOException(
          "it announces %d numbers where %d bytes are left".formatted(count, in.remaining()));
    }
    return count;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
