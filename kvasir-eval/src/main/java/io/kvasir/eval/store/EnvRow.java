package io.kvasir.eval.store;

/**
 * The machine of a run.
 *
 * @param cpu its name
 * @param cores that this process may use
 * @param ram bytes that are installed, or that the container has
 * @param jvm name and version
 * @param flags of the JVM
 * @param simd the widest vectors in use, and the processor's instructions for them: {@code 512 bit:
 *     avx2 avx512f}
 * @param onednn its version; without it {@code none}, and why
 * @param threads that compute
 * @param memGbs memory read per second, measured, 10^9 bytes
 * @param gflops of the f32 kernel, measured
 * @param load average of the last minute at the start; below 0 where the system does not tell
 */
public record EnvRow(
    @Key String runId,
    String os,
    String cpu,
    int cores,
    long ram,
    String jvm,
    String flags,
    String simd,
    String onednn,
    int threads,
    double memGbs,
    double gflops,
    double load)
    implements Row {}
