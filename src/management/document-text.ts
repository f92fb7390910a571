import type { AccessScope } from '../access-tokens/access-token.ts';

const meanings: Record<AccessScope, string> = {
  'applications:read': 'See applications and their subscriptions.',
  'applications:write': 'Create applications, subscribe them, and turn their mails about quotas on or off.',
  'keys:read': 'See keys, without their secrets.',
  'keys:write': 'Issue, rotate, restrict and revoke keys.',
  'keys:widen': 'Also let a key be used from more places or for more than before.',
  'usage:read': 'See usage, and when and from where keys were called.',
  'notices:read': 'See the notices and the security policies that concern you.',
  'notices:write': 'Mark notices as read and acknowledge them.',
  'webhooks:read': 'See webhooks and what was delivered to them.',
  'webhooks:write': 'Create, change and remove webhooks.',
  'teams:read': 'See your teams, their members and invitations.',
  'teams:write': 'Create and rename teams, invite, change roles, remove members.',
  'audit:read': 'See who did what to your keys and applications.',
  'documents:read': 'For owners: see the revisions of OpenAPI documents, what the lint found, and whom changes affect.',
  'documents:write': 'For owners: bring, publish, roll back and discard OpenAPI documents. Enough for a pipeline.',
  'owner:read':
    'For owners: find the key of any team, and see whom a notice or a security policy concerns, the usage of APIs, alerts about quotas, keys in Tyk, feedback, reports of weaknesses, the audit log and the webhooks of the portal.',
  'owner:write':
    'For owners: suspend and resume accounts, teams, applications and keys, revoke the keys of any team, remind, write and move security policies, answer reports, and change the webhooks of the portal.',
};

/** What a scope lets a token do, for people. */
export function scopeMeaning(scope: AccessScope): string {
  return meanings[scope];
}

const DESCRIPTION = `What people do on these pages, for programs: applications, keys, usage, notices and webhooks of your teams, and for owners
what belongs to all. The catalog and the published notices are open to everybody.

**Getting in.** Create a personal access token on the page _Access tokens_ of your account, choose what it may do, and send it as
\`Authorization: Bearer <token>\`. Cookies are ignored, and browsers of other sites cannot call.

- Times are UTC (RFC 3339). A time that is not known or does not apply is \`null\`.
- Errors are problem details (RFC 9457). \`code\` is stable; \`detail\` says what to do.
- Query parameters and bodies are strict: what is unknown or repeated is refused, so that a typing error cannot pass unseen.
- What belongs to another team answers like what does not exist: 404. In your own team your role counts: 403, \`role_forbids\`.
- Lists come in pages: send \`nextCursor\` as \`cursor\`, or follow \`Link: rel="next"\`.
- \`Idempotency-Key\` makes every \`POST\` safe to send again; the answer is the first one, for 24 hours.
- \`If-Match\` with the \`ETag\` of a key keeps you from overwriting what somebody else has just changed.
- 300 calls a minute with one token; \`RateLimit\` tells what is left.`;

/** The parts of the document that are written, not made. */
export function describeDocument(scopes: readonly AccessScope[]) {
  return {
    info: { title: 'Gatehouse', version: '1.1.0', summary: 'The portal for programs.', description: DESCRIPTION },
    tags: [
      { name: 'Catalog', description: 'APIs, their versions and documents.' },
      { name: 'Applications', description: 'Your software that calls APIs, and the plans it uses.' },
      { name: 'Teams', description: 'Who shares applications with you, and what each may do.' },
      { name: 'Keys', description: 'Issue, rotate, restrict and revoke API keys.' },
      { name: 'Usage', description: 'What was called, and what happened.' },
      { name: 'Notices', description: 'Security advisories and deprecations.' },
      { name: 'Documents', description: 'For owners: OpenAPI documents, from a pipeline to the readers.' },
      { name: 'Policies', description: 'What the provider asks of keys and calls, and from when.' },
      { name: 'Webhooks', description: 'Addresses of yours that are told what happens.' },
      { name: 'Audit', description: 'Who did what.' },
      { name: 'Account', description: 'The account behind the access token.' },
      {
        name: 'Owners',
        description:
          'For owners of the portal: accounts, teams and keys of all, usage of APIs, security policies, the reach of notices, Tyk, feedback and reports.',
      },
    ],
    securitySchemes: {
      accessToken: {
        type: 'http',
        scheme: 'bearer',
        description: `A personal access token. Its scopes:\n\n${scopes.map((scope) => `- \`${scope}\`: ${meanings[scope]}`).join('\n')}\n\nA higher level has the lower ones of the same thing within it.`,
      },
      apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, as calls to APIs carry it (RFC 6750).' },
    },
  };
}
