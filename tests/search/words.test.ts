import { describe, expect, test } from 'vitest';

import { fitOf, pathTemplate, readCallPath } from '../../src/search/call-path.ts';
import { excerptOf, markText } from '../../src/search/mark-text.ts';
import { sectionsOf, textOfMarkdown } from '../../src/search/plain-text.ts';
import { foldName, foldWord, indexWords, questionWords } from '../../src/search/words.ts';
import type { MarkedText } from '../../src/search/search.ts';

const shown = (text: MarkedText): string =>
  text.map((piece) => (piece.isHit ? `[${piece.text}]` : piece.text)).join('');

describe('words', () => {
  test.each([
    ['createParcel', ['createparcel', 'create', 'parcel']],
    ['HTTPServer2', ['httpserver2', 'http', 'server', '2']],
    ['/parcels/{parcelId}', ['parcel', 'parcelid', 'parcel', 'id']],
    ['key_expired', ['key', 'expired']],
    ['the status of an address', ['status', 'address']],
    ['Größe, café', ['große', 'cafe']],
    ['荷物を送る', ['荷物を送る']],
    ['', []],
  ])('the index knows %j by %j', (text, words) => expect(indexWords(text)).toEqual(words));

  test.each([
    ['How do I rotate a key?', ['rotate', 'key']],
    ['GET /parcels', ['get', 'parcel']],
    ['createParcel', ['create', 'parcel']],
    ['to be', ['to', 'be']],
    ['key KEY keys', ['key']],
    ['... !', []],
  ])('%j asks for %j', (text, words) => expect(questionWords(text)).toEqual(words));

  test('a question of many words is cut', () =>
    expect(
      questionWords(Array.from({ length: 100 }, (_, index) => `word${index}x`).join(' ')).length,
    ).toBeLessThanOrEqual(10));

  test('every word of a question is a word of the index: what is folded on one side is on the other', () => {
    for (const word of ['Parcels', 'ADDRESSES', 'status', 'Über', 'v2'])
      expect(indexWords(word)).toContain(foldWord(word));
  });

  test('names are the same without case and slash at the end', () =>
    expect(foldName(' GET  /Parcels/ ')).toBe(foldName('get /parcels')));
});

describe('marks', () => {
  test.each([
    ['Create a parcel', ['create', 'parcel'], '[Create] a [parcel]'],
    ['createParcel', ['parcel'], 'create[Parcel]'],
    ['/parcels/{parcelId}', ['parcel'], '/[parcels]/{[parcel]Id}'],
    ['<b>key</b>', ['key'], '<b>[key]</b>'],
    ['nothing', ['key'], 'nothing'],
  ])('%j', (text, words, expected) => expect(shown(markText(text, new Set(words)))).toBe(expected));

  test('an excerpt shows the place where the word stands, and is short', () => {
    const text = `${'before '.repeat(100)}the needle ${'after '.repeat(100)}`;
    const excerpt = shown(excerptOf(text, new Set(['needle'])));
    expect(excerpt).toContain('[needle]');
    expect(excerpt).toMatch(/^\.\.\. before.* \.\.\.$/);
    expect(excerpt.length).toBeLessThan(220);
  });
});

describe('an address that was called', () => {
  const templates = [
    ['GET', '/parcels'],
    ['GET', '/parcels/{parcelId}'],
    ['POST', '/parcels/{parcelId}/labels'],
    ['GET', '/{anything}'],
  ] as const;
  test.each([
    ['GET /parcels/17', ['GET /parcels/{parcelId}']],
    ['https://api.example/parcels/v2/parcels/17/labels?x=1', ['POST /parcels/{parcelId}/labels']],
    ['/parcels', ['GET /parcels']],
    ['DELETE /parcels', []],
    ['parcels', []],
    ['/parcels and more', []],
    ['/', []],
  ])('%j belongs to %j', (text, expected) => {
    const call = readCallPath(text);
    const found = templates.filter(([method, path]) => call && (fitOf(call, pathTemplate(method, path)) ?? 0) > 0.75);
    expect(found.map((template) => template.join(' '))).toEqual(expected);
  });
});

describe('plain text', () => {
  test('sections of a guide begin at its headings', () => {
    const html =
      '<p>First &amp; last</p><h2 id="a-b">A <code>b</code></h2><p>x</p><ul><li>y</li></ul><h3 id="c">C</h3><pre><code>&lt;z&gt;</code></pre>';
    expect(sectionsOf(html)).toEqual([
      { id: '', heading: '', text: 'First & last' },
      { id: 'a-b', heading: 'A b', text: 'x y' },
      { id: 'c', heading: 'C', text: '<z>' },
    ]);
  });

  test('a guide that begins with a heading has nothing before it', () =>
    expect(sectionsOf('<h2 id="a">A</h2><p>x</p>').map(({ id, text }) => [id, text])).toEqual([
      ['', ''],
      ['a', 'x'],
    ]));

  test('hostile Markdown costs no more than its length', () => {
    const started = process.cpuUsage().user;
    textOfMarkdown('[x]('.repeat(200_000), 600);
    textOfMarkdown('`*_#'.repeat(200_000), 600);
    textOfMarkdown('<p '.repeat(200_000), 600);
    expect(process.cpuUsage(undefined).user - started).toBeLessThan(500_000);
  });

  test('has the words of a description, without its HTML', () => {
    expect(textOfMarkdown('<p>A <code>charge</code>, as Bearer <token>.</p>', 600)).toBe(
      'A charge , as Bearer <token .',
    );
  });
});
