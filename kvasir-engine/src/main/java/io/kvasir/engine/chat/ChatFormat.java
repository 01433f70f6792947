package io.kvasir.engine.chat;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.template.ChatTemplate;
import io.kvasir.engine.template.TemplateException;
import io.kvasir.engine.tokenizer.TextGuard;
import io.kvasir.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns messages into the tokens of a model: through the chat template in its file, or, where it
 * has none, as plain text, the contents one below the other.
 *
 * <p>What stands in a message never becomes a control token: a user may write {@code <|im_end|>},
 * and the model reads the characters. BOS comes once, whether the template writes it or only the
 * tokenizer asks for it. Immutable and thread-safe.
 */
public final class ChatFormat {
  private final Tokenizer tokenizer;
  private final Optional<ChatTemplate> template;

  private ChatFormat(Tokenizer tokenizer, Optional<ChatTemplate> template) {
    this.tokenizer = tokenizer;
    this.template = template;
  }

  /**
   * @throws io.kvasir.engine.template.TemplateException the model's template is outside the
   *     supported subset
   */
  public static ChatFormat of(Model model) {
    return new ChatFormat(model.tokenizer(), model.chatTemplate());
  }

  /**
   * @throws io.kvasir.engine.template.TemplateException the model's template is outside the
   *     supported subset
   */
  public static ChatFormat of(ModelFile file) {
    return new ChatFormat(file.tokenizer(), file.chatTemplate());
  }

  /** Whether the model says how conversations look; else they are plain text to it. */
  public boolean hasTemplate() {
    return template.isPresent();
  }

  /**
   * The tokens of a conversation.
   *
   * @param addGenerationPrompt whether the beginning of an answer follows
   * @throws io.kvasir.engine.template.TemplateException the template refuses the messages, in its
   *     own words, or goes wrong
   */
  public int[] encode(List<ChatMessage> messages, boolean addGenerationPrompt) {
    int[] ids =
        template.isPresent()
            ? encode(template.get(), messages, addGenerationPrompt)
            : tokenizer.encode(
                messages.stream().map(ChatMessage::content).collect(Collectors.joining("\n")),
                false);
    return beginsWithBos(ids) ? ids : tokenizer.withBos(ids);
  }

  private int[] encode(ChatTemplate chat, List<ChatMessage> messages, boolean addGenerationPrompt) {
    TextGuard guard =
        tokenizer.guard(messages.stream().flatMap(m -> Stream.of(m.role(), m.content())).toList());
    List<Map<String, String>> hidden = new ArrayList<>();
    for (ChatMessage message : messages) {
      hidden.add(
          Map.of("role", guard.hide(message.role()), "content", guard.hide(message.content())));
    }
    Map<String, @Nullable Object> context = new HashMap<>();
    context.put("messages", hidden);
    context.put("add_generation_prompt", addGenerationPrompt);
    context.put("tools", null); // as Hugging Face's apply_chat_template has it
    context.put("documents", null);
    tokenizer.bos().ifPresent(id -> context.put("bos_token", text(id)));
    tokenizer.eos().ifPresent(id -> context.put("eos_token", text(id)));
    try {
      return guard.encode(chat.render(context));
    } catch (TemplateException e) {
      throw e.in("tokenizer.chat_template");
    }
  }

  private String text(int token) {
    return tokenizer.decode(new int[] {token}, true);
  }

  private boolean beginsWithBos(int[] ids) {
    return ids.length > 0 && tokenizer.bos().equals(OptionalInt.of(ids[0]));
  }
}
