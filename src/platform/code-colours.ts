import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { sha256Hex } from './hash.ts';
import { type SafeHtml, codeBlocksOf, withCodeWords } from './markdown.ts';

export interface CodeBlock {
  /** As the Markdown names it, such as `sh`. */
  language: string;
  code: string;
}

/** A piece of code. The words of a block, one after the other, are its text. */
export interface CodeWord {
  text: string;
  kind: 'comment' | 'string' | 'keyword' | 'constant' | 'name' | null;
}

/** Colours the code of guides and notices, which are written by people of this portal. */
export interface CodeColours {
  /** The same text with colours; without them until the thread is done with it, which the next reader gets. */
  colour(html: SafeHtml): SafeHtml;
  /** Resolves when everything that was asked for is coloured. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const MOST_TEXTS = 300;
/** Grammars take up to 180 MB: what nobody needs is given back. */
const END_AFTER_MS = 10_000;
const TIMEOUT_MS = 30_000;
const HEAP_MB = 384;

/**
 * A grammar takes up to 1.6 s of work when it is first used, so that all of it happens in a thread, which starts when it is
 * needed and ends when it is idle.
 */
export function createCodeColours(): CodeColours {
  const done = new Map<string, SafeHtml>();
  let worker: Worker | null = null;
  let ending: ReturnType<typeof setTimeout> | undefined;
  let last: Promise<void> = Promise.resolve();
  const end = async (): Promise<void> => {
    clearTimeout(ending);
    const ended = worker;
    worker = null;
    await ended?.terminate();
  };
  const remember = (key: string, html: SafeHtml): void => {
    done.delete(key);
    done.set(key, html);
    const [oldest] = done.keys();
    if (done.size > MOST_TEXTS && oldest !== undefined) done.delete(oldest);
  };
  const work = async (key: string, html: SafeHtml, blocks: readonly CodeBlock[]): Promise<void> => {
    clearTimeout(ending);
    worker ??= startWorker();
    try {
      const answer = once(worker, 'message', { signal: AbortSignal.timeout(TIMEOUT_MS) });
      worker.postMessage(blocks);
      const [words] = (await answer) as [(readonly CodeWord[] | null)[]];
      remember(key, withCodeWords(html, words));
    } catch {
      // It stays without colours.
      await end();
    }
    ending = setTimeout(() => void end(), END_AFTER_MS);
    ending.unref();
  };
  return {
    colour(html) {
      const key = sha256Hex(html);
      const known = done.get(key);
      if (known !== undefined) return known;
      remember(key, html);
      const blocks = codeBlocksOf(html);
      if (blocks.some(({ language }) => language !== '')) last = last.then(() => work(key, html, blocks));
      return html;
    },
    idle: () => last,
    async close() {
      await end();
      await last;
    },
  };
}

function startWorker(): Worker {
  const worker = new Worker(new URL('./code-colours-worker.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  worker.unref();
  // An error while nothing is asked belongs to nobody.
  worker.on('error', () => undefined);
  return worker;
}
