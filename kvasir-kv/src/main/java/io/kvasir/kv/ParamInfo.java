package io.kvasir.kv;

/**
 * One parameter of a method.
 *
 * @param name as in plan text
 * @param expects the values it takes, such as {@code whole number, at least 1}
 * @param standard its default, as plan text
 * @param doc what it means
 */
public record ParamInfo(String name, String expects, String standard, String doc) {}
