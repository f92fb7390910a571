import { type CatalogLibrary, serverUrl } from '../catalog/catalog-library.ts';
import { MANAGEMENT_API_SLUG } from '../catalog/catalog.ts';
import { operationPointers, partPointer } from '../catalog/document-parts.ts';
import { type DocumentServer, serversOf } from '../catalog/document-servers.ts';
import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import { pointerPath } from '../catalog/json-pointer.ts';
import { methodOfSteps } from '../catalog/path-item.ts';
import { codeSamples } from './code-samples.ts';
import { describeExternalDocs, describeOperation, text } from './describe-operation.ts';
import { describeSecurity } from './describe-security.ts';
import { findTag, readNavigation, readTags } from './navigation.ts';
import type { OperationPage, ReferenceNavigation, SchemaPage, TagPage, WebhookPage } from './reference.ts';
import type { ReferenceStore, VersionKey } from './reference-store.ts';
import type { NamedSchema, Resolver } from './resolver.ts';
import { readSlice } from './read-slice.ts';
import { type WholeReader, createWholeReader } from './read-whole.ts';
import { makeExample } from './make-example.ts';
import { sampleRequest } from './sample-request.ts';
import { asArray } from './schema-shape.ts';
import { createTree, describeSchema, rootPlace } from './schema-tree.ts';

export interface ReferenceLibraryDeps {
  store: ReferenceStore;
  catalog: Pick<CatalogLibrary, 'version'>;
  /** Origins without a trailing slash. */
  site: { publicUrl: string; gatewayPublicUrl: string; keyPrefix: string };
}

/** The reference of published versions, page by page. null: there is no such page. */
export interface ReferenceLibrary {
  navigation(key: VersionKey): Promise<ReferenceNavigation | null>;
  /** Servers that the document names, without those that are this portal or its gateway. */
  servers(key: VersionKey): Promise<readonly DocumentServer[]>;
  /**
   * @param openId id of a node of a schema to look into, as the page names it; '' for none
   * @param ownToken what stands for the reader's own key in the samples; without it, a token of no key
   */
  operation(key: VersionKey, slug: string, openId: string, ownToken?: string | null): Promise<OperationPage | null>;
  tag(key: VersionKey, slug: string): Promise<TagPage | null>;
  /** By name; those without an address are left out. */
  schemas(key: VersionKey): Promise<readonly NamedSchema[]>;
  schema(key: VersionKey, slug: string, openId: string): Promise<SchemaPage | null>;
  /** An OpenAPI 3.1 or 3.2 document, as JSON text, of one operation alone: for the console. */
  slice(key: VersionKey, slug: string): Promise<string | null>;
  webhooks(key: VersionKey): Promise<readonly NamedSchema[]>;
  webhook(key: VersionKey, slug: string, openId: string): Promise<WebhookPage | null>;
}

export function createReferenceLibrary(deps: ReferenceLibraryDeps): ReferenceLibrary {
  const { store, catalog } = deps;
  const parts: Parts = { store, readWhole: createWholeReader(store) };
  /** Runs only for published versions. */
  const within = async <T>(key: VersionKey, read: () => Promise<T>, otherwise: T): Promise<T> =>
    (await catalog.version(key.api, key.version)) ? read() : otherwise;
  return {
    navigation: (key) => within(key, () => readNavigation(store, key, null), null),
    servers: (key) => within(key, () => readServers(store, deps.site, key), []),
    operation: (key, slug, openId, ownToken = null) =>
      within(key, () => readOperation(parts, { ...deps.site, ownToken }, key, { slug, openId }), null),
    tag: (key, slug) => within(key, () => readTag(store, key, slug), null),
    schemas: (key) => within(key, () => readNames(store, key, 'schema'), []),
    async slice(key, slug) {
      const version = await catalog.version(key.api, key.version);
      return version && readSlice(parts, deps.site, version, slug);
    },
    schema: (key, slug, openId) => within(key, () => readSchema(parts, key, slug, openId), null),
    webhooks: (key) => within(key, () => readNames(store, key, 'webhook'), []),
    webhook: (key, slug, openId) => within(key, () => readWebhook(parts, key, slug, openId), null),
  };
}

interface Parts {
  store: ReferenceStore;
  readWhole: WholeReader;
}

async function readOperation(
  { store, readWhole }: Parts,
  site: ReaderSite,
  key: VersionKey,
  { slug, openId }: { slug: string; openId: string },
): Promise<OperationPage | null> {
  const operation = await store.operation(key, slug);
  if (!operation) return null;
  const { operation: pointer, shared } = operationPointers(operation.path, operation.method);
  const described = await readWhole(key, ['', pointer, shared], (resolver) => {
    const object = objectAt(resolver, pointer);
    const tree = createTree(resolver, openId);
    const security = describeSecurity(resolver, object);
    const target = {
      method: operation.method,
      path: operation.path,
      serverUrl: serverUrl(site, key.api, key.version),
      token: placeholderToken(site, key, security),
    };
    const item = resolver.at(shared);
    const request = sampleRequest(tree, object, item, target);
    return { view: describeOperation(tree, object, item), security, request, token: target.token };
  });
  const { view, security, request, token } = described;
  const navigation = await readNavigation(store, key, operation.tag);
  return { operation, navigation, view, scopes: operation.scopes, security, samples: codeSamples(request), token };
}

type ReaderSite = ReferenceLibraryDeps['site'] & { ownToken: string | null };

/** What stands for the reader's own credential; null for an operation of the portal itself that is open to all. */
function placeholderToken(
  { keyPrefix, ownToken }: ReaderSite,
  { api }: VersionKey,
  security: ReturnType<typeof describeSecurity>,
): string | null {
  const schemes = security.flatMap((alternative) => alternative.schemes);
  if (api !== MANAGEMENT_API_SLUG) return ownToken ?? `${keyPrefix}_test_...`;
  if (schemes.length === 0) return null;
  return schemes.some(({ name }) => name === 'accessToken') ? `${keyPrefix}_pat_...` : `${keyPrefix}_test_...`;
}

async function readServers(
  store: ReferenceStore,
  site: ReferenceLibraryDeps['site'],
  key: VersionKey,
): Promise<readonly DocumentServer[]> {
  const root = (await store.parts(key, [''])).get('')?.value;
  return serversOf(root, [site.publicUrl, site.gatewayPublicUrl]);
}

async function readTag(store: ReferenceStore, key: VersionKey, slug: string): Promise<TagPage | null> {
  const found = findTag(await readTags(store, key), slug);
  if (!found) return null;
  const navigation = await readNavigation(store, key, found.name);
  const root = (await store.parts(key, [''])).get('')?.value;
  const tags = isJsonObject(root) ? asArray(root.tags).filter(isJsonObject) : [];
  const { description, externalDocs } = tags.find((one) => one.name === found.name) ?? {};
  return { tag: found, navigation, description: text(description), externalDocs: describeExternalDocs(externalDocs) };
}

async function readSchema(
  { store, readWhole }: Parts,
  key: VersionKey,
  slug: string,
  openId: string,
): Promise<SchemaPage | null> {
  const pointer = await store.findPage(key, 'schema', slug);
  if (pointer === null) return null;
  const described = await readWhole(key, [pointer], (resolver) => {
    const reference = { $ref: `#${encodeURI(pointer)}` };
    return {
      schema: describeSchema(createTree(resolver, openId), reference, rootPlace('schema')),
      example: makeExample(resolver, reference, 'response'),
    };
  });
  const example = described.example === undefined ? null : JSON.stringify(described.example, null, 2);
  const navigation = await readNavigation(store, key, null);
  return { name: nameOf(pointer), navigation, schema: described.schema, example };
}

async function readWebhook(
  { store, readWhole }: Parts,
  key: VersionKey,
  slug: string,
  openId: string,
): Promise<WebhookPage | null> {
  const pointer = await store.findPage(key, 'webhook', slug);
  if (pointer === null) return null;
  const [section = '', name = '', ...steps] = pointerPath(pointer) ?? [];
  const shared = partPointer([section, name]);
  const view = await readWhole(key, [pointer, shared], (resolver) =>
    describeOperation(createTree(resolver, openId), objectAt(resolver, pointer), resolver.at(shared)),
  );
  return { name, method: methodOfSteps(steps), navigation: await readNavigation(store, key, null), view };
}

async function readNames(store: ReferenceStore, key: VersionKey, kind: 'schema' | 'webhook'): Promise<NamedSchema[]> {
  const pages = await store.pages(key, kind);
  const names = pages.map(({ pointer, slug }) => ({
    name: kind === 'schema' ? nameOf(pointer) : (pointerPath(pointer)?.[1] ?? ''),
    slug,
  }));
  return names.sort((a, b) => alphabetical.compare(a.name, b.name));
}

const alphabetical = new Intl.Collator('en', { numeric: true });

function nameOf(pointer: string): string {
  return pointerPath(pointer)?.at(-1) ?? '';
}

function objectAt(resolver: Resolver, pointer: string): JsonObject {
  const value = resolver.at(pointer);
  return isJsonObject(value) ? value : {};
}
