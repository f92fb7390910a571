import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import * as schemaAndMandatoryTests from '@secvisogram/csaf-validator-lib/basic.js';
import validate from '@secvisogram/csaf-validator-lib/validate.js';
import { describe, expect, test } from 'vitest';

import { csafAdvisory } from '../../src/notices/csaf-advisory.ts';
import { csafFeed, csafProviderMetadata } from '../../src/notices/csaf-provider.ts';
import { cvssScore } from '../../src/notices/cvss.ts';
import type { Advisory } from '../../src/notices/notice.ts';
import { parseNoticeFile } from '../../src/notices/notice-file.ts';
import { advisory } from './newsroom.ts';

const PUBLIC_URL = 'https://portal.example';
const publisher = { publicUrl: PUBLIC_URL, apiTitle: (slug: string) => `The ${slug} API` };
const notices = 'content/notices';

const EVERYTHING = [
  'fixed_in: v2.3.1',
  'updated: 2026-11-22',
  'ids: [CVE-2026-12345]',
  'cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N',
  'cwe: "CWE-340: Generation of Predictable Numbers or Identifiers"',
  'workaround: Fetch labels anew.',
  'credit: [Ada]',
].join('\n');

function advisoryOf(fileName: string, text: string): Advisory | null {
  const parsed = parseNoticeFile(fileName, text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.notice.kind === 'advisory' ? parsed.notice : null;
}

const made = (more: string): Advisory => {
  const found = advisoryOf('2026-11-20-x.md', `---\n${advisory('2026-11-20', 'high', more)}\n---\n`);
  if (!found) throw new Error('no advisory');
  return found;
};

/** What the validator of the BSI finds: schema and all mandatory tests. */
async function mistakes(document: object): Promise<unknown[]> {
  const result = await validate(Object.values(schemaAndMandatoryTests), document);
  return result.tests.filter(({ isValid }) => !isValid);
}

const shipped = readdirSync(notices).flatMap((name) => {
  const found = advisoryOf(name, readFileSync(join(notices, name), 'utf8'));
  return found ? [[found.slug, found] as const] : [];
});

describe('a CSAF document passes the validator:', () => {
  test.each(shipped)('%s', async (_slug, found) => {
    expect(await mistakes(csafAdvisory(found, publisher))).toEqual([]);
  });

  test.each([
    ['without a fix', ''],
    ['with a workaround and without a fix', 'workaround: Use v1.'],
    ['with everything', EVERYTHING],
    ['with a CVSS 4.0 vector', 'cvss: CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N'],
    ['of several CVEs', 'ids: [CVE-2026-12345, CVE-2026-12346, GHSA-xxxx-yyyy]'],
  ])('%s', async (_name, more) => {
    expect(await mistakes(csafAdvisory(made(more), publisher))).toEqual([]);
  });
});

test('the validator would find a mistake', async () => {
  const document = csafAdvisory(made('fixed_in: v2.3.1'), publisher);
  expect(await mistakes({ ...document, product_tree: { full_product_names: [] } })).not.toEqual([]);
});

test('a document says what is affected, where it is fixed and what helps', () => {
  const document = csafAdvisory(made(EVERYTHING), publisher);
  expect(document.product_tree.full_product_names.map(({ name }) => name)).toEqual([
    'The parcels API v2 before v2.3.1',
    'The parcels API v2 from v2.3.1',
  ]);
  expect(document.document.tracking).toMatchObject({ id: '2026-11-20-x', version: '2', status: 'final' });
  expect(document.vulnerabilities).toMatchObject([
    {
      cve: 'CVE-2026-12345',
      scores: [{ cvss_v3: { baseScore: 5.3, baseSeverity: 'MEDIUM' } }],
      remediations: [{ category: 'vendor_fix' }, { category: 'workaround', details: 'Fetch labels anew.' }],
    },
  ]);
});

test('the metadata of the provider and the feed lead to every document', () => {
  const all = shipped.map(([, found]) => found);
  const metadata = csafProviderMetadata(all, PUBLIC_URL);
  expect(metadata.canonical_url).toBe('https://portal.example/.well-known/csaf/provider-metadata.json');
  expect(metadata.distributions[0]?.rolie.feeds[0]?.url).toBe('https://portal.example/.well-known/csaf/feed.json');
  expect(csafFeed(all, PUBLIC_URL).feed.entry.map(({ content }) => content.src)).toEqual(
    all.map(({ slug }) => `https://portal.example/notices/${slug}/csaf.json`),
  );
});

// Scores of the examples that the specification's calculator gives.
test.each([
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 'CRITICAL'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'MEDIUM'],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', 9.9, 'CRITICAL'],
  ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 7.8, 'HIGH'],
  ['CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', 1.6, 'LOW'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0, 'NONE'],
])('%s scores %d', (vector, baseScore, baseSeverity) => {
  expect(cvssScore(vector)).toEqual({ version: '3.1', vectorString: vector, baseScore, baseSeverity });
});
