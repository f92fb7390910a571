import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePorts, startProgram } from './servers.ts';

const root = join(import.meta.dirname, '../..');

/** The whole product, running: portal, verifier and built-in gateway, in demo mode on a database of its own. */
export interface PortalProcess {
  portalUrl: string;
  verifierUrl: string;
  gatewayUrl: string;
  portalPort: number;
  verifierPort: number;
  gatewayPort: number;
  /** Of the demo API's service behind the gateway. */
  servicePort: number;
  /** Makes the first owner account; works once. */
  firstOwnerUrl: string;
  dataDir: string;
  /** Of the portal, which has started the verifier. */
  pid: number;
  /** Everything it has written so far. */
  output(): string;
  /** Ends it and removes its data. Resolves to the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts the product as `npm start` does, once the pages are built. Takes some seconds: do it once per file.
 * @param environment more settings, such as KEY_PREFIX
 */
export async function startPortalProcess(environment: Readonly<Record<string, string>> = {}): Promise<PortalProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-portal-'));
  const removeData = (): void => rmSync(dataDir, { recursive: true, force: true });
  const [portalPort = 0, verifierPort = 0, gatewayPort = 0, servicePort = 0] = await freePorts(4);
  const ports = {
    PORT: String(portalPort),
    VERIFIER_PORT: String(verifierPort),
    GATEWAY_PORT: String(gatewayPort),
    UPSTREAMS: `parcels=http://127.0.0.1:${servicePort}`,
  };
  const program = await startProgram({
    command: process.execPath,
    words: [join(root, 'src/main.ts'), '--mode', 'demo'],
    folder: root,
    environment: { ...ports, DATA_DIR: dataDir, ...environment },
    ready: /Ctrl-C ends it/,
  }).catch((error: unknown) => {
    removeData();
    throw error;
  });
  return {
    portalUrl: `http://127.0.0.1:${portalPort}`,
    verifierUrl: `http://127.0.0.1:${verifierPort}`,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    portalPort,
    verifierPort,
    gatewayPort,
    servicePort,
    firstOwnerUrl: /First owner\s+(\S+)/.exec(program.output())?.[1] ?? '',
    dataDir,
    pid: program.process.pid ?? 0,
    output: () => program.output(),
    stop: () => program.stop().finally(removeData),
  };
}
