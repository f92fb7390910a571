import type { CatalogPublisher } from '../catalog/catalog-publisher.ts';
import type { Log } from '../platform/log.ts';

const EVERY_MS = 2000;

/** Looks every two seconds for changed documents: a change is published within about five, without a restart. */
export function startPublishing(publisher: Pick<CatalogPublisher, 'look'>, log: Log): { stop(): Promise<void> } {
  let running = Promise.resolve();
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    if (!isStopped) timer = setTimeout(look, EVERY_MS).unref();
  };
  const look = (): void => {
    running = publisher
      .look()
      .catch((error: unknown) => log.error({ err: error }, 'changed documents could not be published'))
      .then(wait);
  };
  wait();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
