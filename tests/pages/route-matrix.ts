import { commandLineForms } from './command-line-forms.ts';
import { KEY_NAME, PASSWORD, emailOf, newKeyForm } from './people.ts';
import { noticeForm } from './notice-objects.ts';
import { policyForm } from './policy-objects.ts';
import { webhookForm } from './webhook-objects.ts';

/**
 * Who may read a page, or have its form accepted:
 * - `everyone`
 * - `guests`: who is signed in is sent on to their home
 * - `signed-in`: others are sent to the sign-in page
 * - `team`: as `signed-in`, and for what belongs to another team it is not there
 * - `managers`: as `team`, and a viewer of the team is told that the role does not allow it (403)
 * - `admins`: the same, for managers too
 * - `owners`: for everybody else it is not there
 * - `nobody`: there is nothing to read
 */
export type Access = 'everyone' | 'guests' | 'signed-in' | 'team' | 'managers' | 'admins' | 'owners' | 'nobody';

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
const unknownKey = () => ({ keyId: `key_${'0'.repeat(20)}` });
const message = () => ({ message: 'Calls of it look like a loop.' });
const allowlist = () => ({ allowlist: '10.0.0.0/8' });
const restrictions = () => ({ scopes: 'all', methods: 'some', method: 'GET', operations: 'all', referrers: '' });
const keyName = () => ({ name: KEY_NAME });
const revocation = () => ({ reason: '', confirmation: KEY_NAME });
const keysRevocation = () => ({ reason: 'laptop lost', confirmation: 'Another' });
const schedule = () => ({ interval: '30' });
const overlap = () => ({ overlap: '1h', until: '' });
const rotation = () => ({ ...overlap(), requestId: `rotation-${String(next()).padStart(16, '0')}` });
const noKey = () => ({ text: 'nothing like a key' });
const parcelsV2 = { api: 'parcels', version: 'v2' };
const firstRevision = { ...parcelsV2, number: '1' };
const noDocument = () => ({ text: 'nothing', note: '' });
/** It is published already. */
const firstPublication = () => ({ basis: '1', note: '' });
const unseen = () => ({ revision: '9999' });
const unseenNotice = () => ({ ...noticeForm(), ...unseen() });
const unseenCorrection = () => ({ ...unseen(), reason: 'It was wrong.', tell: 'no' });
const unseenUpdate = () => ({ ...unseen(), status: 'resolved', text: 'It is over.' });
const unseenWithdrawal = () => ({ ...unseen(), reason: 'It was wrong.' });
const unknownChanges = () => ({ api: 'parcels', from: 'v8', to: 'v9' });
const unseenMove = () => ({ to: 'announced', revision: '9999' });
const otherConfirmation = () => ({ confirmation: 'somebody.else@consumer.example' });
const theme = () => ({ theme: 'dark', next: '/docs' });
const unknownToken = () => ({ token: 'unknown' });
const usedToken = () => ({ token: 'used', ...newcomer() });
// Forms that take a password or a code have a wrong one: a right one would end the sessions that later lines need.
const wrong = { currentPassword: 'not the present password' };
const otherPassword = () => ({ ...wrong, password: 'nine lanterns over the quay' });
const otherEmail = () => ({ ...wrong, email: `other-${next()}@consumer.example` });
const wrongPassword = () => ({ password: wrong.currentPassword });
const wrongCode = () => ({ code: '000000' });
const wrongSteps = () => ({ ...wrong, ...wrongCode() });
const unknownSession = () => ({ session: '0'.repeat(64) });
const forgotten = () => ({ email: emailOf('unverified') });
const unknownReset = () => ({ token: 'unknown', password: 'nine lanterns over the quay' });

const turnedOff = () => ({ state: 'off' });
const accessToken = () => ({
  name: 'Nightly',
  keys: 'read',
  expiry: '30',
  requestId: `token-${String(next()).padStart(16, '0')}`,
});
const feedback = () => ({ page: '/guides/keys', clear: 'yes', comment: '' });
const weakness = () => ({ text: 'The link can be guessed.' });
const reportAnswer = () => ({ text: '', state: 'confirmed' });
const noticeMail = () => ({ mail: 'digest' });
const oneClick = () => ({ 'List-Unsubscribe': 'One-Click' });

const teamName = () => ({ name: 'Renamed' });
const unknownTeam = () => ({ team: `team_${'0'.repeat(20)}` });
const unknownInvitation = () => ({ token: 'unknown', answer: 'accept' });
const noButton = () => ({ unknown: 'x' });
const adminRole = () => ({ role: 'admin' });
const parcels = { api: 'parcels', version: 'v2' };
const notice = { slug: '2026-09-15-tls-1-2-required' };

/** Every route of the portal, one a line. What ends something that later lines need stands last. */
export const routes: readonly Route[] = [
  route('/', 'everyone'),
  route('/.well-known/api-catalog', 'everyone'),
  route('/.well-known/csaf/feed.json', 'everyone'),
  route('/.well-known/csaf/provider-metadata.json', 'everyone'),
  route('/.well-known/security.txt', 'everyone'),
  route('/403', 'everyone', 403),
  route('/404', 'everyone', 404),
  route('/500', 'everyone', 404),
  route('/feedback', 'nobody', 404, post('everyone', 200, feedback)),
  route('/owner/feedback', 'owners'),
  // A comment that is not there.
  route('/owner/feedback/[feedbackId]/removal', 'nobody', 404, post('owners', 303, nothing)),
  route('/security/report', 'everyone', 200, post('everyone', 200, weakness)),
  // A token of nobody.
  route('/security/reports/[token]', 'nobody', 404, post('nobody', 404, weakness), { token: '0'.repeat(43) }),
  route('/owner/security-reports', 'owners'),
  // A report that is not there.
  route('/owner/security-reports/[reportId]', 'owners', 200, post('owners', 303, reportAnswer)),
  route('/account', 'signed-in'),
  route(
    '/account/calendar',
    'signed-in',
    200,
    post('signed-in', 200, () => ({ action: 'create' })),
  ),
  // A token of nobody.
  route('/calendars/[token].ics', 'nobody', 404, null, { token: '0'.repeat(40) }),
  route('/account/email', 'signed-in', 200, post('signed-in', 422, otherEmail)),
  route('/account/email/confirm', 'everyone', 422, post('everyone', 422, unknownToken)),
  route('/account/notices', 'signed-in', 200, post('signed-in', 303, noticeMail)),
  route('/account/password', 'signed-in', 200, post('signed-in', 422, otherPassword)),
  route('/account/identities', 'signed-in'),
  route('/account/identities/[identityId]/removal', 'team', 200, post('team', 303, nothing)),
  // The portal of these tests works with no provider.
  route('/account/identities/link/[provider]', 'signed-in', 404, null, { provider: 'github' }),
  route('/account/passkeys', 'signed-in'),
  // The portal of these tests is at an IP address, for which there are no passkeys.
  route(
    '/account/passkeys/new',
    'signed-in',
    200,
    post('signed-in', 422, () => ({ name: 'Laptop', response: '{}' })),
  ),
  route('/account/passkeys/challenge', 'nobody', 404, post('signed-in', 409, nothing)),
  // Nobody has these.
  route(
    '/account/passkeys/[passkeyId]/name',
    'team',
    200,
    post('team', 303, () => ({ name: 'Laptop' })),
  ),
  route('/account/passkeys/[passkeyId]/removal', 'team', 200, post('team', 303, nothing)),
  route('/account/privacy', 'signed-in', 200, post('signed-in', 422, otherConfirmation)),
  route('/account/privacy/export', 'signed-in'),
  route('/account/sessions', 'nobody', 404, post('signed-in', 303, unknownSession)),
  route('/account/tokens', 'signed-in', 200, post('signed-in', 200, accessToken)),
  route('/account/tokens/new', 'signed-in'),
  // Nobody has these.
  route('/account/tokens/[tokenId]/revocation', 'team', 200, post('team', 303, nothing)),
  route('/account/two-step', 'signed-in', 200, post('signed-in', 422, wrongCode)),
  // It is off.
  route('/account/two-step/end', 'signed-in', 303, post('signed-in', 422, wrongSteps)),
  // Nobody has a passkey.
  route('/account/two-step/passkeys', 'signed-in', 303, post('signed-in', 422, nothing)),
  route('/account/two-step/setup', 'nobody', 404, post('signed-in', 303, nothing)),
  // Its operations have a matrix of their own: tests/management/authorisation.test.ts.
  route('/api/v1/[...path]', 'everyone', 200, null, { path: 'apis' }),
  route('/api/command-line/authorization', 'everyone', 405, post('everyone', 200, commandLineForms.begin)),
  route('/api/command-line/token', 'everyone', 405, post('everyone', 400, commandLineForms.collect)),
  route('/command-line', 'signed-in', 200, post('signed-in', 422, commandLineForms.find)),
  route('/command-line/decision', 'nobody', 404, post('signed-in', 422, commandLineForms.refuse)),
  route('/api/secret-scanning', 'everyone', 405, post('everyone', 401, nothing)),
  route('/owner/quotas', 'owners'),
  route('/owner/requests', 'owners'),
  // Nobody has asked.
  route('/owner/requests/[requestId]', 'owners', 200, post('owners', 303, nothing)),
  route('/applications/[applicationId]/requests/[requestId]/withdrawal', 'nobody', 404, post('managers', 404, nothing)),
  route('/owner/accounts', 'owners'),
  route('/owner/accounts/[accountId]', 'owners'),
  // A form with a mistake: nobody is to be signed out.
  route('/owner/accounts/[accountId]/suspension', 'owners', 200, post('owners', 422, noButton)),
  route('/owner/accounts/[accountId]/resumption', 'owners', 200, post('owners', 422, noButton)),
  route('/owner/teams', 'owners'),
  route('/owner/teams/[teamId]', 'owners'),
  route('/owner/teams/[teamId]/suspension', 'owners', 200, post('owners', 303, message)),
  route('/owner/teams/[teamId]/resumption', 'owners', 200, post('owners', 303, message)),
  route('/owner/applications', 'owners'),
  route('/owner/applications/[applicationId]', 'owners'),
  route('/owner/applications/[applicationId]/suspension', 'owners', 200, post('owners', 303, message)),
  route('/owner/applications/[applicationId]/resumption', 'owners', 200, post('owners', 303, message)),
  route('/owner/owners', 'owners', 200, post('owners', 422, noButton)),
  // Nobody else is one.
  route('/owner/owners/[accountId]/removal', 'owners', 200, post('owners', 422, nothing)),
  // Nobody is invited.
  route('/owner/invitations/[invitationId]/repetition', 'owners', 200, post('owners', 303, nothing)),
  route('/owner/invitations/[invitationId]/withdrawal', 'nobody', 404, post('owners', 303, nothing)),
  route('/owner/keys', 'owners', 200, post('owners', 422, unknownKey)),
  route('/owner/keys/[keyId]', 'owners'),
  // Before the lines that revoke the keys; what is suspended is resumed.
  route('/owner/keys/[keyId]/suspension', 'owners', 200, post('owners', 303, message)),
  route('/owner/keys/[keyId]/resumption', 'owners', 200, post('owners', 303, message)),
  route('/applications', 'signed-in', 200, post('managers', 303, application)),
  route('/applications/new', 'managers'),
  // Another name than the team's, then than the application's.
  route('/applications/revocation', 'admins', 200, post('admins', 422, keysRevocation)),
  route('/applications/[applicationId]/keys/revocation', 'managers', 200, post('managers', 422, keysRevocation)),
  route('/applications/[applicationId]', 'team'),
  route(
    '/applications/[applicationId]/quota-mail',
    'nobody',
    404,
    post('managers', 303, () => ({ mail: 'off' })),
  ),
  route('/applications/[applicationId]/keys', 'team', 303, post('managers', 200, newKeyForm)),
  route('/applications/[applicationId]/keys/new', 'managers'),
  route('/applications/[applicationId]/keys/[keyId]', 'team'),
  route('/applications/[applicationId]/keys/[keyId]/allowlist', 'managers', 200, post('managers', 303, allowlist)),
  route(
    '/applications/[applicationId]/keys/[keyId]/restrictions',
    'managers',
    200,
    post('managers', 303, restrictions),
  ),
  route('/applications/[applicationId]/keys/[keyId]/first-call', 'team'),
  route('/applications/[applicationId]/keys/[keyId]/schedule', 'managers', 200, post('managers', 303, schedule)),
  // Before it is rotated, and while nobody has confirmed it.
  route('/applications/[applicationId]/keys/[keyId]/replacement', 'managers', 200, post('managers', 200, nothing)),
  route('/applications/[applicationId]/keys/[keyId]/confirmation', 'nobody', 404, post('managers', 303, nothing)),
  // Changes nothing: it is not suspended.
  route('/applications/[applicationId]/keys/[keyId]/resumption', 'nobody', 404, post('managers', 303, nothing)),
  route('/applications/[applicationId]/keys/[keyId]/rotation', 'managers', 200, post('managers', 200, rotation)),
  // Rotated just now.
  route('/applications/[applicationId]/keys/[keyId]/overlap', 'managers', 200, post('managers', 303, overlap)),
  route('/applications/[applicationId]/keys/[keyId]/name', 'managers', 200, post('managers', 303, keyName)),
  route('/applications/[applicationId]/keys/[keyId]/revocation', 'managers', 200, post('managers', 303, revocation)),
  // Subscribed already.
  route('/applications/[applicationId]/subscriptions', 'managers', 200, post('managers', 422, subscription)),
  route('/applications/[applicationId]/usage', 'team'),
  route('/applications/[applicationId]/usage.csv', 'team'),
  route('/applications/[applicationId]/keys/[keyId]/usage', 'team'),
  route('/applications/[applicationId]/keys/[keyId]/usage.csv', 'team'),
  route('/audit', 'signed-in'),
  route('/audit/export.csv', 'signed-in'),
  route('/audit/export.ndjson', 'signed-in'),
  route('/owner/audit', 'owners'),
  route('/owner/audit/chain', 'owners'),
  route('/owner/audit/export.csv', 'owners'),
  route('/owner/audit/export.ndjson', 'owners'),
  route('/dev/mail', 'everyone'),
  route('/docs', 'everyone'),
  route('/docs/[api]', 'everyone', 200, null, { api: 'parcels' }),
  route('/docs/[api]/changes', 'everyone', 200, null, { api: 'parcels' }),
  route('/docs/[api]/changes/[range]', 'everyone', 200, null, { api: 'parcels', range: 'v1...v2' }),
  route('/docs/[api]/changes/[range].md', 'everyone', 200, null, { api: 'parcels', range: 'v1...v2' }),
  route('/docs/[api]/changes/[range].json', 'everyone', 200, null, { api: 'parcels', range: 'v1...v2' }),
  route('/docs/[api]/[version]', 'everyone', 200, null, { api: 'parcels', version: 'v2' }),
  route('/docs/[api]/[version]/openapi.json', 'everyone', 200, null, { api: 'parcels', version: 'v1' }),
  route('/docs/[api]/[version].md', 'everyone', 200, null, parcels),
  route('/docs/[api]/[version]/[operation]', 'everyone', 200, null, { ...parcels, operation: 'create-parcel' }),
  route('/docs/[api]/[version]/[operation].md', 'everyone', 200, null, { ...parcels, operation: 'create-parcel' }),
  route('/docs/[api]/[version]/[operation]/openapi.json', 'everyone', 200, null, {
    ...parcels,
    operation: 'create-parcel',
  }),
  route('/docs/[api]/[version]/schemas', 'everyone', 200, null, parcels),
  route('/docs/[api]/[version]/schemas/[schema]', 'everyone', 200, null, { ...parcels, schema: 'Parcel' }),
  route('/docs/[api]/[version]/schemas/[schema].md', 'everyone', 200, null, { ...parcels, schema: 'Parcel' }),
  route('/docs/[api]/[version]/sitemap.xml', 'everyone', 200, null, parcels),
  route('/docs/[api]/[version]/tags/[tag]', 'everyone', 200, null, { ...parcels, tag: 'prices' }),
  route('/docs/[api]/[version]/tags/[tag].md', 'everyone', 200, null, { ...parcels, tag: 'prices' }),
  route('/docs/[api]/[version]/webhooks', 'everyone', 200, null, parcels),
  // The demo API has none.
  route('/docs/[api]/[version]/webhooks/[webhook]', 'nobody', 404, null, { ...parcels, webhook: 'delivered' }),
  route('/docs/[api]/[version]/webhooks/[webhook].md', 'nobody', 404, null, { ...parcels, webhook: 'delivered' }),
  route('/errors', 'everyone'),
  route('/errors/[code]', 'everyone', 200, null, { code: 'address_not_allowed' }),
  route('/first-owner', 'everyone', 422, post('everyone', 422, usedToken)),
  route('/guides', 'everyone'),
  route('/guides/[...slug]', 'everyone', 200, null, { slug: 'keys' }),
  route('/home', 'signed-in'),
  route('/llms.txt', 'everyone'),
  route('/notices', 'everyone'),
  route('/notices/[slug]', 'everyone', 200, null, notice),
  route('/notices/[slug]/acknowledgement', 'nobody', 404, post('team', 303, nothing), notice),
  route('/notices/[slug]/history', 'everyone', 200, null, notice),
  route('/notices/[slug]/csaf.json', 'everyone', 200, null, { slug: '2026-11-20-label-links-could-be-guessed' }),
  route('/notices/[slug]/reading', 'nobody', 404, post('team', 200, nothing), notice),
  route('/notices/calendar.ics', 'everyone'),
  route('/notices/deprecations.json', 'everyone'),
  route('/notices/feed.atom', 'everyone'),
  route('/notices/feed.json', 'everyone'),
  route('/notices/feed.rss', 'everyone'),
  route('/notices/unsubscription', 'everyone', 200, post('everyone', 422, oneClick)),
  route('/owner', 'owners'),
  route('/owner/usage', 'owners'),
  route('/owner/usage/[api]', 'owners', 200, null, { api: 'parcels' }),
  route('/owner/usage/[api].csv', 'owners', 200, null, { api: 'parcels' }),
  route('/owner/notices', 'owners'),
  route('/owner/notices/new', 'owners', 200, post('owners', 303, noticeForm)),
  // No such version.
  route('/owner/notices/changes', 'nobody', 404, post('nobody', 404, unknownChanges)),
  route('/owner/notices/drafts/[noticeId]', 'owners'),
  // What the sender has not seen is refused; none of these ends the draft that the next line needs.
  route('/owner/notices/drafts/[noticeId]/edit', 'owners', 200, post('owners', 409, unseenNotice)),
  route('/owner/notices/drafts/[noticeId]/approval', 'owners', 200, post('owners', 422, unseen)),
  route('/owner/notices/drafts/[noticeId]/publication', 'owners', 200, post('owners', 422, unseen)),
  route('/owner/notices/drafts/[noticeId]/recall', 'owners', 200, post('owners', 422, unseen)),
  route('/owner/notices/drafts/[noticeId]/correction', 'owners', 200, post('owners', 422, unseenCorrection)),
  route('/owner/notices/drafts/[noticeId]/update', 'owners', 200, post('owners', 422, unseenUpdate)),
  route('/owner/notices/drafts/[noticeId]/withdrawal', 'owners', 200, post('owners', 422, unseenWithdrawal)),
  route('/owner/notices/drafts/[noticeId]/removal', 'owners', 200, post('owners', 422, unseen)),
  route('/owner/tyk', 'owners', 200, post('owners', 303, nothing)),
  route('/owner/notices/[slug]', 'owners', 200, null, notice),
  // Nobody calls.
  route('/owner/notices/[slug]/reminder', 'owners', 200, post('owners', 422, nothing), notice),
  route('/owner/apis', 'owners'),
  route('/owner/apis/[api]/[version]', 'owners', 200, null, parcelsV2),
  route('/owner/apis/[api]/[version]/document', 'owners', 200, post('owners', 422, noDocument), parcelsV2),
  route('/owner/apis/[api]/[version]/revisions/[number]', 'owners', 200, null, firstRevision),
  route(
    '/owner/apis/[api]/[version]/revisions/[number]/publication',
    'owners',
    303,
    post('owners', 422, firstPublication),
    firstRevision,
  ),
  route(
    '/owner/apis/[api]/[version]/revisions/[number]/removal',
    'nobody',
    404,
    post('owners', 303, nothing),
    firstRevision,
  ),
  route('/owner/apis/[api]/[version]/revisions/[number]/source', 'owners', 200, null, firstRevision),
  route('/owner/policies', 'owners'),
  route('/owner/policies/new', 'owners', 200, post('owners', 303, policyForm)),
  route('/owner/policies/[policyId]', 'owners'),
  route(
    '/owner/policies/[policyId]/edit',
    'owners',
    200,
    post('owners', 303, () => ({ ...policyForm(), revision: '1' })),
  ),
  // Of a revision that nobody has seen.
  route(
    '/owner/policies/[policyId]/dates',
    'owners',
    200,
    post('owners', 422, () => ({ revision: '9999' })),
  ),
  route('/owner/policies/[policyId]/stage', 'owners', 200, post('owners', 422, unseenMove)),
  route('/policies', 'everyone'),
  route('/policies/[slug]', 'everyone', 200, null, { slug: 'announced-in-the-matrix' }),
  route('/password-reset', 'everyone', 200, post('everyone', 200, forgotten)),
  route('/password-reset/choose', 'everyone', 422, post('everyone', 422, unknownReset)),
  route('/report-leaked-key', 'everyone', 200, post('everyone', 422, noKey)),
  route('/sign-in', 'guests', 200, post('everyone', 303, knownVisitor)),
  route('/sign-in/again', 'signed-in', 200, post('signed-in', 422, wrongPassword)),
  // Nobody's password was found right before.
  route('/sign-in/code', 'everyone', 303, post('everyone', 303, wrongCode)),
  route('/sign-in/with/[provider]', 'nobody', 404, null, { provider: 'github' }),
  route('/sign-in/with/[provider]/callback', 'nobody', 404, null, { provider: 'github' }),
  route(
    '/sign-in/passkey',
    'everyone',
    303,
    post('everyone', 422, () => ({ ceremony: 'sign_in', response: '{}' })),
  ),
  route(
    '/sign-in/passkey/challenge',
    'nobody',
    404,
    post('everyone', 409, () => ({ ceremony: 'sign_in' })),
  ),
  route('/sign-up', 'guests', 200, post('everyone', 303, newcomer)),
  route('/sign-up/check-mail', 'everyone', 200, post('signed-in', 200, nothing)),
  route('/sitemap-pages.xml', 'everyone'),
  route('/robots.txt', 'everyone'),
  route('/search', 'everyone'),
  route('/search.json', 'everyone'),
  route('/sitemap.xml', 'everyone'),
  route('/theme', 'nobody', 404, post('everyone', 303, theme)),
  route('/verify-email', 'everyone', 422, post('everyone', 422, unknownToken)),
  route('/applications/[applicationId]/team', 'managers', 200, post('managers', 422, unknownTeam)),
  route('/teams/new', 'signed-in'),
  route('/teams/invitation', 'everyone', 422, post('everyone', 422, unknownInvitation)),
  route('/teams/[teamId]', 'team'),
  route('/teams/[teamId]/name', 'admins', 200, post('admins', 303, teamName)),
  // A form with a mistake: nobody is to leave, or to be mailed.
  route('/teams/[teamId]/departure', 'team', 200, post('team', 422, noButton)),
  route('/teams/[teamId]/invitations', 'admins', 200, post('admins', 422, noButton)),
  // Nobody is invited.
  route('/teams/[teamId]/invitations/[invitationId]/repetition', 'admins', 404, post('admins', 404, nothing)),
  route('/teams/[teamId]/invitations/[invitationId]/withdrawal', 'nobody', 404, post('admins', 404, nothing)),
  // Their own role, which is the one of the only admin.
  route('/teams/[teamId]/members/[accountId]/role', 'admins', 200, post('admins', 303, adminRole)),
  route('/teams/[teamId]/members/[accountId]/removal', 'admins', 200, post('admins', 422, nothing)),
  // It has applications.
  route('/teams/[teamId]/removal', 'admins', 200, post('admins', 422, nothing)),
  route('/webhooks', 'signed-in', 200, post('managers', 200, webhookForm)),
  route('/webhooks/new', 'managers'),
  route('/webhooks/[endpointId]', 'team', 200, post('managers', 303, nothing)),
  route('/webhooks/[endpointId]/edit', 'managers', 200, post('managers', 303, webhookForm)),
  route('/webhooks/[endpointId]/secret', 'managers', 200, post('managers', 200, nothing)),
  route('/webhooks/[endpointId]/previous-secret', 'nobody', 404, post('managers', 303, nothing)),
  route('/webhooks/[endpointId]/deliveries/[deliveryId]', 'team', 200, post('managers', 303, nothing)),
  route('/webhooks/[endpointId]/state', 'nobody', 404, post('managers', 303, turnedOff)),
  route('/webhooks/[endpointId]/removal', 'managers', 200, post('managers', 303, nothing)),
  route('/owner/webhooks', 'owners', 200, post('owners', 200, webhookForm)),
  route('/owner/webhooks/new', 'owners'),
  route('/owner/webhooks/[endpointId]', 'owners', 200, post('owners', 303, nothing)),
  route('/owner/webhooks/[endpointId]/edit', 'owners', 200, post('owners', 303, webhookForm)),
  route('/owner/webhooks/[endpointId]/secret', 'owners', 200, post('owners', 200, nothing)),
  route('/owner/webhooks/[endpointId]/previous-secret', 'nobody', 404, post('owners', 303, nothing)),
  route('/owner/webhooks/[endpointId]/deliveries/[deliveryId]', 'owners', 200, post('owners', 303, nothing)),
  route('/owner/webhooks/[endpointId]/state', 'nobody', 404, post('owners', 303, turnedOff)),
  route('/owner/webhooks/[endpointId]/removal', 'owners', 200, post('owners', 303, nothing)),
  // Whoever makes one is admin somewhere, so that this stands last.
  route('/teams', 'signed-in', 200, post('signed-in', 303, teamName)),
  route('/sign-out', 'nobody', 404, post('everyone', 303, nothing)),
];

function route(path: string, read: Access, status = 200, posting: Posting | null = null, present = {}): Route {
  return { path, read, status, post: posting, present };
}

function post(by: Access, status: number, form: Posting['form']): Posting {
  return { by, status, form };
}
