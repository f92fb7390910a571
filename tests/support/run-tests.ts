import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installDebianPackages } from './debian-packages.ts';
import { runWithProgress } from './progress.ts';
import { type RunResults, type Totals, countTests, formatTotals } from './totals.ts';

// `npm test`, or `npm test -- tests/keys` for a part. Whatever happens, the last line is the totals.
const nothing: Totals = { passed: 0, failed: 1, skipped: 0, skippedSuites: [] };
const totals = await runAll(process.argv.slice(2)).catch((error: unknown) => {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return nothing;
});
process.stdout.write(formatTotals(totals));
process.exitCode = totals.failed > 0 ? 1 : 0;

async function runAll(words: readonly string[]): Promise<Totals> {
  await installDebianPackages();
  await runWithProgress('Building the pages', process.execPath, ['src/cli/start.mjs', 'build']);
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-totals-'));
  try {
    const results = join(folder, 'results.json');
    const exitCode = await runVitest(results, words);
    return countTests(JSON.parse(readFileSync(results, 'utf8')) as RunResults, exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runVitest(results: string, words: readonly string[]): Promise<number> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config=.config/vitest.config.ts', ...reporters, ...words];
  const child = spawn(process.execPath, vitest, { stdio: 'inherit' });
  // Ctrl-C reaches Vitest too, which stops its servers; this process waits for it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
