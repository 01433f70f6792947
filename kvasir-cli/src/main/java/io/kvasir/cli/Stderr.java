package io.kvasir.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Puts the real standard error back. The JDK announces the incubating Vector API on standard error
 * at every start and offers no switch against it; the launcher therefore starts Java with standard
 * error going through a filter, and with the real one as another descriptor, named in the system
 * property {@code kvasir.stderr}.
 */
final class Stderr {
  private static final int STDERR = 2;

  private Stderr() {}

  /**
   * To be called first thing in {@code main}. Whatever is written later, by {@code System.err}, by
   * the JVM or by native code, goes straight to where the user sent it, and a terminal is seen to
   * be one. Does nothing when the launcher did not redirect; when the system refuses, standard
   * error keeps going through the filter, which passes everything on.
   */
  static void restore() {
    int real = Integer.getInteger("kvasir.stderr", -1);
    if (real < 0) {
      return;
    }
    // dup2(2): the one call that also moves what is not Java's. Costs about 50 ms of start-up;
    // opening /dev/fd/3 instead would truncate a file, fail on a socket and miss native code.
    Linker linker = Linker.nativeLinker();
    linker
        .defaultLookup()
        .find("dup2")
        .map(at -> linker.downcallHandle(at, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT)))
        .ifPresent(dup2 -> call(dup2, real));
  }

  private static void call(MethodHandle dup2, int real) {
    try {
      int ignored = (int) dup2.invokeExact(real, STDERR);
    } catch (Throwable e) {
      throw new AssertionError("dup2 takes two ints and throws nothing", e);
    }
  }
}
