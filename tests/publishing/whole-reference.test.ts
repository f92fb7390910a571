import { afterEach, beforeEach, expect, test } from 'vitest';

import { createCatalogLibrary } from '../../src/catalog/catalog-library.ts';
import { readingWhole } from '../../src/composition/whole-reference.ts';
import { createPublishedDocumentStore } from '../../src/difference/published-document-store.ts';
import { createPlanStore } from '../../src/plans/plan-store.ts';
import { publishRevision } from '../../src/publishing/publish-revision.ts';
import { createReferenceLibrary } from '../../src/reference/reference-library.ts';
import { type ReferenceStore, createReferenceStore } from '../../src/reference/reference-store.ts';
import { forEachDialect } from '../support/databases.ts';
import { KEY, type OpenPress, documentText, openPress } from './press.ts';

const site = { publicUrl: 'https://portal.example', gatewayPublicUrl: 'https://api.example', keyPrefix: 'gth' };

forEachDialect((dialect) => {
  let press: OpenPress;
  beforeEach(async () => {
    press = await openPress(dialect);
  });
  afterEach(() => press.close());

  test('what is published while a page is read is on it as a whole, or not at all', async () => {
    const { database } = press.portal;
    await press.submit(documentText('2.1.0', ['/parcels', '/quotes'], 'New'));
    const publish = () =>
      publishRevision(press.press, press.owner, { ...KEY, number: 2, basis: 1, allowsBreaking: false, note: '' });
    // Another document is published after the operation was read, and before its parts are.
    let outcome: Awaited<ReturnType<typeof publish>> | null = null;
    const store = createReferenceStore(database);
    const disturbed: ReferenceStore = {
      ...store,
      async operation(key, slug) {
        const found = await store.operation(key, slug);
        outcome ??= await publish();
        return found;
      },
    };
    const plans = createPlanStore(database);
    const catalog = createCatalogLibrary({ store: press.catalog, plans, problems: () => [], site });
    const library = createReferenceLibrary({ store: disturbed, catalog, site });
    const whole = readingWhole(library, createPublishedDocumentStore(database));
    const page = await whole.operation({ api: 'parcels', version: 'v2' }, 'getparcels', '');
    expect(outcome).toMatchObject({ ok: true });
    expect(page?.operation.summary).toBe('New');
  });
});
