import { type DocumentCase, type Verdict, documentOf } from './case.ts';

const key = { type: 'apiKey', in: 'header', name: 'X-Key' };
const basic = { type: 'http', scheme: 'basic' };
const flow = {
  authorizationUrl: 'https://a.example/authorize',
  tokenUrl: 'https://a.example/token',
  scopes: { read: '', write: '' },
};
const oauth = (more: object = {}) => ({ type: 'oauth2', flows: { authorizationCode: { ...flow, ...more } } });
const schemes = { key, basic, oauth: oauth() };
const asks = (security: object[], own: object = schemes) =>
  documentOf({ security }, { components: { securitySchemes: own } });
const globally = (security: object[]) => documentOf({}, { security, components: { securitySchemes: schemes } });
const has = (own: object) => documentOf({}, { components: { securitySchemes: own } });
const at = (...servers: object[]) => documentOf({}, { servers });

const one = (
  name: string,
  old: object,
  now: object,
  forth: Verdict,
  back: Verdict,
  rules: readonly [string, string] = ['', ''],
): DocumentCase => ({ name, old, new: now, forth, back, rules });

/** Who may call, how they prove it, and where. */
// prettier-ignore
export const accessCases: readonly DocumentCase[] = [
  one('a key is asked for', asks([]), asks([{ key: [] }]), 'breaks', 'safe', ['api-security-added', 'api-security-removed']),
  one('a key is asked for everywhere', globally([]), globally([{ key: [] }]), 'breaks', 'safe', ['api-security-added', 'api-security-removed']),
  one('an anonymous way is closed', asks([{}, { key: [] }]), asks([{ key: [] }]), 'breaks', 'safe', ['api-security-added', 'api-security-removed']),
  one('a second proof is asked for', asks([{ key: [] }]), asks([{ key: [], basic: [] }]), 'breaks', 'safe', ['api-security-added', 'api-security-removed']),
  one('one more way to sign in', asks([{ key: [] }]), asks([{ key: [] }, { basic: [] }]), 'safe', 'breaks', ['api-security-alternative-added', 'api-security-alternative-removed']),
  one('another way to sign in', asks([{ key: [] }]), asks([{ basic: [] }]), 'breaks', 'breaks', ['api-security-alternative-removed', 'api-security-alternative-removed']),
  one('one more scope is needed', asks([{ oauth: ['read'] }]), asks([{ oauth: ['read', 'write'] }]), 'breaks', 'safe', ['api-security-scope-added', 'api-security-scope-removed']),
  one('another scope is needed', asks([{ oauth: ['read'] }]), asks([{ oauth: ['write'] }]), 'breaks', 'breaks', ['api-security-scope-added', 'api-security-scope-added']),
  one('the order of ways means nothing', asks([{ key: [] }, { basic: [] }]), asks([{ basic: [] }, { key: [] }]), 'nothing', 'nothing'),
  one('what was asked for everywhere is asked for here', globally([{ key: [] }]), asks([{ key: [] }]), 'nothing', 'nothing'),
  one('a scheme is only called otherwise', asks([{ key: [] }], { key }), asks([{ token: [] }], { token: key }), 'nothing', 'nothing'),
  one('a scheme that nobody uses', has({}), has({ key }), 'safe', 'safe', ['api-security-component-added', 'api-security-component-removed']),
  one('a key becomes a password', has({ a: key }), has({ a: basic }), 'breaks', 'breaks', ['api-security-component-type-changed', '']),
  one('basic becomes bearer', has({ a: basic }), has({ a: { type: 'http', scheme: 'bearer' } }), 'breaks', 'breaks', ['api-security-component-type-changed', '']),
  one('names of HTTP schemes have no case', has({ a: basic }), has({ a: { type: 'http', scheme: 'Basic' } }), 'nothing', 'nothing'),
  one('the key moves to the query', has({ a: key }), has({ a: { ...key, in: 'query' } }), 'breaks', 'breaks', ['api-security-component-place-changed', '']),
  one('another authorization address', has({ a: oauth() }), has({ a: oauth({ authorizationUrl: 'https://b.example/' }) }), 'may break', 'may break', ['api-security-component-oauth-url-changed', '']),
  one('another token address', has({ a: oauth() }), has({ a: oauth({ tokenUrl: 'https://b.example/' }) }), 'may break', 'may break', ['api-security-component-oauth-token-url-changed', '']),
  one('one more flow', has({ a: oauth() }), has({ a: { type: 'oauth2', flows: { authorizationCode: flow, clientCredentials: flow } } }), 'safe', 'breaks', ['api-security-component-oauth-flow-added', 'api-security-component-oauth-flow-removed']),
  one('one more scope', has({ a: oauth({ scopes: { read: '' } }) }), has({ a: oauth() }), 'safe', 'breaks', ['api-security-component-oauth-scope-added', 'api-security-component-oauth-scope-removed']),
  one('one more server', at({ url: 'https://a.example' }), at({ url: 'https://a.example' }, { url: 'https://b.example' }), 'safe', 'breaks', ['api-server-added', 'api-server-removed']),
  one('the same server with a slash', at({ url: 'https://a.example' }), at({ url: 'https://a.example/' }), 'nothing', 'nothing'),
  one('variables of a server', at({ url: 'https://{a}.example', variables: { a: { default: 'x' } } }), at({ url: 'https://{a}.example', variables: { a: { default: 'y' } } }), 'may break', 'may break', ['api-server-variable-changed', '']),
  one('another version of the document', { ...documentOf(), info: { title: 'Things', version: '1' } }, { ...documentOf(), info: { title: 'Things', version: '2' } }, 'nothing', 'nothing'),
  one('what is written about the API', { ...documentOf(), info: { title: 'Things', version: '1' } }, { ...documentOf(), info: { title: 'Other things', version: '1' } }, 'safe', 'safe', ['api-description-changed', '']),
];
