import type { Level, Rule } from './rule.ts';

type Row = readonly [Level, string, string];

const lifecycle: Readonly<Record<string, Row>> = {
  'endpoint-added': ['info', 'is new', 'Nobody calls it yet.'],
  'api-removed-without-deprecation': [
    'error',
    'was removed, and had not been deprecated',
    'Its callers had no warning, and their calls fail now.',
  ],
  'api-path-removed-without-deprecation': [
    'error',
    'was removed with its whole path, and had not been deprecated',
    'Its callers had no warning, and their calls fail now.',
  ],
  'api-removed-before-sunset': [
    'error',
    'was removed before its sunset, {from}',
    'It was promised to work until then.',
  ],
  'api-path-removed-before-sunset': [
    'error',
    'was removed with its whole path before its sunset, {from}',
    'It was promised to work until then.',
  ],
  'api-removed-with-deprecation': ['info', 'was removed after its deprecation', 'Its callers had been told.'],
  'api-path-removed-with-deprecation': [
    'info',
    'was removed with its whole path after its deprecation',
    'Its callers had been told.',
  ],
  'endpoint-deprecated': ['info', 'is deprecated now', 'It still works.'],
  'endpoint-deprecated-with-sunset': ['info', 'is deprecated now, with the sunset {to}', 'It still works until then.'],
  'endpoint-reactivated': ['info', 'is no longer deprecated', 'It stays.'],
  'api-deprecated-sunset-missing': [
    'warning',
    'is deprecated without a sunset date (x-sunset)',
    'Its callers cannot tell how long it works.',
  ],
  'api-deprecated-sunset-parse': [
    'warning',
    'has a sunset that is not a date: {to}',
    'Its callers cannot tell how long it works; a date is written as 2027-12-31.',
  ],
  'api-sunset-date-too-small': [
    'warning',
    'is deprecated with a sunset too soon: {to}',
    'Its callers have less time than the sunset period to move away.',
  ],
  'api-sunset-date-changed-too-small': [
    'error',
    'has its sunset moved from {from} to {to}',
    'It was promised to work longer.',
  ],
  'sunset-deleted': [
    'warning',
    'lost its sunset date, {from}, and is still deprecated',
    'Its callers cannot tell any more how long it works.',
  ],
  'webhook-added': ['info', 'is a new webhook', 'Nobody waits for it yet.'],
  'webhook-removed': ['error', 'is a webhook that was removed', 'Who waits for it waits in vain.'],
  'callback-added': ['info', 'has a new callback {to}', 'Nobody waits for it yet.'],
  'callback-removed': ['error', 'no longer makes the callback {from}', 'Who waits for it waits in vain.'],
  'path-parameter-renamed': [
    'info',
    'calls the parameters of its path otherwise: {from} is {to}',
    'Names of path parameters are not sent.',
  ],
};

const parameters: Readonly<Record<string, Row>> = {
  'new-required-request-parameter': ['error', 'is new and required', 'Calls that worked lack it.'],
  'new-request-path-parameter': ['error', 'is new in the path', 'Calls that worked lack it.'],
  'new-optional-request-parameter': ['info', 'is new and optional', 'Calls that worked need not send it.'],
  'request-parameter-removed': [
    'warning',
    'was removed',
    'Servers usually ignore it, so calls go on and may mean something else.',
  ],
  'request-parameter-removed-with-deprecation': [
    'info',
    'was removed after its deprecation',
    'Its users had been told.',
  ],
  'request-parameter-removed-before-sunset': [
    'error',
    'was removed before its sunset, {from}',
    'It was promised to work until then.',
  ],
  'request-parameter-became-required': ['error', 'became required', 'Calls without it worked, and fail now.'],
  'request-parameter-became-optional': ['info', 'became optional', 'Calls with it still work.'],
  'request-parameter-deprecated-sunset-missing': [
    'info',
    'is deprecated without a sunset date (x-sunset)',
    'Its users cannot tell how long it works.',
  ],
  'request-parameter-style-changed': [
    'error',
    'is written otherwise: {to} in place of {from}',
    'Lists and objects that are sent the old way are read wrongly.',
  ],
  'request-parameter-content-changed': [
    'error',
    'is written as {to} in place of {from}',
    'What is sent the old way cannot be read.',
  ],
  'request-parameter-reserved-forbidden': [
    'warning',
    'may no longer hold reserved characters as they are',
    'Clients that do not encode them are read wrongly.',
  ],
  'request-parameter-reserved-allowed': [
    'info',
    'may hold reserved characters as they are',
    'Encoded ones still work.',
  ],
  'request-parameter-empty-forbidden': ['warning', 'may no longer be sent empty', 'Calls that send it empty may fail.'],
  'request-parameter-empty-allowed': ['info', 'may be sent empty', 'Calls that worked still do.'],
};

const bodies: Readonly<Record<string, Row>> = {
  'request-body-added-required': ['error', 'is new and required', 'Calls that worked lack it.'],
  'request-body-added-optional': ['info', 'is new and optional', 'Calls that worked need not send it.'],
  'request-body-removed': ['error', 'was removed', 'What clients send is not read any more, or is refused.'],
  'request-body-became-required': ['error', 'became required', 'Calls without it worked, and fail now.'],
  'request-body-became-optional': ['info', 'became optional', 'Calls with it still work.'],
  'request-body-media-type-added': ['info', 'may be sent as {to} as well', 'The others still work.'],
  'request-body-media-type-removed': ['error', 'may no longer be sent as {from}', 'Clients that send it are refused.'],
  'request-body-encoding-changed': [
    'warning',
    'is encoded otherwise in {to}',
    'Parts that are sent the old way may be read wrongly.',
  ],
  'response-success-status-added': ['info', 'is a new success', 'The others are still there.'],
  'response-success-status-removed': ['error', 'was removed, and was a success', 'Clients that wait for it miss it.'],
  'response-non-success-status-added': ['info', 'is a new answer', 'Clients are to expect any error.'],
  'response-non-success-status-removed': ['info', 'was removed', 'One error fewer.'],
  'response-media-type-added': ['info', 'may come as {to} as well', 'Clients that ask for the others get them.'],
  'response-media-type-removed': ['error', 'no longer comes as {from}', 'Clients that read it cannot any more.'],
  'response-media-type-name-generalized': [
    'error',
    'may come in any form of {to}',
    'Clients may receive a form that the old document ruled out.',
  ],
  'response-media-type-name-specialized': ['info', 'no longer comes in every form of {from}', 'Clients expect it.'],
  'response-header-added': ['info', 'is new', 'Nobody reads it yet.'],
  'required-response-header-removed': ['error', 'was removed, and was always there', 'Clients that read it miss it.'],
  'optional-response-header-removed': [
    'warning',
    'was removed',
    'It was not promised; who reads it misses it all the same.',
  ],
  'response-header-became-optional': ['error', 'may be missing now', 'Clients that read it always may miss it.'],
  'response-header-became-required': ['info', 'is always there now', 'Clients that can do without it still can.'],
  'response-link-added': ['info', 'has a new link {to}', 'Nobody follows it yet.'],
  'response-link-removed': ['warning', 'lost the link {from}', 'Clients that follow it miss it.'],
  'response-link-changed': ['warning', 'has its link {to} changed', 'Clients that follow it may arrive elsewhere.'],
  'webhook-body-added': ['info', 'carries a body now', 'Nobody reads it yet.'],
  'webhook-body-removed': ['error', 'carries no body any more', 'Who reads it misses it.'],
  'webhook-media-type-added': ['warning', 'may come as {to}', 'Who receives it cannot ask for another form.'],
  'webhook-media-type-removed': ['error', 'no longer comes as {from}', 'Who reads it cannot any more.'],
  'webhook-parameter-added': ['info', 'is new', 'Nobody reads it yet.'],
  'webhook-parameter-removed': ['error', 'was removed', 'Who reads it misses it.'],
  'webhook-response-status-added': ['info', 'is one more answer that is understood', 'The others still are.'],
  'webhook-response-status-removed': [
    'error',
    'is no longer understood as an answer',
    'Who answers so is misunderstood.',
  ],
};

const security: Readonly<Record<string, Row>> = {
  'api-security-added': ['error', 'asks for {to} now', 'Calls that worked without it are refused.'],
  'api-security-removed': ['info', 'no longer asks for {from}', 'Calls that prove more than needed still work.'],
  'api-security-alternative-added': ['info', 'accepts {to} as well', 'The other ways still work.'],
  'api-security-alternative-removed': [
    'error',
    'no longer accepts {from}',
    'Clients that sign in this way are refused.',
  ],
  'api-security-scope-added': ['error', 'needs more scopes: {to}', 'Tokens without them are refused.'],
  'api-security-scope-removed': ['info', 'needs fewer scopes, no longer {from}', 'Tokens with them still work.'],
  'api-security-component-added': ['info', 'is a new way to sign in', 'Nobody needs it by that alone.'],
  'api-security-component-removed': ['info', 'was removed', 'The operations that used it say whether it breaks.'],
  'api-security-component-type-changed': [
    'error',
    'is {to} in place of {from}',
    'Clients that sign in the old way are refused.',
  ],
  'api-security-component-place-changed': [
    'error',
    'is sent as {to} in place of {from}',
    'Credentials are looked for elsewhere.',
  ],
  'api-security-component-oauth-url-changed': [
    'warning',
    'has its authorization URL changed from {from} to {to}',
    'Clients that have it written down must change it, unless the old one forwards.',
  ],
  'api-security-component-oauth-token-url-changed': [
    'warning',
    'has its token URL changed from {from} to {to}',
    'Clients that have it written down must change it, unless the old one forwards.',
  ],
  'api-security-component-oauth-flow-added': ['info', 'has a new flow {to}', 'The others still work.'],
  'api-security-component-oauth-flow-removed': [
    'error',
    'no longer has the flow {from}',
    'Clients that sign in this way cannot any more.',
  ],
  'api-security-component-oauth-scope-added': ['info', 'has new scopes: {to}', 'Nobody needs them by that alone.'],
  'api-security-component-oauth-scope-removed': [
    'error',
    'no longer has the scopes {from}',
    'Clients that ask for them are refused.',
  ],
};

const rest: Readonly<Record<string, Row>> = {
  'api-server-added': ['info', 'is a new address', 'The others still work.'],
  'api-server-removed': ['error', 'is no longer an address of it', 'Clients that call it there must move.'],
  'api-server-variable-changed': [
    'warning',
    'has its variables changed',
    'Clients that fill them in may arrive elsewhere.',
  ],
  'api-tag-added': ['info', 'got the tag {to}', 'Tags only sort the documentation.'],
  'api-tag-removed': ['info', 'lost the tag {from}', 'Tags only sort the documentation.'],
  'api-operation-id-changed': [
    'info',
    'has the operationId {to} in place of {from}',
    'It is not sent; code that is generated calls it otherwise.',
  ],
  'api-description-changed': ['info', 'is described otherwise', 'It changes nothing about what may be sent.'],
  'api-examples-changed': ['info', 'has other examples', 'It changes nothing about what may be sent.'],
};

/** Rules about everything but schemas. */
export const documentRules: readonly Rule[] = Object.entries({
  ...lifecycle,
  ...parameters,
  ...bodies,
  ...security,
  ...rest,
}).map(([id, [level, text, why]]) => ({ id, level, text, why }));
