import { type CatalogLibrary, createCatalogLibrary } from '../catalog/catalog-library.ts';
import { createCatalogPublisher } from '../catalog/catalog-publisher.ts';
import { createCatalogStore } from '../catalog/catalog-store.ts';
import { startPublishing } from '../jobs/publish-documents.ts';
import { createPlanStore } from '../plans/plan-store.ts';
import type { Foundation } from './foundation.ts';

/** Publishes the documents of CONTENT_DIR once; after `start`, again whenever they change. */
export async function publishCatalog({ config, databases, clock, log }: Foundation): Promise<{
  library: CatalogLibrary;
  start(): void;
  stop(): Promise<void>;
}> {
  const store = createCatalogStore(databases.portal);
  const publisher = createCatalogPublisher({ store, clock, log, ...config });
  await publisher.publish();
  const plans = createPlanStore(databases.portal);
  let publishing: ReturnType<typeof startPublishing> | null = null;
  return {
    library: createCatalogLibrary({ store, plans, problems: () => publisher.problems(), site: config }),
    start: () => {
      publishing ??= startPublishing(publisher, log);
    },
    stop: async () => publishing?.stop(),
  };
}
