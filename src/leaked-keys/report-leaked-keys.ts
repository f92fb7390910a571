import type { RequestOrigin, TooMany } from '../accounts/account.ts';
import { leakReportAllowance } from '../accounts/allowance.ts';
import type { AllowanceStore } from '../accounts/allowance-store.ts';
import { type ReportAccessToken, type ReportLeakedKeyDeps, reportLeakedKey } from './report-leaked-key.ts';

export interface ReportLeakedKeysDeps extends ReportLeakedKeyDeps {
  allowances: Pick<AllowanceStore, 'take'>;
  reportAccessToken: ReportAccessToken;
}

export type ReportLeakedKeysResult = { ok: true } | TooMany<'too_many_reports'>;

/** A report by anybody who found tokens. The answer never tells whether there is such a key. */
export async function reportLeakedKeys(
  deps: ReportLeakedKeysDeps,
  tokens: readonly string[],
  origin: RequestOrigin,
): Promise<ReportLeakedKeysResult> {
  const waitMs = await deps.allowances.take([leakReportAllowance(origin.address)], deps.clock.nowMs());
  if (waitMs > 0) return { ok: false, reason: 'too_many_reports', retryAfterSeconds: Math.ceil(waitMs / 1000) };
  for (const token of tokens) {
    const leak = { token, place: '' };
    if (!(await reportLeakedKey(deps, leak))) await deps.reportAccessToken(leak);
  }
  return { ok: true };
}
