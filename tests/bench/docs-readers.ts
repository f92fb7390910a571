import { Agent, get } from 'node:http';

/** Who asks: guests without any cookie may get what others got, everybody else a page that is made for them. */
export type Reader = 'guest' | 'known';

/** Asks for one page and reads it to its end, as a browser does: compressed. */
export function ask(url: string, reader: Reader, agent?: Agent): Promise<{ status: number; ms: number }> {
  const startedAt = performance.now();
  const headers = { 'Accept-Encoding': 'gzip', ...(reader === 'known' && { Cookie: 'theme=light' }) };
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      response.resume().once('end', () => {
        resolve({ status: response.statusCode ?? 0, ms: performance.now() - startedAt });
      });
    }).once('error', reject);
  });
}

/** So many readers at once, each of whom reads one page after the other. @returns milliseconds of each page */
export async function readAtOnce(
  urls: readonly string[],
  who: Reader,
  readers: number,
  pages: number,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: readers });
  const times: number[] = [];
  let next = 0;
  const reader = async (): Promise<void> => {
    while (next < pages) {
      const url = urls[next++ % urls.length] ?? '';
      const { status, ms } = await ask(url, who, agent);
      if (status !== 200) throw new Error(`${url} answered ${status}`);
      times.push(ms);
    }
  };
  await Promise.all(Array.from({ length: readers }, reader));
  agent.destroy();
  return times;
}

export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
