/** What two threads talk through: a `Worker` seen from outside, or its `parentPort` seen from inside. */
export interface ThreadPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: ThreadMessage) => void): unknown;
}

/** The functions of the other thread, whose results come later. What they take and return is copied. */
export type Remote<Functions extends object> = {
  readonly [Name in keyof Functions]: Functions[Name] extends (...parameters: infer Parameters) => infer Result
    ? (...parameters: Parameters) => Promise<Awaited<Result>>
    : never;
};

type NamedFunctions = Readonly<Record<string, (...parameters: never[]) => unknown>>;

type ThreadMessage =
  { call: number; name: string; parameters: never[] } | { answer: number; result?: unknown; error?: string };

export interface ThreadCalls<Functions extends object> {
  readonly remote: Remote<Functions>;
  /** Whoever still waits, or asks from now on, is told that there will be no answer. */
  end(reason: string): void;
  /** When everything that the other thread has asked for so far is done. */
  settled(): Promise<void>;
}

/**
 * Lets two threads call each other's functions, several at a time. A function that throws rejects at the other end with
 * the same message.
 * @param own what the other thread may call
 */
export function connectThreads<Functions extends object>(port: ThreadPort, own: object): ThreadCalls<Functions> {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  const working = new Set<Promise<void>>();
  let last = 0;
  let ended: string | null = null;

  async function answer(call: number, name: string, parameters: never[]): Promise<void> {
    try {
      const work = Object.hasOwn(own, name) ? (own as NamedFunctions)[name] : undefined;
      if (!work) throw new Error(`this thread has no function ${name}`);
      port.postMessage({ answer: call, result: await work(...parameters) });
    } catch (error) {
      port.postMessage({ answer: call, error: error instanceof Error ? error.message : String(error) });
    }
  }

  port.on('message', (message) => {
    if ('call' in message) {
      const work = answer(message.call, message.name, message.parameters).finally(() => working.delete(work));
      working.add(work);
      return;
    }
    const asked = waiting.get(message.answer);
    waiting.delete(message.answer);
    if (message.error === undefined) asked?.resolve(message.result);
    else asked?.reject(new Error(message.error));
  });

  const ask = (name: string, parameters: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended !== null) {
        reject(new Error(ended));
        return;
      }
      last += 1;
      waiting.set(last, { resolve, reject });
      port.postMessage({ call: last, name, parameters });
    });
  const remote = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...parameters: unknown[]) =>
          ask(String(name), parameters),
    },
  );

  return {
    remote: remote as Remote<Functions>,
    end(reason) {
      ended = reason;
      for (const { reject } of waiting.values()) reject(new Error(reason));
      waiting.clear();
    },
    async settled() {
      await Promise.all(working);
    },
  };
}
