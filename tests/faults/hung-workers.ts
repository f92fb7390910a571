import { Session } from 'node:inspector/promises';

interface Attached {
  sessionId: string;
  workerInfo: { title: string };
}

/** Runs a script in a thread of this process from outside, as a fault in it would; it may never end. */
export async function runInWorker(number: number, script: string): Promise<void> {
  const session = new Session();
  session.connect();
  const attached = new Promise<string>((resolve) => {
    session.on('NodeWorker.attachedToWorker', ({ params }: { params: Attached }) => {
      if (params.workerInfo.title.includes(`verifier ${number}`)) resolve(params.sessionId);
    });
  });
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: script } });
  await session.post('NodeWorker.sendMessageToWorker', { sessionId: await attached, message });
  session.disconnect();
}

/** Takes every lock that the verifiers of a process share, in the name of this thread, and keeps it. */
export const HANGS_WITH_ALL_LOCKS = `
  const { workerData } = process.getBuiltinModule('node:worker_threads');
  const locks = new Int32Array(workerData.memory, 0, 4096);
  for (let lock = 0; lock < locks.length; lock += 1)
    while (Atomics.compareExchange(locks, lock, 0, workerData.number) !== 0);
  for (;;);
`;
export const HANGS = 'for (;;);';
