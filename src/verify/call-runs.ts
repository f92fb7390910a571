import { setImmediate as nextTurn } from 'node:timers/promises';

import type { IpAddress } from '../platform/ip-address.ts';
import type { MannersOfCalls } from '../policies/policy-tally.ts';
import type { NotedCalls } from '../usage/call-tally.ts';
import { HOUR_MS } from '../usage/time-slots.ts';
import type { CredentialReading } from './credential.ts';
import type { Target } from './target.ts';
import type { Caller, Verdict } from './verdict.ts';

/**
 * Calls of one key within one hour that are alike in all that is counted of them for pages and policies. Most calls of a key
 * are like one of the last few: they cost one comparison and one addition here. Noting each where it is summed reached for
 * more memory than deciding it.
 */
class CallRun {
  isOpen = false;
  calls = 0;
  /** Of the first and the last call, since `hour` began. */
  firstMs = 0;
  lastMs = 0;
  hour = 0;
  api = '';
  version = '';
  operationId = '';
  verdict = '';
  address = '';
  isBasic = false;
  leakedInQuery = false;
  next: CallRun | null = null;
  readonly caller: Caller;

  constructor(caller: Caller) {
    this.caller = caller;
  }
}

/** A key that remembers what its last calls were like. */
export interface NotedKey {
  caller: Caller;
  /** Latest kind first; nobody but `CallRuns` looks at it. */
  runs: CallRun | null;
}

/** What is noted of a call. */
export interface NotedCall {
  credential: CredentialReading;
  address: IpAddress | null;
  isBasic: boolean;
  target: Target;
}

/** What calls were like, until it is handed over to where it is summed. */
export interface CallRuns {
  note(key: NotedKey, call: NotedCall, verdict: Verdict, nowMs: number): void;
  /** Hands over all that was noted before, in parts, between which calls are answered. */
  handOver(): Promise<void>;
}

export interface CallRunsDeps {
  noteCalls: (calls: NotedCalls) => void;
  /** Of calls that passed, or would have but for a policy. */
  noteManner: (manner: MannersOfCalls) => void;
}

/** Kinds of calls kept for one key at a time. */
const MOST_KINDS = 4;
/** Kept for all keys; the oldest are handed over early. */
const MOST_OPEN = 20_000;
/** Handed over within one turn: less than a millisecond. */
const AT_ONCE = 200;

export function createCallRuns({ noteCalls, noteManner }: CallRunsDeps): CallRuns {
  let open: CallRun[] = [];
  let [hour, hourStartMs] = [0, 0];
  let handing = Promise.resolve();

  function setHour(nowMs: number): void {
    hour = Math.floor(nowMs / HOUR_MS);
    hourStartMs = hour * HOUR_MS;
  }

  function pass(run: CallRun): void {
    const { calls, verdict, api, address, isBasic } = run;
    if (calls === 0) return;
    run.calls = 0;
    const startMs = run.hour * HOUR_MS;
    const { keyId, applicationId, environment } = run.caller;
    const { version, operationId, leakedInQuery } = run;
    const [firstAtMs, atMs] = [startMs + run.firstMs, startMs + run.lastMs];
    noteCalls({
      keyId,
      applicationId,
      api,
      version,
      operationId,
      verdict,
      address,
      leakedInQuery,
      calls,
      firstAtMs,
      atMs,
    });
    if (verdict !== 'allowed' && verdict !== 'policy_violated') return;
    noteManner({ atMs, keyId, api, isBasic, address: environment === 'test' ? address : '', calls });
  }

  /** A run for a kind of call that the key has none of: a new one, or that of the kind which was new longest ago. */
  function begin(key: NotedKey): CallRun {
    let kinds = 0;
    let [last, before]: (CallRun | null)[] = [null, null];
    for (let run = key.runs; run; run = run.next) [kinds, before, last] = [kinds + 1, last, run];
    const isFull = kinds >= MOST_KINDS && last && before;
    const begun = isFull && last ? last : new CallRun(key.caller);
    if (isFull && before) before.next = null;
    pass(begun);
    begun.next = key.runs;
    key.runs = begun;
    return begun;
  }

  function keepOpen(run: CallRun): void {
    run.isOpen = true;
    if (open.push(run) > MOST_OPEN) passAll(open.splice(0, AT_ONCE));
  }

  function passAll(runs: readonly CallRun[]): void {
    for (const run of runs) {
      run.isOpen = false;
      pass(run);
    }
  }

  async function handOverOpen(): Promise<void> {
    const runs = open;
    open = [];
    for (let index = 0; index < runs.length; index += AT_ONCE) {
      if (index > 0) await nextTurn();
      passAll(runs.slice(index, index + AT_ONCE));
    }
  }

  return {
    note(key, { credential, address, isBasic, target }, verdict, nowMs) {
      if (nowMs < hourStartMs || nowMs >= hourStartMs + HOUR_MS) setHour(nowMs);
      const { api, version, operation } = target;
      const operationId = operation?.operationId ?? '';
      const code = verdict.allowed ? 'allowed' : verdict.refusal.code;
      const from = address?.text ?? '';
      const leakedInQuery = !credential.ok && credential.code === 'key_in_query';
      let run = key.runs;
      while (
        run &&
        (run.operationId !== operationId ||
          run.verdict !== code ||
          run.hour !== hour ||
          run.version !== version ||
          run.api !== api ||
          run.isBasic !== isBasic ||
          run.leakedInQuery !== leakedInQuery ||
          run.address !== from)
      )
        run = run.next;
      if (!run) {
        run = begin(key);
        Object.assign(run, { api, version, operationId, verdict: code, address: from, isBasic, leakedInQuery, hour });
      }
      run.lastMs = nowMs - hourStartMs;
      if (run.calls === 0) run.firstMs = run.lastMs;
      run.calls += 1;
      if (!run.isOpen) keepOpen(run);
    },
    // One after the other, so that who asks at the end waits for all; a failure is told to who asked and ends nothing.
    handOver: () => (handing = handing.then(handOverOpen, handOverOpen)),
  };
}
