import { type RouteTable, buildRouteTable } from './route-table.ts';
import type { VerificationStore } from './verification-store.ts';

/** A change of the catalogue counts after this long at the latest. Keys and plans are read on every call instead. */
export const ROUTES_POLL_MS = 1000;

/** The current routes, kept in memory. */
export interface Routes {
  current(): RouteTable;
  /** Loads them when they changed. */
  refresh(): Promise<void>;
  start(): void;
  stop(): void;
}

/** @param onError told when the routes could not be read; the last ones stay in force */
export async function createRoutes(store: VerificationStore, onError: (error: unknown) => void): Promise<Routes> {
  let table = buildRouteTable([]);
  let fingerprint = '';
  let timer: NodeJS.Timeout | null = null;
  const routes: Routes = {
    current: () => table,
    async refresh() {
      const latest = await store.routesFingerprint();
      if (latest === fingerprint) return;
      table = buildRouteTable(await store.loadRoutes());
      fingerprint = latest;
    },
    start() {
      timer ??= setInterval(() => void routes.refresh().catch(onError), ROUTES_POLL_MS);
    },
    stop() {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
  await routes.refresh();
  return routes;
}
