import type { Server } from 'node:http';

import type { ClientAddressResolver } from '../platform/client-address.ts';

/**
 * Closes a connection at once when its peer holds `mostPerAddress` already. Trusted proxies carry everybody's
 * connections and are exempt.
 */
export function limitConnections(server: Server, resolver: ClientAddressResolver, mostPerAddress: number): void {
  const openByAddress = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = resolver.resolve(socket.remoteAddress, undefined);
    if (!address) {
      socket.destroy();
      return;
    }
    if (resolver.trusts(address)) return;
    const open = openByAddress.get(address.text) ?? 0;
    if (open >= mostPerAddress) {
      socket.destroy();
      return;
    }
    openByAddress.set(address.text, open + 1);
    socket.once('close', () => {
      const left = (openByAddress.get(address.text) ?? 1) - 1;
      if (left > 0) openByAddress.set(address.text, left);
      else openByAddress.delete(address.text);
    });
  });
}
