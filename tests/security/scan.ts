import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';

import { issueKey, newApplication, ownerVisitor } from '../pages/visitor.ts';
import { startBehindCaddy } from './behind-caddy.ts';

/**
 * Scans the running product with wapiti (Debian package `wapiti`), as a guest and as an owner with an application and a
 * key: `npm run scan`. Takes some ten minutes. Modules that ask addresses of their makers are left out. Prints what was found
 * and is not explained here, and as its last line one JSON object; ends with 1 when anything is unexplained.
 */
const MODULES = [
  ...['blindsql', 'cookieflags', 'crlf', 'csp', 'csrf', 'exec', 'file', 'htaccess', 'http_headers', 'methods'],
  ...['permanentxss', 'redirect', 'shellshock', 'sql', 'xss', 'backup'],
];
/** What would end the session of the scanner, or its account. */
const LEFT_OUT = ['/sign-out*', '/sign-in/again*', '/account/sessions*', '/account/privacy*', '/account/two-step*'];
/** What it always finds, and why that is as it should be. */
const EXPLAINED: Readonly<Record<string, string>> = {
  'Cross Site Request Forgery':
    'It looks for a token in each form. Forms of other sites are refused by Origin and Sec-Fetch-Site, and cookies are SameSite.',
  'HTTP Secure Headers':
    'X-XSS-Protection only: browsers have removed what it switched, and the policy allows no inline script.',
};
/** For finding pages, and for each module. */
const MOST_SECONDS = Number(process.env.SCAN_SECONDS ?? 120);

/** Where somebody who is signed in begins. */
const CLOSED = ['/home', '/applications', '/account', '/owner', '/teams', '/webhooks', '/audit'];

interface Report {
  vulnerabilities: Record<string, Finding[]>;
  anomalies: Record<string, Finding[]>;
}

interface Finding {
  method: string;
  path: string;
  info: string;
}

if (!existsSync('/usr/bin/wapiti')) {
  process.stderr.write('The scan needs wapiti: apt-get install wapiti caddy\n');
  process.exit(1);
}
const published = await startBehindCaddy();
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-scan-'));
setDefaultCACertificates([readFileSync(published.authorityFile, 'utf8')]);
const owner = await ownerVisitor({ portalUrl: published.url, firstOwnerUrl: published.portal.firstOwnerUrl });
const application = await newApplication(owner);
await owner.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
await issueKey(owner, application, {});
const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

const results = {
  guest: await scan('guest', []),
  owner: await scan('owner', [
    '--header',
    `Cookie: ${cookie}`,
    ...CLOSED.flatMap((path) => ['--start', published.url + path]),
  ]),
};
const isStillSignedIn = (await owner.get('/account')).status === 200;
await published.stop();
rmSync(folder, { recursive: true });
process.stdout.write(`${JSON.stringify({ ...results, isStillSignedIn, explained: EXPLAINED })}\n`);
// Without its session the second scan would have been the first once more.
process.exitCode = isStillSignedIn && results.guest.unexplained + results.owner.unexplained === 0 ? 0 : 1;

async function scan(name: string, more: readonly string[]) {
  const report = join(folder, `${name}.json`);
  const words = [
    join(import.meta.dirname, 'scan.py'),
    ...['--url', `${published.url}/`, '--scope', 'folder', '--module', MODULES.join(','), '--no-bugreport'],
    ...['--verify-ssl', '0', '--flush-session', '--store-session', join(folder, name), '--format', 'json'],
    ...['--output', report, '--max-links-per-page', '60', '--level', '1'],
    ...['--max-scan-time', String(MOST_SECONDS), '--max-attack-time', String(MOST_SECONDS)],
    // It asks for brotli, which it cannot read.
    ...['--header', 'Accept-Encoding: identity'],
    ...LEFT_OUT.flatMap((path) => ['--exclude', `${published.url}${path}`]),
    ...more,
  ];
  const child = spawn('/usr/bin/python3', words, { stdio: ['ignore', 'pipe', 'inherit'], env: { HOME: folder } });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const { vulnerabilities, anomalies } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const pages = /found (\d+) URLs/.exec(said)?.[1] ?? '0';
  const count = (groups: Record<string, Finding[]>) =>
    Object.fromEntries(
      Object.entries(groups)
        .filter(([, found]) => found.length > 0)
        .map(([title, found]) => [title, found.length]),
    );
  const unexplained = Object.entries({ ...vulnerabilities, ...anomalies }).flatMap(([title, found]) =>
    found.filter(({ info }) => !(title in EXPLAINED) || (title === 'HTTP Secure Headers' && !info.startsWith('X-XSS'))),
  );
  for (const { method, path, info } of unexplained) process.stdout.write(`${name}: ${method} ${path}: ${info}\n`);
  return {
    code,
    pages: Number(pages),
    found: count({ ...vulnerabilities, ...anomalies }),
    unexplained: unexplained.length,
  };
}
