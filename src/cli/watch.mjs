import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './terminal.mjs';

const WATCHED = ['src', 'public', 'content', 'db/migrations', 'db/seed', 'astro.config.mjs'];

/** Editors write a file in several steps; this long without another change is one change. */
const QUIET_MS = 150;

/** Reports changes of everything the portal is made of. */
export function watchSources() {
  /** @type {PromiseWithResolvers<void>} */
  let next = withResolvers();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const report = () => {
    next.resolve();
    next = withResolvers();
  };
  const watchers = WATCHED.filter((name) => existsSync(join(ROOT, name))).map((name) =>
    watch(join(ROOT, name), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(report, QUIET_MS);
    }),
  );
  return {
    /** Resolves at the next change. */
    next: () => next.promise,
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers() {
  let resolve = () => undefined;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
