package io.kvasir.cli;

import io.kvasir.engine.Model;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.engine.chat.ChatMessage;
import io.kvasir.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a model is to read: ids, a text to continue, or messages to answer. */
final class Prompts {
  private final Model model;
  private boolean warned;

  Prompts(Model model) {
    this.model = model;
  }

  /** A text, after the BOS token where the model wants one. Special tokens in it are text. */
  int[] text(String text) {
    Tokenizer tokenizer = model.tokenizer();
    return tokenizer.withBos(tokenizer.encode(text, false));
  }

  /**
   * Messages, and the beginning of an answer. Says on standard error, once, when the model has no
   * chat template and reads them as plain text.
   */
  int[] messages(List<ChatMessage> messages) {
    ChatFormat format = ChatFormat.of(model);
    if (!warned) {
      warned = true;
      warnWithoutTemplate(model);
    }
    return format.encode(messages, true);
  }

  /** Says on standard error when a model reads messages as plain text. */
  static void warnWithoutTemplate(Model model) {
    if (!ChatFormat.of(model).hasTemplate()) {
      Terminal.tell(model.name() + " has no chat template; it reads the messages as plain text");
    }
  }

  /** The prompt of a batch line: its "ids" or its "text". */
  int[] of(Request request) {
    if (request.has("ids") == request.has("text")) {
      throw new UsageException("expected either \"ids\" or \"text\"");
    }
    return request.has("ids")
        ? request.ids("ids", model.config().vocabularySize())
        : text(request.string("text"));
  }

  /** The prompt of a batch line that may have "messages" instead. */
  int[] withMessages(Request request) {
    if (!request.has("messages")) {
      return of(request);
    }
    if (request.has("ids") || request.has("text")) {
      throw new UsageException("expected one of \"ids\", \"text\" and \"messages\"");
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (Object message : request.list("messages")) {
      if (message instanceof Map<?, ?> map
          && map.get("role") instanceof String role
          && map.get("content") instanceof String content
          && map.size() == 2) {
        messages.add(new ChatMessage(role, content));
      } else {
        throw new UsageException(
            "\"messages\"[%d] is no message; expected just {\"role\": text, \"content\": text}"
                .formatted(messages.size()));
      }
    }
    if (messages.isEmpty()) {
      throw new UsageException("\"messages\" is empty; expected at least one");
    }
    return messages(messages);
  }
}
