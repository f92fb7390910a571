import type { Problem } from '../platform/problem.ts';
import { callRefusals } from './call-refusals.ts';
import { type RefusalText, text } from './refusal-text.ts';
import { teamRefusals } from './team-refusals.ts';

/** What only the management API answers; the page `/errors/<code>` explains each. */
export const refusals = {
  ...callRefusals,
  ...teamRefusals,
  invalid_parameter: text(
    400,
    'A query parameter is not right',
    'The call has a query parameter that is unknown, appears twice, or has a value that is not allowed.',
    'Compare the name and the value with the documentation of the operation.',
  ),
  invalid_header: text(
    400,
    'A header is not right',
    'The call has an Idempotency-Key, If-Match or If-None-Match header that cannot be read.',
    'Compare the header with the guide of the management API.',
  ),
  malformed_body: text(
    400,
    'The body cannot be read',
    'The body is not one JSON object, names a member twice, or stands where the operation takes none.',
    'Send one JSON object in UTF-8, each member once.',
  ),
  report_not_signed: text(
    401,
    'This report is not signed by a scanner we know',
    'The signature of the report does not fit its body, or the key that it names is not among those the provider has configured.',
    'Send the body exactly as it was signed, with the headers Github-Public-Key-Identifier and -Signature.',
  ),
  malformed_report: text(
    400,
    'This report cannot be read',
    'The report is signed, but it is not a JSON array of objects with "token", "type" and "url".',
    'Send it in the shape of the secret-scanning partner programme of GitHub.',
  ),
  key_not_active: text(
    401,
    'No active API key',
    'The credential is not an active API key of this portal: it is unknown, expired, suspended or revoked.',
    'Open the page of your application to see the state of its keys, and issue a new one if needed.',
  ),
  email_not_verified: text(
    403,
    'The e-mail address is not confirmed',
    'Live keys are for accounts whose e-mail address is confirmed.',
    'Open the link in the mail that you got when you signed up, or take a test key.',
  ),
  recent_sign_in_required: text(
    403,
    'This lets more calls pass than before',
    'The change would let the key be used from more places or for more than before, and the access token may only narrow it.',
    'Make the change in the portal, or with a token that has the scope keys:widen.',
  ),
  already_issued: text(
    409,
    'This request made a key before',
    'A request with this Idempotency-Key has issued a key, and its answer can not be given again. The key is the one that "keyId" names; nobody can show its token.',
    'If you do not have the token, rotate that key with "overlapSeconds": 0: it ends at once, and you get another one.',
  ),
  already_rotated: text(
    409,
    'The key was rotated before',
    'The key has a successor already, and a key has one at most.',
    'Rotate the successor; the key names it in "replaced".',
  ),
  already_subscribed: text(
    409,
    'The application is subscribed already',
    'The application uses a plan of this API, and it can use one at a time.',
    'List its subscriptions to see which.',
  ),
  key_state_conflict: text(
    409,
    'The state of the key does not allow this',
    'The key has ended, or it is in the state already that the call asks for.',
    'Read the key to see its state.',
  ),
  not_in_overlap: text(
    409,
    'The key is in no overlap',
    'Only a key that was rotated and has not ended yet has an overlap to change.',
    'Read the key to see its state.',
  ),
  too_many_applications: text(
    409,
    'The team has as many applications as it can have',
    'The number of applications of a team is limited.',
    'Use one of those it has, or ask the provider.',
  ),
  too_many_keys: text(
    409,
    'The application has as many keys as it can have',
    'The number of keys of an application that have not ended is limited.',
    'Revoke one that is not needed any more.',
  ),
  too_many_overlaps: text(
    409,
    'Too many keys are in their overlap',
    'The number of keys of an application that were rotated and still work is limited.',
    'End the overlap of one of them first.',
  ),
  notice_state_conflict: text(
    409,
    'The state of the notice does not allow this',
    'The notice is a draft, scheduled, published, withdrawn or not approved, and what the call asks for is for another state.',
    'Read the notice to see its state.',
  ),
  nobody_calls: text(
    409,
    'Nobody is left to be reminded',
    'Nobody has called what the notice names in the last seven days.',
    'There is nothing to do.',
  ),
  reminded_recently: text(
    409,
    'They were reminded a short time ago',
    'The same people are reminded of a notice once in a while only.',
    'Wait until the time that "againAt" names.',
  ),
  precondition_failed: text(
    412,
    'It is not as you saw it any more',
    'Somebody has changed it since you read the version that If-Match names, so nothing was changed now.',
    'Read it again, decide again, and send the change with the new ETag.',
  ),
  body_too_large: text(
    413,
    'The body is too large',
    'The body of a call may have 64 KiB at most.',
    'Send less at once.',
  ),
  unsupported_media_type: text(
    415,
    'The body is not JSON',
    'The management API takes JSON only, in UTF-8.',
    'Send the header "Content-Type: application/json".',
  ),
  invalid_document: text(
    422,
    'The OpenAPI document is not right',
    'The text cannot be read as an OpenAPI document, or says what no document may say.',
    'Each entry of "errors" names a place and says what is wrong there.',
  ),
  document_too_large: text(
    413,
    'The OpenAPI document is too large',
    'A document may be as large as the provider allows, as it is sent and as it is stored.',
    'Leave out long examples, or ask for a higher limit.',
  ),
  breaking_changes: text(
    409,
    'This breaks clients',
    'Compared with the published document, the revision has changes that break clients.',
    'Read them in the revision. If they are meant, send "allowBreaking": true.',
  ),
  published_meanwhile: text(
    409,
    'Another revision was published meanwhile',
    'What you compared with is not what is published any more.',
    'Read the revision again, and decide again.',
  ),
  not_publishable: text(
    409,
    'This revision cannot be published',
    'Only a candidate, or a revision that was published before and whose text is kept, can be published.',
    'List the revisions to see their state, or send the document again.',
  ),
  not_a_candidate: text(
    409,
    'This revision is no candidate',
    'Only a revision that waits for a decision can be discarded.',
    'List the revisions to see their state.',
  ),
  invalid_body: text(
    422,
    'The body is not right',
    'The body is JSON, but a member is missing, unknown or has a value that is not allowed.',
    'Each entry of "errors" names a member and says what is wrong with it.',
  ),
  interval_too_long: text(
    422,
    'The interval is too long',
    'A plan of the application asks for a shorter interval between rotations.',
    'Choose one of at most "maxDays" days.',
  ),
  overlap_too_long: text(
    422,
    'The overlap is too long',
    'A plan of the application allows a shorter time in which both keys work.',
    'Choose a shorter one.',
  ),
  unknown_plan: text(
    422,
    'There is no such plan',
    'The API offers no plan with this name.',
    'GET /apis/{slug} lists the plans of an API.',
  ),
} as const satisfies Record<string, RefusalText>;

export type RefusalCode = keyof typeof refusals | 'not_found' | 'method_not_allowed' | 'missing_credential';

/** The problem of a code with the sentences of the table; `detail` says it more exactly. */
export function problemOf(code: keyof typeof refusals, detail?: string, extra?: Problem['extra']): Problem {
  const { status, title, explanation, remedy } = refusals[code];
  return { code, status, title, detail: detail ?? `${explanation} ${remedy}`, ...(extra && { extra }) };
}

export function notFoundProblem(detail: string): Problem {
  return { code: 'not_found', status: 404, title: 'There is nothing at this address', detail };
}
