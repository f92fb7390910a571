import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Caller {
  /** Answers so far, by what they were: `200`, or the code of the refusal. */
  readonly answers: ReadonlyMap<string, number>;
  /** Resolves once this many more calls were answered. */
  answered(more: number): Promise<void>;
  stop(): Promise<void>;
}

/** A program that calls all the time, each time with the key that stands in the file then, as a service would. */
export function startCaller(gatewayUrl: string, keyFile: string, pauseMs: number): Caller {
  const answers = new Map<string, number>();
  let total = 0;
  let isStopped = false;
  const call = async (): Promise<string> => {
    const headers = { Authorization: `Bearer ${readFileSync(keyFile, 'utf8')}` };
    const response = await fetch(`${gatewayUrl}/parcels/v2/services`, { headers });
    const body = (await response.json()) as { type?: string };
    return response.ok ? String(response.status) : (body.type?.split('/').at(-1) ?? String(response.status));
  };
  const run = async (): Promise<void> => {
    while (!isStopped) {
      const answer = await call();
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      total += 1;
      await sleep(pauseMs);
    }
  };
  const running = run();
  return {
    answers,
    async answered(more) {
      const target = total + more;
      while (total < target) await Promise.race([sleep(5), running]);
    },
    async stop() {
      isStopped = true;
      await running;
    },
  };
}
