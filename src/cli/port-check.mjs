import { createServer } from 'node:net';

/** Name, host and default of each port; checked here so that nobody waits for an installation first. */
const PORTS = [
  { setting: 'PORT', host: 'HOST', fallback: '4321' },
  { setting: 'VERIFIER_PORT', host: 'VERIFIER_HOST', fallback: '4322' },
  { setting: 'GATEWAY_PORT', host: 'GATEWAY_HOST', fallback: '8080' },
];

/**
 * The first port that another program holds, or null.
 * @param {NodeJS.ProcessEnv} environment
 */
export async function busyPort(environment) {
  for (const { setting, host, fallback } of PORTS) {
    const port = Number(environment[setting] || fallback);
    if (await isBusy(port, environment[host] || '127.0.0.1')) return { setting, port };
  }
  return null;
}

/**
 * @param {number} port
 * @param {string} host
 */
function isBusy(port, host) {
  // A port that is not a number is the portal's to complain about, together with all other settings.
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return false;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error && error.code === 'EADDRINUSE'));
    server.listen(port, host, () => server.close(() => resolve(false)));
  });
}
