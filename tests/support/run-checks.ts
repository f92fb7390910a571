import { runWithProgress } from './progress.ts';

/** What `npm run check` runs, each to its end. The first writes types that the second reads. */
const checks: [label: string, script: string, ...words: string[]][] = [
  ['Types of the pages', 'astro/bin/astro.mjs', 'check', '--minimumSeverity', 'error'],
  ['Types', 'typescript/bin/tsc', '--noEmit', '-p', '.'],
  ['Lint', 'eslint/bin/eslint.js', '--config', '.config/eslint.config.js', '--max-warnings', '0', '.'],
  ['Format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  [
    'Architecture',
    'vitest/vitest.mjs',
    'run',
    '--reporter=dot',
    '--config',
    '.config/vitest.config.ts',
    'tests/architecture.test.ts',
  ],
];

for (const [label, script, ...words] of checks) {
  try {
    await runWithProgress(label, process.execPath, [`node_modules/${script}`, ...words]);
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
