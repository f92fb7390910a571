import { csafUrl, publisherOf } from './csaf-advisory.ts';
import { type Notice, changedAtMsOf } from './notice.ts';

export const CSAF_FEED_PATH = '/.well-known/csaf/feed.json';
export const CSAF_METADATA_PATH = '/.well-known/csaf/provider-metadata.json';

/** `provider-metadata.json` of CSAF 2.0, section 7.1.7: who publishes, and where the documents are listed. */
export function csafProviderMetadata(notices: readonly Notice[], publicUrl: string) {
  return {
    canonical_url: publicUrl + CSAF_METADATA_PATH,
    distributions: [
      {
        rolie: {
          feeds: [{ summary: 'All security advisories.', tlp_label: 'WHITE', url: publicUrl + CSAF_FEED_PATH }],
        },
      },
    ],
    last_updated: time(newestOf(notices)),
    list_on_CSAF_aggregators: true,
    metadata_version: '2.0',
    mirror_on_CSAF_aggregators: true,
    publisher: publisherOf(publicUrl),
    role: 'csaf_publisher',
  };
}

/** ROLIE feed (RFC 8322, CSAF 2.0 section 7.1.15) of the CSAF documents. */
export function csafFeed(notices: readonly Notice[], publicUrl: string) {
  const advisories = notices.filter((notice) => notice.kind === 'advisory');
  return {
    feed: {
      id: 'advisories-tlp-white',
      title: 'Security advisories',
      link: [{ rel: 'self', href: publicUrl + CSAF_FEED_PATH }],
      category: [{ scheme: 'urn:ietf:params:rolie:category:information-type', term: 'csaf' }],
      updated: time(newestOf(notices)),
      entry: advisories.map((advisory) => ({
        id: advisory.slug,
        title: advisory.title,
        link: [{ rel: 'self', href: csafUrl(publicUrl, advisory.slug) }],
        published: time(advisory.publishedAtMs),
        updated: time(changedAtMsOf(advisory)),
        summary: { content: advisory.summary },
        content: { type: 'application/json', src: csafUrl(publicUrl, advisory.slug) },
        format: {
          schema: 'https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json',
          version: '2.0',
        },
      })),
    },
  };
}

function newestOf(notices: readonly Notice[]): number {
  return Math.max(0, ...notices.filter(({ kind }) => kind === 'advisory').map(changedAtMsOf));
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
