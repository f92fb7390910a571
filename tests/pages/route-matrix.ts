import { KEY_NAME, PASSWORD, emailOf, newKeyForm } from './people.ts';

/**
 * Who may read a page, or have its form accepted:
 * - `everyone`
 * - `guests`: who is signed in is sent on to their home
 * - `signed-in`: others are sent to the sign-in page
 * - `team`: as `signed-in`, and for what belongs to another team it is not there
 * - `owners`: for everybody else it is not there
 * - `API keys`: the management API's, with an API key as bearer; others are told to send one
 * - `nobody`: there is nothing to read
 */
export type Access = 'everyone' | 'guests' | 'signed-in' | 'team' | 'owners' | 'API keys' | 'nobody';

export interface Route {
  /** As the file below src/pages says it. */
  path: string;
  read: Access;
  /** When reading is allowed and the object exists. */
  status: number;
  post: Posting | null;
  /** Parameters of an object that everybody may see. */
  present: Readonly<Record<string, string>>;
}

export interface Posting {
  by: Access;
  /** When it is accepted. */
  status: number;
  /** A form that is right, so that only the rights of the sender can be the reason of a refusal. */
  form: () => Readonly<Record<string, string>>;
}

let count = 0;
const next = (): number => (count += 1);

const nothing = () => ({});
const knownVisitor = () => ({ email: emailOf('unverified'), password: PASSWORD });
const newcomer = () => ({ email: `newcomer-${next()}@consumer.example`, password: PASSWORD });
const application = () => ({ name: `Another ${next()}`, description: '' });
const subscription = () => ({ apiSlug: 'parcels', planSlug: 'free' });
const allowlist = () => ({ allowlist: '10.0.0.0/8' });
const keyName = () => ({ name: KEY_NAME });
const revocation = () => ({ reason: '', confirmation: KEY_NAME });
const theme = () => ({ theme: 'dark', next: '/docs' });
const unknownToken = () => ({ token: 'unknown' });
const usedToken = () => ({ token: 'used', ...newcomer() });

const version = { slug: 'parcels', version: 'v2' };

/** Every route of the portal, one a line. What ends something that later lines need stands last. */
export const routes: readonly Route[] = [
  route('/', 'everyone'),
  route('/404', 'everyone', 404),
  route('/500', 'everyone', 404),
  route('/api/v1/apis', 'everyone'),
  route('/api/v1/apis/[slug]', 'everyone', 200, null, { slug: 'parcels' }),
  route('/api/v1/apis/[slug]/versions/[version]/openapi.json', 'everyone', 200, null, version),
  route('/api/v1/key', 'API keys'),
  route('/api/v1/notices', 'everyone'),
  route('/api/v1/notices/[slug]', 'everyone', 200, null, { slug: '2026-09-15-tls-1-2-required' }),
  route('/applications', 'signed-in', 200, post('signed-in', 303, application)),
  route('/applications/new', 'signed-in'),
  route('/applications/[applicationId]', 'team'),
  route('/applications/[applicationId]/keys', 'team', 303, post('team', 200, newKeyForm)),
  route('/applications/[applicationId]/keys/new', 'team'),
  route('/applications/[applicationId]/keys/[keyId]', 'team'),
  route('/applications/[applicationId]/keys/[keyId]/allowlist', 'team', 200, post('team', 303, allowlist)),
  route('/applications/[applicationId]/keys/[keyId]/name', 'team', 200, post('team', 303, keyName)),
  route('/applications/[applicationId]/keys/[keyId]/revocation', 'team', 200, post('team', 303, revocation)),
  // Subscribed already.
  route('/applications/[applicationId]/subscriptions', 'team', 200, post('team', 422, subscription)),
  route('/applications/[applicationId]/usage', 'team'),
  route('/dev/mail', 'everyone'),
  route('/docs', 'everyone'),
  route('/docs/[api]', 'everyone', 200, null, { api: 'parcels' }),
  route('/docs/[api]/[version]', 'everyone', 200, null, { api: 'parcels', version: 'v2' }),
  route('/docs/[api]/[version]/openapi.json', 'everyone', 200, null, { api: 'parcels', version: 'v1' }),
  route('/errors', 'everyone'),
  route('/errors/[code]', 'everyone', 200, null, { code: 'address_not_allowed' }),
  route('/first-owner', 'everyone', 422, post('everyone', 422, usedToken)),
  route('/guides', 'everyone'),
  route('/guides/[...slug]', 'everyone', 200, null, { slug: 'keys' }),
  route('/home', 'signed-in'),
  route('/notices', 'everyone'),
  route('/notices/[slug]', 'everyone', 200, null, { slug: '2026-09-15-tls-1-2-required' }),
  route('/notices/feed.atom', 'everyone'),
  route('/owner', 'owners'),
  route('/sign-in', 'guests', 200, post('everyone', 303, knownVisitor)),
  route('/sign-up', 'guests', 200, post('everyone', 303, newcomer)),
  route('/sign-up/check-mail', 'everyone', 200, post('signed-in', 200, nothing)),
  route('/theme', 'nobody', 404, post('everyone', 303, theme)),
  route('/verify-email', 'everyone', 422, post('everyone', 422, unknownToken)),
  route('/sign-out', 'nobody', 404, post('everyone', 303, nothing)),
];

function route(path: string, read: Access, status = 200, posting: Posting | null = null, present = {}): Route {
  return { path, read, status, post: posting, present };
}

function post(by: Access, status: number, form: Posting['form']): Posting {
  return { by, status, form };
}
