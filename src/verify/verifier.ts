import type { Clock } from '../platform/clock.ts';
import type { Violation } from '../policies/policy-book.ts';
import type { PolicyRecorder } from '../policies/policy-recorder.ts';
import type { Meter } from '../usage/meter.ts';
import type { UsageRecorder } from '../usage/usage-recorder.ts';
import type { MaybePromise } from '../usage/usage-store.ts';
import type { CallRuns } from './call-runs.ts';
import { type CredentialReader, type CredentialReading, isBasic } from './credential.ts';
import { type Decision, type Facts, decide } from './decide.ts';
import type { Policies } from './policies.ts';
import type { Question } from './question.ts';
import type { Routes } from './routes.ts';
import { type Target, readTarget } from './target.ts';
import { type Verdict, refused } from './verdict.ts';
import type { KeyFacts } from './key-facts.ts';
import type { VerificationStore } from './verification-store.ts';

/** Answers questions; used by the listener and, in the same process, by the built-in gateway. */
export interface Verifier {
  /** The answer is there when the call returns unless the database is remote. Never throws: what fails is refused. */
  verify(question: Question): MaybePromise<Answer>;
  /** Questions that `work` asks before it returns share one look at whether the database has changed. */
  together(work: () => void): void;
}

export interface Answer {
  verdict: Verdict;
  target: Target;
}

export interface VerifierDeps {
  store: VerificationStore;
  routes: Routes;
  usage: UsageRecorder;
  /** Told of calls with keys that exist. */
  runs: Pick<CallRuns, 'note'>;
  policies: Pick<Policies, 'current'>;
  policyCounts: Pick<PolicyRecorder, 'noteBroken'>;
  clock: Clock;
  readCredential: CredentialReader;
  /** Told when a key could not be looked up. */
  onError: (error: unknown) => void;
}

/** One call on its way to a decision. */
interface Call {
  question: Question;
  credential: CredentialReading;
  target: Target;
}

export function createVerifier(deps: VerifierDeps): Verifier {
  const { store, routes, usage, runs, clock, readCredential, onError } = deps;

  let isTogether = false;
  let committing: Promise<void> | null = null;

  /** For calls whose keys were read together: what all of them took is journaled at once, before any is answered. */
  function commitSoon(): Promise<void> {
    committing ??= new Promise<void>((resolve) => process.nextTick(resolve)).then(() => {
      committing = null;
      usage.commit();
    });
    return committing;
  }

  function conclude(call: Call, key: KeyFacts | null, meter: Meter | null): Answer {
    const { question, credential, target } = call;
    const { address, headers: from, method } = question;
    const asked: Facts = {
      credential,
      key,
      address,
      from,
      method,
      target,
      cost: question.cost,
      meter,
      isBasic: isBasic(from),
      policies: deps.policies.current(),
    };
    // Read when everything else is known: a look-up that took long must not make the call look older than later ones.
    const nowMs = meter ? usage.hold(meter) : clock.nowMs();
    const decision = decideAndTake(asked, nowMs);
    const { verdict, violations } = decision;
    if (key) runs.note(key, asked, verdict, nowMs);
    if (key && violations) noteBroken(deps.policyCounts, key, violations, nowMs);
    return { verdict, target };
  }

  /** What is not let go again would hold up all verifiers. */
  function decideAndTake(asked: Facts, nowMs: number): Decision {
    const { meter } = asked;
    if (!meter) return decide(asked, nowMs);
    try {
      const decision = decide(asked, nowMs);
      if (decision.price) usage.take(meter, decision.price.cost, nowMs);
      return decision;
    } finally {
      usage.release(meter);
    }
  }

  function count(call: Call, key: KeyFacts | null): MaybePromise<Answer> {
    if (!key?.subscription) return conclude(call, key, null);
    const operationId = call.target.operation?.operationId ?? '';
    const meter = usage.meterOf(key.subscription, key.lineageId, operationId, clock.nowMs());
    return meter instanceof Promise ? meter.then((found) => conclude(call, key, found)) : conclude(call, key, meter);
  }

  function answer(call: Call): MaybePromise<Answer> {
    const token = tokenOf(call.credential);
    if (token === null) return conclude(call, null, null);
    const key = store.findKey(token, call.target.api);
    return key instanceof Promise ? key.then((found) => count(call, found)) : count(call, key);
  }

  function unavailable(error: unknown, target: Target): Answer {
    onError(error);
    return { verdict: refused(null, { code: 'unavailable' }), target };
  }

  return {
    together(work) {
      isTogether = true;
      try {
        store.together(work);
      } finally {
        isTogether = false;
        // Answers are written but not sent: what was taken is on its way to the disk before they leave.
        usage.commit();
      }
    },
    verify(question) {
      const [path, query] = splitUri(question.uri);
      const credential = readCredential(question.headers, query);
      const target = readTarget(routes.current(), {
        api: question.api,
        version: question.version,
        method: question.method,
        path,
      });
      try {
        const answered = answer({ question, credential, target });
        if (answered instanceof Promise)
          return answered
            .then(async (found) => {
              await commitSoon();
              return found;
            })
            .catch((error: unknown) => unavailable(error, target));
        if (!isTogether) usage.commit();
        return answered;
      } catch (error) {
        return unavailable(error, target);
      }
    },
  };
}

/** Of a call that passed, or would have but for a policy. */
function noteBroken(
  counts: VerifierDeps['policyCounts'],
  { caller: { keyId } }: KeyFacts,
  violations: readonly Violation[],
  nowMs: number,
): void {
  for (const { policyId, rule, stage } of violations) {
    const outcome = stage === 'enforced' ? 'refused' : stage;
    counts.noteBroken({ atMs: nowMs, keyId, policyId, rule, outcome });
  }
}

/** Also a leaked key is looked up, so that its page can say so. */
function tokenOf(credential: CredentialReading): string | null {
  if (credential.ok) return credential.token;
  return credential.code === 'key_in_query' ? credential.leakedToken : null;
}

/** Path and query of a URI as received. One with a fragment has no path that two servers agree on. */
function splitUri(uri: string | null): [path: string | null, query: string] {
  if (uri === null) return [null, ''];
  const mark = uri.indexOf('?');
  const [path, query] = mark === -1 ? [uri, ''] : [uri.slice(0, mark), uri.slice(mark + 1)];
  return [uri.includes('#') ? '' : path, query];
}
