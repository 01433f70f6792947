package io.kvasir.kv;

import java.util.List;
import java.util.Set;

/**
 * What a method says about itself, read from its record; the texts are those of {@link KvMethod}.
 *
 * @param signals what it looks at with its default parameters; empty for roles that declare none
 * @param calibrated whether it must learn of a model before any prompt ({@code kvasir calibrate})
 * @param params in the order they are printed
 */
public record MethodInfo(
    String name,
    Role role,
    String summary,
    String about,
    String source,
    String cost,
    String formula,
    String differs,
    Set<Signals.Kind> signals,
    boolean calibrated,
    List<ParamInfo> params) {}
