import type { IncomingMessage } from 'node:http';

const SMALL_BODY_BYTES = 8 * 1024;

export type BodyResult =
  { ok: true; body: Buffer | null } | { ok: false; reason: 'content_too_large' | 'overloaded' | 'connection_lost' };

/** Bytes of bodies held at once, over all connections. */
export interface BodyBudget {
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

export function createBodyBudget(maxBytes: number): BodyBudget {
  let held = 0;
  return {
    take: (bytes) => {
      if (held + bytes > maxBytes) return false;
      held += bytes;
      return true;
    },
    giveBack: (bytes) => {
      held -= bytes;
    },
  };
}

/** True when the request announces a body (RFC 9112, 6.3). */
export function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

/**
 * Reads the whole body, counting as it arrives; stops reading at the first byte too many. The bytes are taken from
 * `budget` and are the caller's to give back.
 */
export function readBody(request: IncomingMessage, budget: BodyBudget, maxBytes: number): Promise<BodyResult> {
  if (!hasBody(request)) return Promise.resolve({ ok: true, body: null });
  return new Promise((resolve) => {
    // One buffer that grows: a million one-byte chunks must not become a million objects.
    let bytes = Buffer.alloc(Math.min(Number(request.headers['content-length'] ?? SMALL_BODY_BYTES), maxBytes));
    let length = 0;
    const settle = (result: BodyResult): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).pause();
      if (!result.ok) budget.giveBack(length);
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      const isTooLarge = length + chunk.length > maxBytes;
      if (isTooLarge || !budget.take(chunk.length)) {
        settle({ ok: false, reason: isTooLarge ? 'content_too_large' : 'overloaded' });
        return;
      }
      if (length + chunk.length > bytes.length) bytes = grown(bytes, length + chunk.length, maxBytes);
      chunk.copy(bytes, length);
      length += chunk.length;
    };
    const onEnd = (): void => settle({ ok: true, body: bytes.subarray(0, length) });
    const onClose = (): void => settle({ ok: false, reason: 'connection_lost' });
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

function grown(bytes: Buffer, neededBytes: number, maxBytes: number): Buffer<ArrayBuffer> {
  const larger = Buffer.alloc(Math.min(Math.max(2 * bytes.length, neededBytes), maxBytes));
  bytes.copy(larger);
  return larger;
}
