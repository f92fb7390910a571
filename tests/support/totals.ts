import { relative } from 'node:path';

/** What Vitest's JSON reporter writes, as far as it is needed here. */
export interface RunResults {
  testResults: readonly FileResult[];
}

interface FileResult {
  name: string;
  status: string;
  assertionResults: readonly { status: string; ancestorTitles: readonly string[]; title: string }[];
}

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  /** Where, and in the title why; each once. */
  skippedSuites: readonly string[];
}

/**
 * Counts one run. A file that could not be loaded and an error outside of every test count as failed: a run never
 * looks better than it was.
 */
export function countTests({ testResults }: RunResults, exitCode: number): Totals {
  const tests = testResults.flatMap((file) => file.assertionResults.map((result) => ({ ...result, file: file.name })));
  const count = (status: string): number => tests.filter((result) => result.status === status).length;
  const failed = count('failed') + testResults.filter(isBroken).length;
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const places = skipped.map(({ file, ancestorTitles, title }) =>
    [relative(process.cwd(), file), ...(ancestorTitles.length > 0 ? ancestorTitles : [title])].join(' > '),
  );
  return {
    passed: count('passed'),
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: skipped.length,
    skippedSuites: [...new Set(places)].sort(),
  };
}

/** The file failed, none of its tests did: it could not be loaded, or a hook of it threw. */
function isBroken({ status, assertionResults }: FileResult): boolean {
  return status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
}

/** The last lines of a run: what was skipped, then the totals. */
export function formatTotals({ passed, failed, skipped, skippedSuites }: Totals): string {
  const skips = skippedSuites.map((suite) => `skipped: ${suite}\n`).join('');
  return `${skips}${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
}
