package io.kvasir.engine.tokenizer;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.Metadata;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Turns text into a model's token ids and ids into text. Immutable and thread-safe; text may be of
 * any length, and the time for it is n log n.
 *
 * <p>Two kinds of special tokens stand for text as a whole. User-defined ones (Gemma's runs of
 * newlines, Qwen's {@code <tool_call>}) are always found in a text. Control ones ({@code
 * <|im_start|>}) only where the caller asks to parse them: what a user writes never becomes one.
 */
public final class Tokenizer {
  private static final String MODEL = "tokenizer.ggml.model";
  private static final String PRE = "tokenizer.ggml.pre";
  private static final String BOS = "tokenizer.ggml.bos_token_id";
  private static final String EOS = "tokenizer.ggml.eos_token_id";
  private static final String ADD_BOS = "tokenizer.ggml.add_bos_token";
  private static final String ADD_EOS = "tokenizer.ggml.add_eos_token";
  private static final String ADD_SPACE = "tokenizer.ggml.add_space_prefix";

  private final Vocabulary vocabulary;
  private final SpecialTokens special;
  private final SubwordModel model;
  private final BitSet ends; // never written after construction
  private final OptionalInt bos;
  private final OptionalInt eos;
  private final boolean addsBos;
  private final boolean addsEos;
  private final boolean addsSpace;

  private Tokenizer(Metadata metadata) {
    String kind = metadata.string(MODEL);
    vocabulary = Vocabulary.from(metadata);
    special = new SpecialTokens(vocabulary);
    ends = EndTokens.of(vocabulary, metadata);
    boolean bosByDefault;
    switch (kind) {
      case "gpt2" -> {
        BytePairKind pair = BytePairKind.of(metadata.string(PRE, "default"));
        model = new ByteLevel(vocabulary, metadata, pair);
        addsSpace = false;
        bosByDefault = pair.addsBos();
      }
      case "llama" -> {
        addsSpace = metadata.bool(ADD_SPACE, true);
        model = new SentencePiece(vocabulary, metadata, addsSpace);
        bosByDefault = true;
      }
      default ->
          throw new ModelFormatException(
              "%s is %s, expected gpt2 or llama".formatted(MODEL, Vocabulary.quoted(kind)));
    }
    bos = id(metadata, BOS);
    eos = id(metadata, EOS);
    addsBos = metadata.bool(ADD_BOS, bosByDefault);
    addsEos = metadata.bool(ADD_EOS, false);
    requireIf(addsBos, bos, ADD_BOS, BOS);
    requireIf(addsEos, eos, ADD_EOS, EOS);
  }

  /**
   * Reads the {@code tokenizer.ggml.*} keys of a model file.
   *
   * @throws ModelFormatException the vocabulary contradicts itself, or is of a kind that Kvasir
   *     does not know
   */
  public static Tokenizer from(Metadata metadata) {
    return new Tokenizer(metadata);
  }

  private OptionalInt id(Metadata metadata, String key) {
    return metadata.has(key)
        ? OptionalInt.of((int) metadata.integer(key, 0, vocabulary.size() - 1))
        : OptionalInt.empty();
  }

  private static void requireIf(boolean added, OptionalInt id, String flag, String key) {
    if (added && id.isEmpty()) {
      throw new ModelFormatException(
          "%s is true (or true by default here), but there is no %s".formatted(flag, key));
    }
  }

  /**
   * The tokens of a text, without BOS and EOS.
   *
   * @param parseSpecial whether the text of a control token becomes that token
   */
  public int[] encode(String text, boolean parseSpecial) {
    return encode(text, parseSpecial, false);
  }

  /**
   * The tokens of a text. A lone surrogate counts as U+FFFD.
   *
   * @param parseSpecial whether the text of a control token becomes that token
   * @param addSpecial whether BOS and EOS are put around it, as far as the model wants them
   */
  public int[] encode(String text, boolean parseSpecial, boolean addSpecial) {
    IntList ids = new IntList();
    if (addSpecial && addsBos) {
      ids.add(bos.orElseThrow());
    }
    byte[] utf8 = Utf8.bytes(text);
    SubwordModel.Encoder encoder = model.encoder();
    special.split(
        utf8,
        parseSpecial,
        new SpecialTokens.Parts() {
          @Override
          public void text(int from, int to) {
            encoder.encode(utf8, from, to, ids);
          }

          @Override
          public void token(int id) {
            ids.add(id);
          }
        });
    if (addSpecial && addsEos) {
      ids.add(eos.orElseThrow());
    }
    return ids.toArray();
  }

  /** BOS and then {@code ids}, where the model wants one in front; elsewhere {@code ids}. */
  public int[] withBos(int[] ids) {
    return addsBos ? IntStream.concat(bos.stream(), IntStream.of(ids)).toArray() : ids;
  }

  /**
   * For the rendering of a chat template: keeps its control tokens apart from what users wrote.
   *
   * @param texts all that users wrote
   */
  public TextGuard guard(Collection<String> texts) {
    return new TextGuard(this, special, texts);
  }

  /**
   * The bytes one token stands for: often a part of a character, for a control token its text, for
   * padding nothing.
   *
   * @throws IndexOutOfBoundsException no such token
   */
  public byte[] bytes(int id) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    append(id, out);
    return out.toByteArray();
  }

  private void append(int id, ByteArrayOutputStream out) {
    Objects.checkIndex(id, vocabulary.size());
    switch (vocabulary.type(id)) {
      case CONTROL, UNKNOWN, USER_DEFINED -> out.writeBytes(vocabulary.text(id));
      case NORMAL, UNDEFINED -> model.decode(id, out);
      case BYTE -> out.write(vocabulary.unsignedByte(id));
      case UNUSED -> {}
    }
  }

  /**
   * The tokens that stand for whole characters and nothing else, ascending: none that steers the
   * model, fills up the vocabulary, or is a single byte of a longer character.
   */
  public int[] words() {
    return IntStream.range(0, vocabulary.size()).filter(this::isWord).toArray();
  }

  private boolean isWord(int id) {
    return switch (vocabulary.type(id)) {
      case CONTROL, UNKNOWN, USER_DEFINED, BYTE, UNUSED -> false;
      case NORMAL, UNDEFINED -> {
        String text = new String(bytes(id), StandardCharsets.UTF_8);
        yield !text.isEmpty() && text.indexOf('\uFFFD') < 0;
      }
    };
  }

  /**
   * The text of tokens, the inverse of encoding: the space that some models put in front of a text
   * is taken away again. Bytes that are no UTF-8 become U+FFFD.
   *
   * @param withControl whether control tokens are written out or left out
   * @throws IndexOutOfBoundsException no such token
   */
  public String decode(int[] ids, boolean withControl) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(ids.length * 4);
    boolean first = true; // whether nothing, or a special token, precedes
    for (int id : ids) {
      TokenType type = vocabulary.type(Objects.checkIndex(id, vocabulary.size()));
      if (withControl || !type.isControl()) {
        byte[] bytes = bytes(id);
        int skip =
            addsSpace && first && !type.isSpecial() && bytes.length > 0 && bytes[0] == ' ' ? 1 : 0;
        out.write(bytes, skip, bytes.length - skip);
      }
      first = type.isSpecial();
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * A decoder for tokens that arrive one by one and continue a text, so that a leading space is
   * kept.
   *
   * @param withControl whether control tokens are written out or left out
   */
  public StreamingDecoder decoder(boolean withControl) {
    return new StreamingDecoder(this, withControl);
  }

  /** Whether a token steers the model and is no text. */
  public boolean isControl(int id) {
    return vocabulary.type(Objects.checkIndex(id, vocabulary.size())).isControl();
  }

  /** Whether the model means to stop with this token: end of text, turn or message. */
  public boolean isEndOfGeneration(int id) {
    return ends.get(Objects.checkIndex(id, vocabulary.size()));
  }

  public int vocabularySize() {
    return vocabulary.size();
  }

  /** The token for the beginning of a text. */
  public OptionalInt bos() {
    return bos;
  }

  /** The token for the end of a text. */
  public OptionalInt eos() {
    return eos;
  }

  /** Whether encoding puts a space in front of a text, which decoding takes away again. */
  boolean addsSpace() {
    return addsSpace;
  }

  /** Whether the model wants {@link #bos} in front of every text. */
  public boolean addsBos() {
    return addsBos;
  }
}
