import {
  ACCESS_LEVELS,
  type AccessLevel,
  type AccessResource,
  type AccessScope,
} from '../../access-tokens/access-token.ts';

/** How the form words what a token may do. */
export interface AccessChoice {
  resource: AccessResource;
  title: string;
  /** What each level is for; the first sentence of the row. */
  hint: string;
  levels: readonly { value: 'none' | AccessLevel; text: string }[];
}

const LEVEL_TEXT: Record<AccessLevel, string> = { read: 'Read', write: 'Write', widen: 'Write and widen' };

const texts: Record<AccessResource, { title: string; hint: string }> = {
  applications: { title: 'Applications', hint: 'See them and their subscriptions; create and subscribe them.' },
  keys: {
    title: 'API keys',
    hint: 'See them; issue, rotate, restrict and revoke them; let them be used from more places than before.',
  },
  usage: { title: 'Usage', hint: 'Calls, quotas, and when and from where keys were called.' },
  notices: { title: 'Notices', hint: 'See those that concern you; acknowledge them.' },
  webhooks: { title: 'Webhooks', hint: 'See them and their deliveries; create, change and remove them.' },
  teams: { title: 'Teams', hint: 'See yours and their members; rename them, invite, change roles, remove.' },
  audit: { title: 'Audit log', hint: 'Who did what to your keys and applications.' },
  documents: { title: 'Documents', hint: 'See the revisions of OpenAPI documents; bring, publish and discard them.' },
  owner: {
    title: 'Owner',
    hint: 'See the keys of all teams and the reach of notices; suspend, resume, revoke, remind.',
  },
};

/** One row for each kind of thing; owners have one more. */
export function accessChoices(resources: readonly AccessResource[]): AccessChoice[] {
  return resources.map((resource) => ({
    resource,
    ...texts[resource],
    levels: [
      { value: 'none', text: 'No access' },
      ...ACCESS_LEVELS[resource].map((level) => ({ value: level, text: LEVEL_TEXT[level] })),
    ],
  }));
}

/** "Applications: read · API keys: write" */
export function scopesText(scopes: readonly AccessScope[]): string {
  return scopes
    .map((scope) => {
      const [resource = '', level = ''] = scope.split(':');
      return `${texts[resource as AccessResource].title}: ${LEVEL_TEXT[level as AccessLevel].toLowerCase()}`;
    })
    .join(' · ');
}
