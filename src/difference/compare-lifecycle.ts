import type { JsonObject } from '../catalog/document-source.ts';
import type { CompareOptions } from './difference.ts';
import type { Ledger } from './ledger.ts';
import { sunsetOf } from './sunset.ts';

const DAY_MS = 86_400_000;
const SUBJECT = 'operation';

/** What the end of an operation owes to its callers: a deprecation before it, and time until the sunset that was told. */
export function reportRemoval(ledger: Ledger, old: JsonObject, isPathRemoved: boolean, { atMs }: CompareOptions): void {
  const sunset = sunsetOf(old);
  const name = isPathRemoved ? 'api-path-removed' : 'api-removed';
  if (sunset.atMs !== null && sunset.atMs > atMs) {
    ledger.found(`${name}-before-sunset`, SUBJECT, { from: sunset.text });
  } else {
    ledger.found(`${name}-${old.deprecated === true ? 'with' : 'without'}-deprecation`, SUBJECT);
  }
}

/** Deprecations and sunsets of an operation that stays. */
export function compareLifecycle(ledger: Ledger, old: JsonObject, now: JsonObject, options: CompareOptions): void {
  const [was, is] = [old.deprecated === true, now.deprecated === true];
  const [before, after] = [sunsetOf(old), sunsetOf(now)];
  if (was && !is) ledger.found('endpoint-reactivated', SUBJECT);
  if (!was && is) {
    const values = { to: after.text };
    ledger.found(after.atMs === null ? 'endpoint-deprecated' : 'endpoint-deprecated-with-sunset', SUBJECT, values);
    if (after.text === '') ledger.found('api-deprecated-sunset-missing', SUBJECT);
    const isTooSoon = after.atMs !== null && after.atMs < options.atMs + options.sunsetDays * DAY_MS;
    if (isTooSoon && options.sunsetDays > 0) ledger.found('api-sunset-date-too-small', SUBJECT, values);
  }
  if (is && after.text !== '' && after.atMs === null && after.text !== before.text) {
    ledger.found('api-deprecated-sunset-parse', SUBJECT, { to: after.text });
  }
  if (!was || !is || before.atMs === null) return;
  const values = { from: before.text, to: after.text };
  if (after.text === '') ledger.found('sunset-deleted', SUBJECT, values);
  else if (after.atMs !== null && after.atMs < before.atMs) {
    ledger.found('api-sunset-date-changed-too-small', SUBJECT, values);
  }
}
