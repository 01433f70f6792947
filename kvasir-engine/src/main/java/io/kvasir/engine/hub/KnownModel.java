package io.kvasir.engine.hub;

import java.util.List;

/**
 * A model that Kvasir knows by a short name.
 *
 * @param facts size, quantisation and context, for people
 * @param bytes of the whole file
 * @param sha256 of the whole file, in lower-case hexadecimal; whatever the route, nothing else is
 *     accepted
 * @param hub the same file on the hub
 * @param wheels packages on the Python package index whose members, joined in this order, are the
 *     file
 */
public record KnownModel(
    String name, String facts, long bytes, String sha256, HubRef hub, List<Wheel> wheels) {
  /**
   * @param member the path inside the wheel
   */
  public record Wheel(String project, String version, String member) {}

  public KnownModel {
    wheels = List.copyOf(wheels);
  }
}
