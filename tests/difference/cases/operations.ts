import { type DocumentCase, type Verdict, documentOf } from './case.ts';

const text = { type: 'string' };
const json = (schema: object) => ({ 'application/json': { schema } });
const body = (more: object = {}) => ({ requestBody: { content: json(text), ...more } });
const answers = (responses: object) => ({ responses: { 200: { description: 'Fine' }, ...responses } });
const answer = (more: object) => ({ responses: { 200: { description: 'Fine', ...more } } });
const parameter = (more: object, schema: object = text) => ({
  parameters: [{ name: 'p', in: 'query', schema, ...more }],
});
const list = { type: 'array', items: text };
const two = (first: object, second: object) => ({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  paths: {
    '/a': { get: { operationId: 'a', responses: {}, ...first } },
    '/b': { get: { operationId: 'b', responses: {}, ...second } },
  },
});
const gone = (life: object, isPathGone: boolean) => {
  const get = { operationId: 'a', responses: {} };
  const document = (item: object) => ({ openapi: '3.1.0', info: { title: 'Things', version: '1' }, paths: item });
  const left = isPathGone ? {} : { '/a': { get } };
  return [
    document({ '/a': { ...(isPathGone ? {} : { get }), post: { operationId: 'b', responses: {}, ...life } } }),
    document(left),
  ] as const;
};
const webhook = (operation: object | null, name = 'sent') =>
  documentOf(
    {},
    operation ? { webhooks: { [name]: { post: { responses: { 200: { description: 'Fine' } }, ...operation } } } } : {},
  );
const callback = (operation: object | null) =>
  documentOf(
    operation
      ? {
          callbacks: {
            done: { '{$request.body#/url}': { post: { responses: { 200: { description: 'Fine' } }, ...operation } } },
          },
        }
      : {},
  );

const one = (
  name: string,
  old: object,
  now: object,
  forth: Verdict,
  back: Verdict,
  rules: readonly [string, string] = ['', ''],
): DocumentCase => ({ name, old, new: now, forth, back, rules });
const op = (name: string, old: object, now: object, ...rest: [Verdict, Verdict, (readonly [string, string])?]) =>
  one(name, documentOf(old), documentOf(now), ...rest);

const FUTURE = '2027-06-30';
const SOON = '2026-12-24';
const PAST = '2026-01-31';

// prettier-ignore
export const operationCases: readonly DocumentCase[] = [
  // Life of operations
  one('an operation is removed without a word', ...gone({}, false), 'breaks', 'safe', ['api-removed-without-deprecation', 'endpoint-added']),
  one('a path is removed without a word', ...gone({}, true), 'breaks', 'safe', ['api-path-removed-without-deprecation', 'endpoint-added']),
  one('an operation is removed after its deprecation', ...gone({ deprecated: true }, false), 'safe', 'safe', ['api-removed-with-deprecation', '']),
  one('a path is removed after its deprecation', ...gone({ deprecated: true, 'x-sunset': PAST }, true), 'safe', 'safe', ['api-path-removed-with-deprecation', '']),
  one('an operation is removed before its sunset', ...gone({ deprecated: true, 'x-sunset': FUTURE }, false), 'breaks', 'safe', ['api-removed-before-sunset', '']),
  one('a path is removed before its sunset', ...gone({ deprecated: true, 'x-sunset': FUTURE }, true), 'breaks', 'safe', ['api-path-removed-before-sunset', '']),
  op('a deprecation with a sunset', {}, { deprecated: true, 'x-sunset': FUTURE }, 'safe', 'safe', ['endpoint-deprecated-with-sunset', 'endpoint-reactivated']),
  op('a deprecation without a sunset', {}, { deprecated: true }, 'may break', 'safe', ['api-deprecated-sunset-missing', 'endpoint-reactivated']),
  op('a deprecation is a deprecation', {}, { deprecated: true }, 'may break', 'safe', ['endpoint-deprecated', '']),
  op('a deprecation with a sunset next month', {}, { deprecated: true, 'x-sunset': SOON }, 'may break', 'safe', ['api-sunset-date-too-small', '']),
  op('a deprecation with a sunset that is no date', {}, { deprecated: true, 'x-sunset': 'soon' }, 'may break', 'safe', ['api-deprecated-sunset-parse', '']),
  op('the sunset comes earlier', { deprecated: true, 'x-sunset': FUTURE }, { deprecated: true, 'x-sunset': SOON }, 'breaks', 'nothing', ['api-sunset-date-changed-too-small', '']),
  op('the sunset is taken back', { deprecated: true, 'x-sunset': FUTURE }, { deprecated: true }, 'may break', 'nothing', ['sunset-deleted', '']),
  one('names in a path are not sent', documentOf({}, {}, '/things/{id}'), { ...documentOf({}, {}, '/things/{name}'), paths: { '/things/{name}': { parameters: [{ name: 'name', in: 'path', required: true, schema: text }], post: { operationId: 'post', responses: { 200: { description: 'Fine' } } } } } }, 'safe', 'safe', ['path-parameter-renamed', 'path-parameter-renamed']),
  one('the order of paths means nothing', two({}, {}), { ...two({}, {}), paths: Object.fromEntries(Object.entries(two({}, {}).paths).reverse()) }, 'nothing', 'nothing'),
  op('another operationId', { operationId: 'x' }, { operationId: 'y' }, 'safe', 'safe', ['api-operation-id-changed', 'api-operation-id-changed']),
  op('a tag', { tags: [] }, { tags: ['a'] }, 'safe', 'safe', ['api-tag-added', 'api-tag-removed']),
  op('a summary', { summary: 'A' }, { summary: 'B' }, 'safe', 'safe', ['api-description-changed', 'api-description-changed']),
  // Parameters
  op('a required parameter', {}, parameter({ required: true }), 'breaks', 'may break', ['new-required-request-parameter', 'request-parameter-removed']),
  op('an optional parameter', {}, parameter({}), 'safe', 'may break', ['new-optional-request-parameter', 'request-parameter-removed']),
  op('a parameter of the path', {}, { parameters: [{ name: 'q', in: 'path', required: true, schema: text }] }, 'breaks', 'may break', ['new-request-path-parameter', '']),
  op('a deprecated parameter is removed', parameter({ deprecated: true }), {}, 'safe', 'safe', ['request-parameter-removed-with-deprecation', '']),
  op('a parameter is removed before its sunset', parameter({ deprecated: true, 'x-sunset': FUTURE }), {}, 'breaks', 'safe', ['request-parameter-removed-before-sunset', '']),
  op('a parameter becomes required', parameter({}), parameter({ required: true }), 'breaks', 'safe', ['request-parameter-became-required', 'request-parameter-became-optional']),
  op('a parameter moves from query to header', parameter({}), parameter({ in: 'header' }), 'may break', 'may break', ['request-parameter-removed', '']),
  op('a parameter is deprecated', parameter({}), parameter({ deprecated: true }), 'safe', 'safe', ['request-parameter-deprecated', 'request-parameter-reactivated']),
  op('a parameter is deprecated without a sunset', parameter({}), parameter({ deprecated: true }), 'safe', 'safe', ['request-parameter-deprecated-sunset-missing', '']),
  op('a list is written otherwise', parameter({}, list), parameter({ explode: false }, list), 'breaks', 'breaks', ['request-parameter-style-changed', 'request-parameter-style-changed']),
  op('a list is written as before, in other words', parameter({}, list), parameter({ style: 'form', explode: true }, list), 'nothing', 'nothing'),
  op('one value is written the same in every style', parameter({}), parameter({ explode: false }), 'nothing', 'nothing'),
  op('a parameter becomes JSON', parameter({}), { parameters: [{ name: 'p', in: 'query', content: json(text) }] }, 'breaks', 'breaks', ['request-parameter-content-changed', '']),
  op('reserved characters are forbidden', parameter({ allowReserved: true }), parameter({}), 'may break', 'safe', ['request-parameter-reserved-forbidden', 'request-parameter-reserved-allowed']),
  op('empty values are forbidden', parameter({ allowEmptyValue: true }), parameter({}), 'may break', 'safe', ['request-parameter-empty-forbidden', 'request-parameter-empty-allowed']),
  op('an example of a parameter', parameter({}), parameter({ example: 'a' }), 'safe', 'safe', ['api-examples-changed', 'api-examples-changed']),
  op('a number in the query may be any text', parameter({}, { type: 'integer' }), parameter({}), 'safe', 'breaks', ['request-parameter-type-generalized', 'request-parameter-type-specialized']),
  op('a default value of a parameter appears', parameter({}), parameter({}, { ...text, default: 'a' }), 'may break', 'may break', ['request-parameter-default-value-added', 'request-parameter-default-value-removed']),
  op('another default value of a parameter', parameter({}, { ...text, default: 'a' }), parameter({}, { ...text, default: 'b' }), 'breaks', 'breaks', ['request-parameter-default-value-changed', '']),
  op('a header is a header in any case', { parameters: [{ name: 'X-One', in: 'header', schema: text }] }, { parameters: [{ name: 'x-one', in: 'header', schema: text }] }, 'nothing', 'nothing'),
  op('Accept is no parameter', {}, { parameters: [{ name: 'Accept', in: 'header', required: true, schema: text }] }, 'nothing', 'nothing'),
  // Bodies
  op('a required body', {}, body({ required: true }), 'breaks', 'breaks', ['request-body-added-required', 'request-body-removed']),
  op('an optional body', {}, body(), 'safe', 'breaks', ['request-body-added-optional', 'request-body-removed']),
  op('the body becomes required', body(), body({ required: true }), 'breaks', 'safe', ['request-body-became-required', 'request-body-became-optional']),
  op('one more media type', body(), { requestBody: { content: { ...json(text), 'text/plain': { schema: text } } } }, 'safe', 'breaks', ['request-body-media-type-added', 'request-body-media-type-removed']),
  op('a range of media types covers one', { requestBody: { content: { 'text/plain': { schema: text } } } }, { requestBody: { content: { 'text/*': { schema: text } } } }, 'safe', 'breaks', ['request-body-media-type-added', 'request-body-media-type-removed']),
  op('parameters of a media type mean nothing', body(), { requestBody: { content: { 'application/JSON; charset=utf-8': { schema: text } } } }, 'nothing', 'nothing'),
  op('parts are encoded otherwise', { requestBody: { content: { 'multipart/form-data': { schema: {} } } } }, { requestBody: { content: { 'multipart/form-data': { schema: {}, encoding: { a: { contentType: 'image/png' } } } } } }, 'may break', 'may break', ['request-body-encoding-changed', '']),
  op('the body itself has another type', body(), { requestBody: { content: json(list) } }, 'breaks', 'breaks', ['request-body-type-changed', '']),
  op('another default for the whole body', { requestBody: { content: json({ ...text, default: 'a' }) } }, { requestBody: { content: json({ ...text, default: 'b' }) } }, 'may break', 'may break', ['request-body-default-value-changed', '']),
  // Responses
  op('a success is removed', answers({ 201: { description: 'New' } }), answers({}), 'breaks', 'safe', ['response-success-status-removed', 'response-success-status-added']),
  op('an error is removed', answers({ 404: { description: 'None' } }), answers({}), 'safe', 'safe', ['response-non-success-status-removed', 'response-non-success-status-added']),
  op('a range of successes covers one', answers({ 201: { description: 'New' }, '2XX': { description: 'Any' } }), answers({ '2XX': { description: 'Any' } }), 'safe', 'safe'),
  op('the default covers an error', answers({ 404: { description: 'X' }, default: { description: 'X' } }), answers({ default: { description: 'X' } }), 'nothing', 'nothing'),
  op('an answer may come in another form', answer({ content: json(text) }), answer({ content: { ...json(text), 'text/csv': {} } }), 'safe', 'breaks', ['response-media-type-added', 'response-media-type-removed']),
  op('an answer may come as any text', answer({ content: { 'text/plain': { schema: text } } }), answer({ content: { 'text/*': { schema: text } } }), 'breaks', 'safe', ['response-media-type-name-generalized', 'response-media-type-name-specialized']),
  op('an answer has another type', answer({ content: json(text) }), answer({ content: json(list) }), 'breaks', 'breaks', ['response-body-type-changed', '']),
  op('a header is promised', answer({}), answer({ headers: { 'X-A': { required: true, schema: text } } }), 'safe', 'breaks', ['response-header-added', 'required-response-header-removed']),
  op('a header may come', answer({}), answer({ headers: { 'X-A': { schema: text } } }), 'safe', 'may break', ['response-header-added', 'optional-response-header-removed']),
  op('a header may be missing', answer({ headers: { 'X-A': { required: true, schema: text } } }), answer({ headers: { 'x-a': { schema: text } } }), 'breaks', 'safe', ['response-header-became-optional', 'response-header-became-required']),
  op('a header is a number', answer({ headers: { 'X-A': { schema: text } } }), answer({ headers: { 'X-A': { schema: { type: 'integer' } } } }), 'safe', 'breaks', ['response-header-type-specialized', 'response-header-type-generalized']),
  op('a link', answer({}), answer({ links: { next: { operationId: 'post' } } }), 'safe', 'may break', ['response-link-added', 'response-link-removed']),
  op('a link leads elsewhere', answer({ links: { next: { operationId: 'post' } } }), answer({ links: { next: { operationId: 'get' } } }), 'may break', 'may break', ['response-link-changed', '']),
  // What the API calls by itself
  one('a webhook', webhook(null), webhook({}), 'safe', 'breaks', ['webhook-added', 'webhook-removed']),
  one('a webhook carries a body', webhook({}), webhook(body()), 'safe', 'breaks', ['webhook-body-added', 'webhook-body-removed']),
  one('a webhook comes in another form', webhook(body()), webhook({ requestBody: { content: { ...json(text), 'text/csv': {} } } }), 'may break', 'breaks', ['webhook-media-type-added', 'webhook-media-type-removed']),
  one('a webhook may carry null', webhook(body()), webhook({ requestBody: { content: json({ type: ['string', 'null'] }) } }), 'breaks', 'safe', ['webhook-body-became-nullable', 'webhook-body-became-not-nullable']),
  one('a webhook carries one more property', webhook({ requestBody: { content: json({ properties: {} }) } }), webhook({ requestBody: { content: json({ properties: { a: text }, required: ['a'] }) } }), 'safe', 'breaks', ['webhook-required-property-added', 'webhook-required-property-removed']),
  one('the answer to a webhook needs a property', webhook(answer({ content: json({ properties: { a: text } }) })), webhook(answer({ content: json({ properties: { a: text }, required: ['a'] }) })), 'breaks', 'safe', ['webhook-response-property-became-required', 'webhook-response-property-became-optional']),
  one('a header of a webhook', webhook({}), webhook({ parameters: [{ name: 'X-A', in: 'header', schema: text }] }), 'safe', 'breaks', ['webhook-parameter-added', 'webhook-parameter-removed']),
  one('one more answer to a webhook', webhook({}), webhook(answers({ 204: { description: 'None' } })), 'safe', 'breaks', ['webhook-response-status-added', 'webhook-response-status-removed']),
  one('a callback', callback(null), callback({}), 'safe', 'breaks', ['callback-added', 'callback-removed']),
  one('a callback may carry null', callback(body()), callback({ requestBody: { content: json({ type: ['string', 'null'] }) } }), 'breaks', 'safe', ['webhook-body-became-nullable', '']),
];
