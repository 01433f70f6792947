package io.kvasir.cli;

import io.kvasir.kernel.PackedMatrix;
import io.kvasir.kernel.TensorType;
import io.kvasir.kernel.Workers;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.util.jar.JarFile;

/**
 * What the launcher runs once after a build, for the JDK to write its AOT cache: loads the classes
 * that a command is likely to need, so that they come out of the cache in every later start.
 */
public final class Training {
  private Training() {}

  public static void main(String[] arguments) throws IOException {
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true));
    for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (new File(jar).getName().startsWith("kvasir-")) {
        loadAll(jar);
      }
    }
    Main.run("kv", "list");
    multiply();
  }

  private static void loadAll(String jar) throws IOException {
    try (JarFile file = new JarFile(jar)) {
      file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
          .forEach(Training::load);
    }
  }

  private static void load(String name) {
    try {
      Class.forName(name, false, Training.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      // It needs a library that is optional; then it is not in the cache either.
    }
  }

  /** The JDK's classes of vectors and of foreign memory come by using them. */
  private static void multiply() {
    try (Arena arena = Arena.ofConfined();
        Workers alone = new Workers(1)) {
      for (TensorType type : TensorType.values()) {
        int cols = Math.max(64, type.blockElements());
        long bytes = 64L * (cols / type.blockElements()) * type.blockBytes();
        PackedMatrix matrix =
            PackedMatrix.pack(type, arena.allocate(bytes), 64, cols, arena, alone);
        matrix.multiply(new float[2 * cols], 2, new float[2 * 64], alone);
      }
    }
  }
}
