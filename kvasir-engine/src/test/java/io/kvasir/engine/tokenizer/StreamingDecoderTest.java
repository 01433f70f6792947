package io.kvasir.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamingDecoderTest {
  private final Tokenizer tokenizer = Tokenizer.from(Vocabularies.byteLevel("gpt-2"));

  private int token(int unsignedByte) {
    for (int id = 0; id < 256; id++) {
      if ((tokenizer.bytes(id)[0] & 0xff) == unsignedByte) {
        return id;
      }
    }
    throw new AssertionError(unsignedByte);
  }

  @Test
  void waitsForTheLastByteOfACharacter() {
    StreamingDecoder decoder = tokenizer.decoder(true);
    byte[] smile = "🙂".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      assertThat(decoder.append(token(smile[i] & 0xff))).isEmpty();
    }
    assertThat(decoder.append(token(smile[3] & 0xff))).isEqualTo("🙂");
    assertThat(decoder.finish()).isEmpty();
  }

  @Test
  void saysAtTheEndThatACharacterIsUnfinished() {
    StreamingDecoder decoder = tokenizer.decoder(true);
    assertThat(decoder.append(token(0xe2))).isEmpty();
    assertThat(decoder.append(token(0x82))).isEmpty();
    assertThat(decoder.finish()).isEqualTo("\ufffd");
    assertThat(decoder.append(token('a'))).as("usable again").isEqualTo("a");
  }

  @Test
  void anyBytesGiveWhatDecodingThemAtOnceGives() {
    Random random = new Random(5);
    for (int i = 0; i < 5_000; i++) {
      int[] ids =
          random
              .ints(random.nextInt(12), 0, 256)
              .map(b -> token(random.nextBoolean() ? b | 0x80 : b))
              .toArray();
      StreamingDecoder decoder = tokenizer.decoder(true);
      StringBuilder text = new StringBuilder();
      for (int id : ids) {
        text.append(decoder.append(id));
      }
      assertThat(text.append(decoder.finish()).toString()).isEqualTo(tokenizer.decode(ids, true));
    }
  }

  @Test
  void controlTokensAreShownOnRequest() {
    assertThat(tokenizer.decoder(true).append(256)).isEqualTo("<s>");
    assertThat(tokenizer.decoder(false).append(256)).isEmpty();
    assertThat(tokenizer.decode(new int[] {256, token('a'), 257}, false)).isEqualTo("a");
  }

  @Test
  void thereIsNoTokenBeyondTheVocabulary() {
    assertThatThrownBy(() -> tokenizer.decoder(true).append(tokenizer.vocabularySize()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tokenizer.bytes(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
