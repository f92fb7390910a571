import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';

import { tokenOf } from '../pages/mailbox.ts';
import { PASSWORD, createVisitor, issueKey, newApplication } from '../pages/visitor.ts';
import { startBehindCaddy } from './behind-caddy.ts';

/**
 * Scans the running product with wapiti (Debian package `wapiti`), as a guest and as an owner with an application and a
 * key: `npm run scan`. Takes some ten minutes. Nothing leaves this machine: modules that ask addresses of their makers are
 * left out. Prints what was found, and as its last line one JSON object.
 */
const MODULES = [
  ...['blindsql', 'cookieflags', 'crlf', 'csp', 'csrf', 'exec', 'file', 'htaccess', 'http_headers', 'methods'],
  ...['permanentxss', 'redirect', 'shellshock', 'sql', 'xss', 'backup'],
];
/** What would end the session of the scanner, or its account. */
const LEFT_OUT = ['/sign-out*', '/sign-in/again*', '/account/sessions*', '/account/privacy*', '/account/two-step*'];
/** For finding pages, and for each module. */
const MOST_SECONDS = Number(process.env.SCAN_SECONDS ?? 120);

interface Report {
  vulnerabilities: Record<string, Finding[]>;
  anomalies: Record<string, Finding[]>;
  additionals: Record<string, Finding[]>;
  infos: { crawled_pages_nbr?: number };
}

interface Finding {
  method: string;
  path: string;
  info: string;
  level: number;
}

const published = await startBehindCaddy();
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-scan-'));
setDefaultCACertificates([readFileSync(published.authorityFile, 'utf8')]);
const owner = createVisitor(published.url);
await owner.post('/first-owner', {
  token: tokenOf(published.portal.firstOwnerUrl),
  email: 'owner@provider.example',
  password: PASSWORD,
});
const application = await newApplication(owner);
await owner.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
await issueKey(owner, application, {});
const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

const results = { guest: await scan('guest', []), owner: await scan('owner', ['--header', `Cookie: ${cookie}`]) };
const isStillSignedIn = (await owner.get('/account')).status === 200;
await published.stop();
rmSync(folder, { recursive: true });
process.stdout.write(`${JSON.stringify({ ...results, isStillSignedIn })}\n`);

async function scan(name: string, more: readonly string[]) {
  const report = join(folder, `${name}.json`);
  const words = [
    join(import.meta.dirname, 'scan.py'),
    ...['--url', `${published.url}/`, '--scope', 'folder', '--module', MODULES.join(','), '--no-bugreport'],
    ...['--verify-ssl', '0', '--flush-session', '--store-session', join(folder, name), '--format', 'json'],
    ...[
      '--output',
      report,
      '--max-scan-time',
      String(MOST_SECONDS),
      '--max-attack-time',
      String(MOST_SECONDS),
      '--max-links-per-page',
      '60',
      '--level',
      '1',
    ],
    // It asks for brotli, which it cannot read.
    ...['--header', 'Accept-Encoding: identity'],
    ...LEFT_OUT.flatMap((path) => ['--exclude', `${published.url}${path}`]),
    ...more,
  ];
  const child = spawn('/usr/bin/python3', words, { stdio: ['ignore', 'inherit', 'inherit'], env: { HOME: folder } });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const { vulnerabilities, anomalies, additionals, infos } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const count = (groups: Record<string, Finding[]>) =>
    Object.fromEntries(
      Object.entries(groups)
        .filter(([, found]) => found.length > 0)
        .map(([title, found]) => [title, found.length]),
    );
  for (const [title, found] of Object.entries({ ...vulnerabilities, ...anomalies }))
    for (const { method, path, info, level } of found.slice(0, 20))
      process.stdout.write(`${name}: ${title} (${level}): ${method} ${path}: ${info}\n`);
  return {
    code,
    pages: infos.crawled_pages_nbr ?? null,
    ...{ vulnerabilities: count(vulnerabilities) },
    anomalies: count(anomalies),
    additionals: count(additionals),
  };
}
