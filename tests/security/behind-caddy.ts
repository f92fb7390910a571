import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { debianPrograms, findProgram } from '../support/programs.ts';
import { freePorts, startProgram } from '../support/servers.ts';

export interface PublishedPortal {
  portal: PortalProcess;
  url: string;
  httpPort: number;
  httpsPort: number;
  /** Of the authority that has signed Caddy's certificate, as PEM. */
  authorityFile: string;
  stop(): Promise<void>;
}

/** The running product as the internet sees it: behind Caddy, with TLS and a certificate of Caddy's own authority. */
export async function startBehindCaddy(): Promise<PublishedPortal> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-caddy-'));
  const [httpPort = 0, httpsPort = 0] = await freePorts(2);
  const url = `https://localhost:${httpsPort}`;
  const portal = await startPortalProcess({ PUBLIC_URL: url, TRUSTED_PROXIES: '127.0.0.1' });
  const options = [
    'admin off',
    'local_certs',
    'skip_install_trust',
    `http_port ${httpPort}`,
    `https_port ${httpsPort}`,
  ];
  const site = `localhost {\n\tbind 127.0.0.1\n\treverse_proxy 127.0.0.1:${portal.portalPort}\n}\n`;
  writeFileSync(join(folder, 'Caddyfile'), `{\n${options.map((line) => `\t${line}\n`).join('')}}\n\n${site}`);
  const caddy = await startProgram({
    command: findProgram(debianPrograms.caddy) ?? 'caddy',
    words: ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'],
    environment: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    ready: httpsPort,
  });
  const certificate = join(folder, 'caddy/certificates/local/localhost/localhost.crt');
  for (let waited = 0; !existsSync(certificate) && waited < 600; waited += 1) await pause(100);
  return {
    portal,
    url,
    httpPort,
    httpsPort,
    authorityFile: join(folder, 'caddy/pki/authorities/local/root.crt'),
    async stop() {
      await caddy.stop();
      await portal.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
