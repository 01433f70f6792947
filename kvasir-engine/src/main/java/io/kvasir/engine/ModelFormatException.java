package io.kvasir.engine;

/**
 * A model file is not what it claims to be, or not something Kvasir can run. The message is one
 * sentence that names the file, the key, tensor or value, and what was expected.
 */
public final class ModelFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelFormatException(String message) {
    super(message);
  }

  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
