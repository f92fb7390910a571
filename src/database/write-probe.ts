import type { Clock } from '../platform/clock.ts';
import type { Database } from './database.ts';
import type { PortalSchema } from './schema.ts';

/** Anybody may ask for the health, and asking must not keep the disk busy. */
const EVERY_MS = 5000;

export interface WriteProbe {
  /** Whether the database takes writes: tried every five seconds at most. */
  isWritten(): Promise<boolean>;
  /** What the last try said, for whoever cannot wait. */
  wasWritten(): boolean;
}

export function createWriteProbe({ kysely }: Database<PortalSchema>, clock: Clock): WriteProbe {
  let last = true;
  let triedAtMs = -Infinity;
  let answer: Promise<boolean> = Promise.resolve(true);
  const attempt = async (): Promise<boolean> => {
    await kysely.updateTable('write_probe').set({ tried_at_ms: triedAtMs }).where('id', '=', 1).execute();
    return true;
  };
  return {
    isWritten() {
      const nowMs = clock.nowMs();
      if (Math.abs(nowMs - triedAtMs) >= EVERY_MS) {
        triedAtMs = nowMs;
        answer = attempt()
          .catch(() => false)
          .then((isWritten) => (last = isWritten));
      }
      return answer;
    },
    wasWritten: () => last,
  };
}
