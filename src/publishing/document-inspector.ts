import { Worker } from 'node:worker_threads';

import type { Format } from '../catalog/document-source.ts';
import type { DocumentResult } from '../catalog/openapi-document.ts';
import type { LintReport } from './lint-report.ts';
import { limitProcessorTime } from './processor-budget.ts';

export type InspectAnswer =
  { kind: 'ready' } | { kind: 'document'; result: DocumentResult } | { kind: 'lint'; report: LintReport };

export interface InspectLimits {
  /** Most processor time for the reading. */
  readMs: number;
  /** Most processor time for the lint after it. */
  lintMs: number;
  /** Most heap of the worker. */
  heapMb: number;
}

/** `lint` is null when the document was refused, or nobody asked. */
export interface Inspection {
  result: DocumentResult;
  lint: LintReport | null;
}

/** Reads and lints what owners send, one document after the other, each in a worker thread of its own. */
export interface DocumentInspector {
  inspect(text: string, format: Format, wants: { lint: boolean }): Promise<Inspection>;
}

const MIB = 1024 * 1024;
/** A thread that needs more to begin never will. */
const START_MS = 30_000;

/** Two seconds, and more for each MiB: GitHub's description (13 MB) takes 4 s to read on a small machine, and 4 s to lint. */
export function inspectLimits(characters: number): InspectLimits {
  const more = Math.floor(characters / MIB);
  return { readMs: 2000 + more * 1500, lintMs: 4000 + more * 1500, heapMb: more < 8 ? 256 : 512 };
}

export function createDocumentInspector(
  limitsFor: (characters: number) => InspectLimits = inspectLimits,
): DocumentInspector {
  let last: Promise<unknown> = Promise.resolve();
  return {
    inspect(text, format, { lint }) {
      const next = last.then(() => inspectInWorker({ text, format, lint }, limitsFor(text.length)));
      last = next;
      return next;
    },
  };
}

interface Task {
  text: string;
  format: Format;
  lint: boolean;
}

/** Never rejects: what the worker dies of is a finding. */
function inspectInWorker({ text, format, lint }: Task, limits: InspectLimits): Promise<Inspection> {
  // No environment: what parses untrusted text knows no secret.
  const worker = new Worker(new URL('./inspect-worker.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
  });
  return new Promise((resolve) => {
    let result: DocumentResult | null = null;
    let budget: { stop(): void } | undefined;
    const settle = (inspection: Inspection): void => {
      budget?.stop();
      worker.removeAllListeners();
      // An error after the answer belongs to nobody.
      worker.on('error', () => undefined);
      void worker.terminate().then(() => resolve(inspection));
    };
    /** Whatever the worker was at is over. */
    const giveUp = (reasons: { read: string; lint: string }): void => {
      if (result) settle({ result, lint: { ok: false, reason: reasons.lint } });
      else settle({ result: { ok: false, problems: [{ line: null, reason: reasons.read }] }, lint: null });
    };
    const within = (ms: number): void => {
      budget?.stop();
      const seconds = ms / 1000;
      const reasons = { read: `takes more than ${seconds} s to read`, lint: `The lint gave up after ${seconds} s.` };
      budget = limitProcessorTime(worker, ms, () => giveUp(reasons));
    };
    within(START_MS);
    worker.on('error', (error: NodeJS.ErrnoException) => giveUp(reasonsOf(error, limits)));
    worker.on('exit', () => giveUp(reasonsOf(new Error('it ended'), limits)));
    worker.on('message', (answer: InspectAnswer) => {
      if (answer.kind === 'ready') {
        within(limits.readMs);
        worker.postMessage({ text, format });
      } else if (answer.kind === 'document') {
        result = answer.result;
        if (result.ok && lint) within(limits.lintMs);
        else settle({ result, lint: null });
      } else if (result) settle({ result, lint: answer.report });
    });
  });
}

function reasonsOf(
  { code, message }: NodeJS.ErrnoException,
  { heapMb }: InspectLimits,
): { read: string; lint: string } {
  return code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? {
        read: `needs more than ${heapMb} MB of memory to read`,
        lint: `The lint gave up: it needs more than ${heapMb} MB of memory.`,
      }
    : { read: `cannot be read: ${message}`, lint: 'The lint cannot follow this document.' };
}
