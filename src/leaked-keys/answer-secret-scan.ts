import { findTokens } from './leaked-key.ts';
import { type ReportAccessToken, type ReportLeakedKeyDeps, reportLeakedKey } from './report-leaked-key.ts';
import {
  type ScanLabel,
  type ScannerKeys,
  type SignedScan,
  isSignedByScanner,
  labelOf,
  parseScan,
} from './secret-scanning.ts';

/** Where the report gives no address, or one that holds a token: places are kept and mailed. */
const UNNAMED_PLACE = 'a public place';

export interface AnswerSecretScanDeps extends ReportLeakedKeyDeps {
  /** Empty when none are configured: then no report is believed. */
  scannerKeys: ScannerKeys;
  reportAccessToken: ReportAccessToken;
}

export type AnswerSecretScanResult =
  { ok: true; labels: readonly ScanLabel[] } | { ok: false; reason: 'not_signed' | 'malformed' };

/** Ends the keys that a signed report names, and tells the scanner which of them were ours. */
export async function answerSecretScan(deps: AnswerSecretScanDeps, scan: SignedScan): Promise<AnswerSecretScanResult> {
  if (!isSignedByScanner(deps.scannerKeys, scan)) return { ok: false, reason: 'not_signed' };
  const matches = parseScan(scan.body);
  if (!matches) return { ok: false, reason: 'malformed' };
  const labels: ScanLabel[] = [];
  for (const match of matches) {
    const place = match.url === '' || findTokens(deps.prefix, match.url).length > 0 ? UNNAMED_PLACE : match.url;
    const leak = { token: match.token, place };
    const isOurs = (await reportLeakedKey(deps, leak)) || (await deps.reportAccessToken(leak));
    labels.push(labelOf(match, isOurs));
  }
  return { ok: true, labels };
}
