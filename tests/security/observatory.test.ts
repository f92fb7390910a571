import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { debianPrograms, findProgram } from '../support/programs.ts';
import { type Program, freePorts, startProgram } from '../support/servers.ts';
import { describeWithPrograms } from '../support/with-programs.ts';

interface Scan {
  score: number;
  grade: string;
  results: { name: string; result: string; pass: boolean; modifier: number }[];
}

const run = promisify(execFile);

describeWithPrograms('the portal behind Caddy with TLS', ['caddy'], () => {
  let folder: string;
  let portal: PortalProcess;
  let caddy: Program;
  let ports: number[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-observatory-'));
    ports = await freePorts(2);
    const [httpPort = 0, httpsPort = 0] = ports;
    const url = `https://localhost:${httpsPort}`;
    portal = await startPortalProcess({ PUBLIC_URL: url, TRUSTED_PROXIES: '127.0.0.1' });
    const options = [
      'admin off',
      'local_certs',
      'skip_install_trust',
      `http_port ${httpPort}`,
      `https_port ${httpsPort}`,
    ];
    const site = `localhost {\n\tbind 127.0.0.1\n\treverse_proxy 127.0.0.1:${portal.portalPort}\n}\n`;
    writeFileSync(join(folder, 'Caddyfile'), `{\n${options.map((line) => `\t${line}\n`).join('')}}\n\n${site}`);
    caddy = await startProgram({
      command: findProgram(debianPrograms.caddy) ?? 'caddy',
      words: ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'],
      environment: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      ready: httpsPort,
    });
    const certificate = join(folder, 'caddy/certificates/local/localhost/localhost.crt');
    await vi.waitUntil(() => existsSync(certificate), 60_000);
  });
  afterAll(async () => {
    await caddy.stop();
    await portal.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('has 130 points and A+ from the MDN HTTP Observatory', { timeout: 60_000 }, async () => {
    const scan = join(import.meta.dirname, 'observatory-scan.mjs');
    const environment = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'caddy/pki/authorities/local/root.crt') };
    const { stdout } = await run(process.execPath, [scan, 'localhost', ...ports.map(String)], { env: environment });
    const { score, grade, results } = JSON.parse(stdout) as Scan;
    process.stdout.write(`${score} points, ${grade}\n`);
    expect(results.filter(({ pass }) => !pass)).toEqual([]);
    expect([grade, score >= 130]).toEqual(['A+', true]);
  });
});
