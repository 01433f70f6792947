package io.kvasir.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.kernel.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are none, or change under the reader. */
class HostileFilesTest {
  private static final int ELEMENTS = 1 << 20;

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("m.gguf");
  }

  @Test
  void aFolderIsRefused() {
    Refusals.refused(folder, " is a directory, expected a GGUF file");
  }

  @Test
  void aPipeIsRefusedWithoutWaitingForItsWriter() throws Exception {
    assumeTrue(
        new ProcessBuilder("mkfifo", path().toString()).start().waitFor() == 0, "no mkfifo here");
    Refusals.refused(path(), " is not a regular file, expected a GGUF file");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Files.createFile(path());
    Refusals.refused(path(), ": the file is empty, expected a GGUF file");
  }

  @Test
  void aHugeFileOfHolesIsRefused() throws IOException {
    sparse(new byte[0], 1L << 40);
    Refusals.refused(path(), ": not a GGUF file but zeros, perhaps an unfinished download");
    byte[] header = new LittleEndian().ascii("GGUF").u32(3).u64(1L << 34).u64(1L << 34).bytes();
    sparse(header, 1L << 40);
    Refusals.refused(path(), ": the number of tensors is 17179869184, expected at most 65536");
    byte[] array =
        new LittleEndian()
            .ascii("GGUF")
            .u32(3)
            .u64(0)
            .u64(1)
            .string("k")
            .u32(ValueType.ARRAY.ordinal())
            .u32(ValueType.STRING.ordinal())
            .u64(1L << 36)
            .bytes();
    sparse(array, 1L << 40);
    Refusals.refused(path(), ": the length of k is 68719476736, expected at most 4194304");
  }

  @Test
  void aHugeTailThatBelongsToNoTensorIsRefused() throws IOException {
    byte[] sound = new GgufWriter().tensor("t", TensorType.F32, new byte[32], 8).bytes();
    sparse(sound, 1L << 40);
    Refusals.refused(
        path(),
        ": the data of its tensors end at byte %d, the file has 1099511627776: expected no more than padding"
            .formatted(sound.length));
  }

  private void sparse(byte[] start, long size) throws IOException {
    Files.deleteIfExists(path());
    Files.write(path(), start);
    try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.allocate(1), size - 1);
    } catch (IOException e) {
      assumeTrue(false, "no sparse files here: " + e);
    }
  }

  @Test
  void whereverAFileIsCutItIsRefused() throws IOException {
    byte[] whole =
        new GgufWriter()
            .string("text", "abc")
            .strings("texts", List.of("a", "b"))
            .ints("ints", 1, 2)
            .tensor("a", TensorType.F32, new byte[32], 8)
            .tensor("b", TensorType.Q8_0, new byte[34], 32)
            .bytes();
    int end = whole.length - (64 - 34); // the rest is padding
    for (int length = 1; length < end; length++) {
      Files.write(path(), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> GgufFile.open(path()))
          .as("cut at %d", length)
          .isInstanceOf(ModelFormatException.class)
          .hasMessageStartingWith(path() + ": ");
    }
    Files.write(path(), Arrays.copyOf(whole, end));
    GgufFile.open(path()).close();
  }

  private GgufFile opened() {
    return GgufFile.open(
        new GgufWriter()
            .strings("texts", List.of("a", "b"))
            .tensor("t", TensorType.F32, new byte[4 * ELEMENTS], ELEMENTS)
            .write(path()));
  }

  private void cut(long size) throws IOException {
    try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static float sum(MemorySegment data) {
    float sum = 0;
    for (int i = 0; i < ELEMENTS; i++) {
      sum += data.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    return sum;
  }

  @Test
  void aFileThatIsCutWhileInUseIsASentence() throws IOException {
    try (GgufFile file = opened()) {
      TensorInfo tensor = file.tensors().getFirst();
      assertThat(file.read(tensor, HostileFilesTest::sum)).isZero();
      cut(4096);
      assertThatThrownBy(() -> file.read(tensor, HostileFilesTest::sum))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage(
              path()
                  + ": tensor t cannot be read: the file was cut while in use, or its disk fails");
      assertThatThrownBy(file::fingerprint).isInstanceOf(ModelFormatException.class);
      cut(0);
      assertThatThrownBy(() -> file.metadata().strings("texts"))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("texts cannot be read");
    }
  }

  /** The last page stays, as zeros: nothing fails, but what was read is not the file. */
  @Test
  void aFileThatLosesLessThanAPageIsASentence() throws IOException {
    try (GgufFile file = opened()) {
      cut(file.bytes() - 8);
      assertThatThrownBy(() -> file.read(file.tensors().getFirst(), HostileFilesTest::sum))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage(
              "%s: the file had %d bytes and has %d now: tensor t is lost"
                  .formatted(path(), file.bytes(), file.bytes() - 8));
    }
  }
}
