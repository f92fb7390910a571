import { type Advisory, changedAtMsOf } from './notice.ts';

export interface CsafPublisher {
  publicUrl: string;
  apiTitle: (slug: string) => string;
}

/** An advisory as CSAF 2.0 (OASIS, profile "security advisory"). */
export function csafAdvisory(advisory: Advisory, { publicUrl, apiTitle }: CsafPublisher) {
  const products = productsOf(advisory, apiTitle);
  return {
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      title: advisory.title,
      lang: 'en',
      publisher: publisherOf(publicUrl),
      aggregate_severity: { text: advisory.severity },
      distribution: { text: 'Public.', tlp: { label: 'WHITE' } },
      notes: [{ category: 'summary', title: 'Summary', text: advisory.summary }],
      references: [
        { category: 'self', summary: 'This document', url: csafUrl(publicUrl, advisory.slug) },
        { category: 'self', summary: 'For people', url: `${publicUrl}/notices/${advisory.slug}` },
      ],
      tracking: trackingOf(advisory),
      ...(advisory.credit.length > 0 && { acknowledgments: [{ names: [...advisory.credit] }] }),
    },
    product_tree: { full_product_names: products.all },
    vulnerabilities: vulnerabilitiesOf(advisory, products),
  };
}

/** Who publishes; also of the provider's metadata. */
export function publisherOf(publicUrl: string) {
  return { category: 'vendor', name: new URL(publicUrl).hostname, namespace: publicUrl } as const;
}

export function csafUrl(publicUrl: string, slug: string): string {
  return `${publicUrl}/notices/${slug}/csaf.json`;
}

function trackingOf(advisory: Advisory) {
  const { slug, publishedAtMs } = advisory;
  const history = historyOf(advisory).map(({ atMs, summary }, index) => ({
    date: time(atMs),
    number: String(index + 1),
    summary,
  }));
  return {
    id: slug,
    status: 'final',
    version: String(history.length),
    initial_release_date: time(publishedAtMs),
    current_release_date: time(changedAtMsOf(advisory)),
    revision_history: history,
  };
}

/** What was published and put right, the oldest first. */
function historyOf({ publishedAtMs, updatedAtMs, corrections }: Advisory): { atMs: number; summary: string }[] {
  const history = corrections.map(({ atMs, reason }) => ({ atMs, summary: reason }));
  if (updatedAtMs !== null && !history.some(({ atMs }) => atMs === updatedAtMs))
    history.push({ atMs: updatedAtMs, summary: 'Updated.' });
  return [{ atMs: publishedAtMs, summary: 'Published.' }, ...history.sort((a, b) => a.atMs - b.atMs)];
}

interface Products {
  all: { product_id: string; name: string }[];
  affected: string[];
  fixed: string[];
}

function productsOf({ affects, fixedIn }: Advisory, apiTitle: CsafPublisher['apiTitle']): Products {
  const products: Products = { all: [], affected: [], fixed: [] };
  for (const { api, versions, operations } of affects) {
    for (const version of versions.length > 0 ? versions : ['all versions']) {
      const part = operations.length > 0 ? ` (${operations.join(', ')})` : '';
      const line = `${apiTitle(api)} ${version}${part}`;
      const id = [api, version, ...operations].join(':');
      products.all.push({ product_id: id, name: fixedIn === null ? line : `${line} before ${fixedIn}` });
      products.affected.push(id);
      if (fixedIn === null) continue;
      products.all.push({ product_id: `${id}:fixed`, name: `${line} from ${fixedIn}` });
      products.fixed.push(`${id}:fixed`);
    }
  }
  return products;
}

/** One for each CVE, or one without. */
function vulnerabilitiesOf(advisory: Advisory, products: Products) {
  const cves = advisory.ids.filter((id) => id.startsWith('CVE-'));
  const others = advisory.ids.filter((id) => !id.startsWith('CVE-'));
  const vulnerability = {
    ...(advisory.weakness && { cwe: { ...advisory.weakness } }),
    ...(others.length > 0 && { ids: others.map((text) => ({ system_name: 'Identifier', text })) }),
    notes: notesOf(advisory),
    product_status: {
      known_affected: products.affected,
      ...(products.fixed.length > 0 && { fixed: products.fixed }),
    },
    remediations: remediationsOf(advisory, products),
    ...scoresOf(advisory, products),
  };
  return cves.length === 0 ? [vulnerability] : cves.map((cve) => ({ cve, ...vulnerability }));
}

function notesOf({ summary, cvss }: Advisory) {
  const description = { category: 'description', title: 'What it is', text: summary };
  // CSAF 2.0 has no place for a vector of CVSS 4.0.
  if (cvss?.version !== '4.0') return [description];
  const { vectorString, baseScore, baseSeverity } = cvss;
  const text = `${vectorString} (${baseScore.toFixed(1)}, ${baseSeverity.toLowerCase()})`;
  return [description, { category: 'details', title: 'CVSS 4.0', text }];
}

function scoresOf({ cvss }: Advisory, { affected }: Products) {
  return cvss?.version === '3.1' && { scores: [{ cvss_v3: { ...cvss }, products: affected }] };
}

function remediationsOf({ fixedIn, workaround }: Advisory, { affected }: Products) {
  const fix =
    fixedIn === null
      ? { category: 'none_available', details: 'There is no fix yet.', product_ids: affected }
      : { category: 'vendor_fix', details: `Fixed in ${fixedIn}.`, product_ids: affected };
  if (workaround === null) return [fix];
  const help = { category: 'workaround', details: workaround, product_ids: affected };
  // A workaround and "none available" contradict each other.
  return fixedIn === null ? [help] : [fix, help];
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
