/** The bytes of one `write` or `end` of a response, which take text in a coding, bytes, or nothing. */
export function writtenBytes([part, coding]: readonly unknown[]): Buffer {
  if (typeof part === 'string') return Buffer.from(part, coding as BufferEncoding | undefined);
  return part instanceof Uint8Array ? Buffer.from(part.buffer, part.byteOffset, part.byteLength) : Buffer.alloc(0);
}
