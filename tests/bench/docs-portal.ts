import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePorts, startProgram } from '../support/servers.ts';

const root = join(import.meta.dirname, '../..');

/** The product on a folder of documents and a folder of data that outlives it, and what its start cost. */
export interface MeasuredPortal {
  url: string;
  /** From the start of the process until it says that it is ready. */
  startMs: number;
  /** Most memory that the portal's process had so far, its threads included; the verifier is another process. */
  mostMb: () => number;
  stop: () => Promise<unknown>;
}

export async function startMeasured(contentDir: string, dataDir: string): Promise<MeasuredPortal> {
  const [portal = '', verifier = '', gateway = '', service = ''] = (await freePorts(4)).map(String);
  const startedAt = performance.now();
  const program = await startProgram({
    command: process.execPath,
    words: [join(root, 'src/main.ts'), '--mode', 'demo'],
    folder: root,
    environment: {
      ...{ PORT: portal, VERIFIER_PORT: verifier, GATEWAY_PORT: gateway },
      ...{ UPSTREAMS: `parcels=http://127.0.0.1:${service}`, CONTENT_DIR: contentDir, DATA_DIR: dataDir },
    },
    ready: /Ctrl-C ends it/,
    readyWithinMs: 300_000,
  });
  return {
    url: `http://127.0.0.1:${portal}`,
    startMs: Math.round(performance.now() - startedAt),
    mostMb: () => mostMemoryMb(program.process.pid ?? 0),
    stop: () => program.stop(),
  };
}

function mostMemoryMb(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1000);
}
