import { isIPv6 } from 'node:net';

/** `malformed`: not a host at all (RFC 9110, 7.2). `foreign`: a host that is not ours. */
export type HostVerdict = 'ours' | 'foreign' | 'malformed';

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Ours are PUBLIC_URL's host and, for health checks and local use, the loopback names with the listening port.
 * Pages take their own address from Host, so a foreign one must never reach them.
 */
export function createHostCheck(publicUrl: string): (host: string | undefined, localPort: number) => HostVerdict {
  const { hostname, port, protocol } = new URL(publicUrl);
  const defaultPort = protocol === 'https:' ? 443 : 80;
  const publicPort = port === '' ? defaultPort : Number(port);
  return (host, localPort) => {
    const [, name = '', portText] = HOST.exec(host ?? '') ?? [];
    const isBroken = name.startsWith('[') && !isIPv6(name.slice(1, -1));
    if (name === '' || isBroken || Number(portText ?? 0) > 65_535) return 'malformed';
    const lowerName = name.toLowerCase();
    if (lowerName === hostname && Number(portText ?? defaultPort) === publicPort) return 'ours';
    return LOOPBACK.has(lowerName) && Number(portText ?? 80) === localPort ? 'ours' : 'foreign';
  };
}
