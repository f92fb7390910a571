import type { Cast, Person } from './people.ts';
import type { Route } from './route-matrix.ts';

export type ObjectKind =
  | 'no object'
  | 'present'
  | 'own'
  | 'foreign'
  | 'absent'
  | 'prototype name'
  | 'foreign key in own application'
  | 'absent key in own application'
  | 'own key in foreign application'
  | 'own key in another own application'
  | 'foreign delivery of own webhook'
  | 'absent delivery of own webhook'
  | 'own delivery of foreign webhook';

/** Something that a route can be asked for. */
export interface RouteObject {
  kind: ObjectKind;
  path: string;
  /** For this person. */
  exists: boolean;
}

const NO_REQUEST = `srq_${'0'.repeat(20)}`;

type Parameters = Readonly<Record<string, string>>;

/** What a person can ask of a route: their own, somebody else's, what nobody has, and keys in the wrong application. */
export function objectsFor(route: Route, person: Person, cast: Cast): RouteObject[] {
  const object = (kind: ObjectKind, parameters: Parameters): RouteObject => {
    const path = route.path.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, (_whole, name: string) => parameters[name] ?? '');
    return { kind, path, exists: kind === 'no object' || kind === 'present' || kind === 'own' };
  };
  if (!route.path.includes('[')) return [object('no object', {})];
  if (route.path === '/api/v1/[...path]') return [object('present', route.present)];
  if (route.path.startsWith('/teams/[')) return teams(object, person, cast);
  if (/\[(tokenId|passkeyId|identityId)\]/.test(route.path)) return nobodys(object);
  if (/\[(feedbackId|reportId)\]/.test(route.path) || /^\/owner\/(invitations|requests)\/\[/.test(route.path))
    return unsaid(object);
  if (route.path.startsWith('/owner/owners/[')) return owners(object, person, cast);
  if (/^\/owner\/(accounts|teams|applications)\/\[/.test(route.path)) return anybodys(object, person, cast);
  if (route.path.startsWith('/owner/keys/')) return anyKeys(object, person, cast);
  if (route.path.includes('[policyId]')) return policies(object, cast);
  if (route.path.includes('[noticeId]')) return notices(object, cast);
  if (route.path.includes('[endpointId]')) return webhookObjects(object, route, person, cast);
  if (route.path.includes('[keyId]'))
    return [...applicationObjects(object, person, cast), ...keyObjects(object, person, cast)];
  if (route.path.includes('[applicationId]')) return applicationObjects(object, person, cast);
  const each = (value: string): Parameters =>
    Object.fromEntries(Object.keys(route.present).map((name) => [name, value]));
  return [
    object('present', route.present),
    object('absent', each('nothing')),
    object('prototype name', each('constructor')),
  ];
}

type MakeObject = (kind: ObjectKind, parameters: Parameters) => RouteObject;

/** Ids of access tokens and passkeys stand on one's own page only: there is no other's to try. */
function nobodys(object: MakeObject): RouteObject[] {
  return [
    object('absent', {
      tokenId: `pat_${'0'.repeat(20)}`,
      passkeyId: `psk_${'0'.repeat(20)}`,
      identityId: `idn_${'0'.repeat(20)}`,
    }),
    object('prototype name', { tokenId: 'constructor', passkeyId: 'constructor', identityId: 'constructor' }),
  ];
}

/** Ids of feedback, reports and invitations: nobody of the cast has said anything, or was invited. */
function unsaid(object: MakeObject): RouteObject[] {
  return [
    object('absent', {
      feedbackId: `fbk_${'0'.repeat(20)}`,
      reportId: `rpt_${'0'.repeat(20)}`,
      invitationId: `inv_${'0'.repeat(20)}`,
      requestId: NO_REQUEST,
    }),
    object('prototype name', {
      feedbackId: 'constructor',
      reportId: '__proto__',
      invitationId: '__proto__',
      requestId: '__proto__',
    }),
  ];
}

/** Invitations are nobody's: those of the own team count as its own, and are not there. */
function teams(object: MakeObject, { owns }: Person, cast: Cast): RouteObject[] {
  const foreign = foreignTo(owns, cast);
  const invitationId = `inv_${'0'.repeat(20)}`;
  const idsOfTeam = ({ teamId, accountId }: NonNullable<Person['owns']>) => ({ teamId, accountId, invitationId });
  const absent = { teamId: blank(foreign.teamId), accountId: blank(foreign.accountId), invitationId };
  return [
    ...(owns ? [object('own', idsOfTeam(owns))] : []),
    object('foreign', idsOfTeam(foreign)),
    object('absent', absent),
    object('prototype name', { teamId: 'constructor', accountId: '__proto__', invitationId }),
  ];
}

function applicationObjects(object: MakeObject, { owns }: Person, cast: Cast): RouteObject[] {
  const foreign = foreignTo(owns, cast);
  // As long as real ones, so that only their existence differs.
  const absent = { applicationId: blank(foreign.applicationId), keyId: blank(foreign.keyId), requestId: NO_REQUEST };
  return [
    ...(owns ? [object('own', idsOf(owns))] : []),
    object('foreign', idsOf(foreign)),
    object('absent', absent),
    object('prototype name', { applicationId: '__proto__', keyId: 'constructor', requestId: '__proto__' }),
  ];
}

function idsOf({ applicationId, keyId }: NonNullable<Person['owns']>): Parameters {
  // Nobody has asked for a plan that needs approval.
  return { applicationId, keyId, requestId: NO_REQUEST };
}

/** Keys of whatever team: owners see all, so that of another team is there like any. */
function anyKeys(object: MakeObject, { owns }: Person, cast: Cast): RouteObject[] {
  const { keyId } = foreignTo(owns, cast);
  return [
    object('present', { keyId }),
    object('absent', { keyId: blank(keyId) }),
    object('prototype name', { keyId: 'constructor' }),
  ];
}

/** Accounts, teams and applications of whomever: owners see all. */
function anybodys(object: MakeObject, { owns }: Person, cast: Cast): RouteObject[] {
  const { accountId, teamId, applicationId } = foreignTo(owns, cast);
  return [
    object('present', { accountId, teamId, applicationId }),
    object('absent', { accountId: blank(accountId), teamId: blank(teamId), applicationId: blank(applicationId) }),
    object('prototype name', { accountId: 'constructor', teamId: '__proto__', applicationId: 'constructor' }),
  ];
}

/** Accounts of owners; everybody else's is none. */
function owners(object: MakeObject, { owns }: Person, cast: Cast): RouteObject[] {
  const foreign = foreignTo(owns, cast).accountId;
  return [
    object('present', { accountId: cast.owner.owns?.accountId ?? '' }),
    object('foreign', { accountId: foreign }),
    object('absent', { accountId: blank(foreign) }),
    object('prototype name', { accountId: '__proto__' }),
  ];
}

/** They belong to the provider: there for every owner. */
function policies(object: MakeObject, { owner }: Cast): RouteObject[] {
  const policyId = owner.owns?.policy?.policyId ?? '';
  return [
    object('present', { policyId }),
    object('absent', { policyId: blank(policyId) }),
    object('prototype name', { policyId: '__proto__' }),
  ];
}

/** Likewise. */
function notices(object: MakeObject, { owner }: Cast): RouteObject[] {
  const noticeId = owner.owns?.notice?.noticeId ?? '';
  return [
    object('present', { noticeId }),
    object('absent', { noticeId: blank(noticeId) }),
    object('prototype name', { noticeId: '__proto__' }),
  ];
}

function keyObjects(object: MakeObject, { owns }: Person, cast: Cast): RouteObject[] {
  if (!owns) return [];
  const foreign = foreignTo(owns, cast);
  const { applicationId, keyId } = owns;
  return [
    object('foreign key in own application', { applicationId, keyId: foreign.keyId }),
    object('absent key in own application', { applicationId, keyId: blank(keyId) }),
    object('own key in foreign application', { applicationId: foreign.applicationId, keyId }),
    object('own key in another own application', { applicationId: owns.otherApplicationId, keyId }),
  ];
}

function webhookObjects(object: MakeObject, { path }: Route, { owns }: Person, cast: Cast): RouteObject[] {
  const isOwners = path.startsWith('/owner/');
  // For the owners' pages a team's webhook is foreign to everybody.
  const foreign = foreignTo(owns, cast).webhook;
  const own = isOwners ? cast.owner.owns?.ownersWebhook : owns?.webhook;
  const absent = { endpointId: blank(foreign.endpointId), deliveryId: blank(foreign.deliveryId) };
  const objects = [
    ...(own ? [object('own', { ...own })] : []),
    object('foreign', { ...foreign }),
    object('absent', absent),
    object('prototype name', { endpointId: '__proto__', deliveryId: 'constructor' }),
  ];
  if (!own || !path.includes('[deliveryId]')) return objects;
  const { endpointId, deliveryId } = own;
  return [
    ...objects,
    object('foreign delivery of own webhook', { endpointId, deliveryId: foreign.deliveryId }),
    object('absent delivery of own webhook', { endpointId, deliveryId: blank(deliveryId) }),
    object('own delivery of foreign webhook', { endpointId: foreign.endpointId, deliveryId }),
  ];
}

/** The neighbour's, or for the neighbour the developer's. */
function foreignTo(owns: Person['owns'], { neighbour, developer }: Cast): NonNullable<Person['owns']> {
  const other = owns?.email === neighbour.owns?.email ? developer.owns : neighbour.owns;
  if (!other) throw new Error('the cast has nothing');
  return other;
}

function blank(id: string): string {
  return id.replace(/(?<=_).+$/, (unguessable) => '0'.repeat(unguessable.length));
}
