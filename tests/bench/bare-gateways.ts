import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type GatewayPorts, type GatewayProgram, freePort, start } from '../gateways/programs.ts';

/** The same proxies in front of the same service, asking nobody: the floor to compare with. */
export async function startBareNginx(folder: string, { upstreamPort }: GatewayPorts): Promise<GatewayProgram> {
  const port = await freePort();
  const place = join(folder, 'bare-nginx');
  mkdirSync(join(place, 'temp'), { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const main = `
    daemon off;
    worker_processes 1;
    pid ${place}/nginx.pid;
    error_log stderr crit;
    events { worker_connections 128; }
    http {
      access_log ${place}/access.log;
      ${temporary.map((name) => `${name}_temp_path ${place}/temp/${name};`).join('\n')}
      server {
        listen 127.0.0.1:${port};
        location /parcels/ { proxy_pass http://127.0.0.1:${upstreamPort}/; }
      }
    }`;
  writeFileSync(join(place, 'nginx.conf'), main);
  return start('nginx', ['-p', place, '-c', join(place, 'nginx.conf'), '-e', 'stderr'], {}, port, 'SIGQUIT');
}

export async function startBareCaddy(folder: string, { upstreamPort }: GatewayPorts): Promise<GatewayProgram> {
  const port = await freePort();
  const place = join(folder, 'bare-caddy');
  mkdirSync(place);
  const site = `http://:${port} {\n\troute /parcels/* {\n\t\turi strip_prefix /parcels\n\t\treverse_proxy 127.0.0.1:${upstreamPort}\n\t}\n}\n`;
  writeFileSync(join(place, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n\n${site}`);
  const environment = { HOME: place, XDG_DATA_HOME: place, XDG_CONFIG_HOME: place };
  const words = ['run', '--config', join(place, 'Caddyfile'), '--adapter', 'caddyfile'];
  return start('caddy', words, environment, port, 'SIGTERM');
}
