import BetterSqlite3 from 'better-sqlite3';

type Method = 'run' | 'get' | 'all';

/** Calls `before` with the number of statements that ran already, before each one; `stop` takes that back. */
export function watchStatements(before: (done: number) => void): { done(): number; stop(): void } {
  const prototype = Object.getPrototypeOf(new BetterSqlite3(':memory:').prepare('select 1')) as Record<
    Method,
    (...parameters: unknown[]) => unknown
  >;
  const originals = new Map<Method, (...parameters: unknown[]) => unknown>();
  let done = 0;
  for (const method of ['run', 'get', 'all'] as const) {
    const original = prototype[method];
    originals.set(method, original);
    prototype[method] = function counted(this: unknown, ...parameters: unknown[]): unknown {
      before(done);
      done += 1;
      return original.apply(this, parameters);
    };
  }
  return {
    done: () => done,
    stop() {
      for (const [method, original] of originals) prototype[method] = original;
    },
  };
}
