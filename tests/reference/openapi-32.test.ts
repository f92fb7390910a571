import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { operationMarkdown, tagMarkdown, webhookMarkdown } from '../../src/reference/reference-markdown.ts';
import type { OperationPage } from '../../src/reference/reference.ts';
import { placeTags } from '../../src/reference/tag-order.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';
import { KEY, publish } from './published.ts';

const depot = readFileSync('tests/catalog/depot.yaml', 'utf8');

forEachDialect((dialect) => {
  let opened: TestDatabase;
  let published: Awaited<ReturnType<typeof publish>>;
  beforeEach(async () => {
    opened = await openTestDatabase(dialect);
    published = await publish(opened, depot);
  });
  afterEach(() => opened.close());

  const pageOf = async (slug: string): Promise<OperationPage> => {
    const page = await published.reference.operation(KEY, slug, '');
    if (!page) throw new Error(`no page ${slug}`);
    return page;
  };

  test('every operation has a page, a Markdown form, samples and a document for the console, whatever its method', async () => {
    const { document, reference } = published;
    for (const { slug, method } of document.operations) {
      const page = await pageOf(slug);
      expect(page.operation.method).toBe(method);
      expect(page.view.responses).toHaveLength(1);
      expect(
        page.samples.map(({ code }) => code.toUpperCase().includes(method) || method === 'GET' || method === 'POST'),
      ).not.toContain(false);
      expect(operationMarkdown(page, 'https://api.example', '')).toContain(`${method} https://api.example`);
      const slice = JSON.parse((await reference.slice(KEY, slug)) ?? '') as { openapi: string; paths: object };
      expect(slice.openapi).toBe('3.2.0');
      expect(JSON.stringify(slice.paths)).toContain('"responses"');
    }
    expect((await reference.navigation(KEY))?.tags.map((tag) => tag.operationCount)).toEqual([4, 1, 2]);
  });

  test('the document for the console has an additional operation where OpenAPI 3.2 puts it', async () => {
    const slice = JSON.parse((await published.reference.slice(KEY, 'copy-shelf')) ?? '') as unknown;
    expect(slice).toMatchObject({
      paths: { '/shelves/{shelfId}': { additionalOperations: { COPY: { operationId: 'copyShelf' } } } },
    });
    const query = JSON.parse((await published.reference.slice(KEY, 'search-shelves')) ?? '') as unknown;
    expect(query).toMatchObject({ paths: { '/shelves': { query: { requestBody: { required: true } } } } });
  });

  test('a query string is one parameter, and the sample call has it filled in', async () => {
    const { view, samples } = await pageOf('list-shelves');
    expect(view.parameters.map(({ place, parameters }) => [place, parameters.map(({ name }) => name)])).toEqual([
      ['querystring', ['filter']],
      ['header', ['X-Trace']],
    ]);
    const [filter] = view.parameters[0]?.parameters ?? [];
    expect(filter).toMatchObject({
      schema: { component: { name: 'ShelfFilter' } },
      example: 'depot=NRW+1&minGrams=20000',
    });
    expect(samples[0]?.code).toContain('/shelves?depot=NRW%201&minGrams=20000');
  });

  test('a body takes shared media types, and examples by their data or as they are sent', async () => {
    const { view, samples } = await pageOf('search-shelves');
    expect(view.body?.contents[0]?.examples[0]?.text).toBe('{\n  "depot": "NRW",\n  "minGrams": 20000\n}');
    expect(view.responses[0]).toMatchObject({ summary: 'What was found', description: 'Best first.' });
    expect(view.responses[0]?.contents[0]?.schema?.type).toContain('array');
    expect(view.responses[0]?.contents[0]?.examples[0]).toMatchObject({ title: 'two', isMade: false });
    expect(samples[0]?.code).toMatch(/QUERY[\s\S]*"minGrams": ?20000/);
  });

  test('a stream shows the schema of its items', async () => {
    const { view } = await pageOf('stream-events');
    const [events, lines] = view.responses[0]?.contents ?? [];
    expect(events).toMatchObject({ mediaType: 'text/event-stream', schema: null });
    expect(events?.itemSchema?.properties.map(({ name }) => name)).toEqual(['event', 'data']);
    expect(events?.examples[0]?.text).toMatch(/^event: arrived\ndata: /);
    expect(lines?.itemSchema?.component?.name).toBe('Event');
    expect(lines?.examples[0]?.text).not.toContain('\n');
    const markdown = operationMarkdown(await pageOf('stream-events'), 'https://api.example', '');
    expect(markdown).toContain('Each item: ');
    expect(markdown).toContain('## Response 200: A stream without end');
  });

  test('the option that takes everything else is named', async () => {
    const options = (await published.reference.schema(KEY, 'Event', ''))?.schema.choice?.options;
    expect(options?.map(({ label, value, isDefault }) => [label, value, isDefault])).toEqual([
      ['Arrival', 'arrival', false],
      ['Departure', 'departure', false],
      ['OtherEvent', null, true],
    ]);
  });

  test('tags stand under their parents by their summaries; their addresses are their names', async () => {
    const navigation = await published.reference.navigation(KEY);
    expect(navigation?.tags.map(({ slug, title, depth, heading }) => [slug, title, depth, heading])).toEqual([
      ['shelves', 'Shelves and bays', 1, 'Storage'],
      ['other-operations', 'Other operations', 0, null],
      ['events', 'Event stream', 0, null],
    ]);
    const page = await published.reference.tag(KEY, 'shelves');
    expect(page && tagMarkdown(page, '')).toMatch(/^# Shelves and bays\n[\s\S]*COPY \/shelves\/\{shelfId\}/);
  });

  test('servers have their names, and webhooks any method', async () => {
    expect((await published.reference.servers(KEY)).map(({ name }) => name)).toEqual(['production', 'sandbox']);
    const webhooks = await published.reference.webhooks(KEY);
    const methods = [];
    for (const { slug } of webhooks) {
      const page = await published.reference.webhook(KEY, slug, '');
      methods.push(page?.method);
      expect(page && webhookMarkdown(page, '')).toContain(page?.method);
    }
    expect(methods).toEqual(['QUERY', 'NOTIFY']);
  });
});

test.each([
  ['a circle', { a: 'b', b: 'a' }],
  ['itself', { a: 'a' }],
  ['nobody', { a: 'nobody' }],
])('a tag whose parent is %s stands by itself', (_, parents: Record<string, string>) => {
  const tags = Object.entries(parents).map(([name, parent]) => ({ name, parent }));
  const places = placeTags(Object.keys(parents), { tags });
  expect(places.map(({ name, depth, heading }) => [name, depth, heading])).toEqual(
    Object.keys(parents).map((name) => [name, 0, null]),
  );
});

test('a tag stands once, however its children are scattered', () => {
  const tags = [
    { name: 'top' },
    { name: 'mid', parent: 'top' },
    { name: 'a', parent: 'mid' },
    { name: 'b', parent: 'top' },
  ];
  const places = placeTags(['b', 'other', 'a', 'top'], { tags });
  expect(places.map(({ name, depth, heading }) => [name, depth, heading])).toEqual([
    ['top', 0, null],
    ['b', 1, null],
    ['a', 2, 'mid'],
    ['other', 0, null],
  ]);
});
