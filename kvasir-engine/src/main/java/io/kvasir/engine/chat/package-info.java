/**
 * What lives here: conversations, as messages, as the tokens a model was trained to see, and as
 * sequences that are read once and continued. Nothing here computes. Read {@link
 * io.kvasir.engine.chat.ChatFormat} first, then {@link io.kvasir.engine.chat.Conversation} (one
 * dialogue of many turns) and {@link io.kvasir.engine.chat.SharedReading} (one document, many
 * questions).
 */
@NullMarked
package io.kvasir.engine.chat;

import org.jspecify.annotations.NullMarked;
