// Messages are bytes to rules, a character for each; people read the text that they stand for.
// Nothing here is of a browser before it is called.

/** Whether a text is the same to both. */
export const isAscii = (text) => /^[\u0000-\u007f]*$/.test(text ?? '');

/** An address as browsers send it: what is not ASCII is escaped. */
export const escaped = (text) => text.toWellFormed().replace(/[^\u0000-\u007f]+/g, (part) => encodeURIComponent(part));

/** The bytes of a text, a character for each. */
export const asBytes = (text) => Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');

/** The text that bytes stand for; what is none stays as it is. */
export function asText(bytes) {
  if (isAscii(bytes) || /[^\u0000-\u00ff]/.test(bytes)) {
    return bytes;
  }
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
  } catch {
    return bytes;
  }
}
