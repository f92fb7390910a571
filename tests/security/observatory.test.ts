import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeWithPrograms } from '../support/with-programs.ts';
import { type PublishedPortal, startBehindCaddy } from './behind-caddy.ts';

interface Scan {
  score: number;
  grade: string;
  results: { name: string; result: string; pass: boolean; modifier: number }[];
}

const run = promisify(execFile);

describeWithPrograms('the portal behind Caddy with TLS', ['caddy'], () => {
  let published: PublishedPortal;
  beforeAll(async () => {
    published = await startBehindCaddy();
  });
  afterAll(() => published.stop());

  test('has 130 points and A+ from the MDN HTTP Observatory', { timeout: 60_000 }, async () => {
    const scan = join(import.meta.dirname, 'observatory-scan.mjs');
    const { httpPort, httpsPort, authorityFile } = published;
    const environment = { ...process.env, NODE_EXTRA_CA_CERTS: authorityFile };
    const words = [scan, 'localhost', String(httpPort), String(httpsPort)];
    const { stdout } = await run(process.execPath, words, { env: environment });
    const { score, grade, results } = JSON.parse(stdout) as Scan;
    process.stdout.write(`${score} points, ${grade}\n`);
    expect(results.filter(({ pass }) => !pass)).toEqual([]);
    expect([grade, score >= 130]).toEqual(['A+', true]);
  });
});
