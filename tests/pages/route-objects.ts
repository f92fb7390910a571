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
  | 'own key in another own application';

/** Something that a route can be asked for. */
export interface RouteObject {
  kind: ObjectKind;
  path: string;
  /** For this person. */
  exists: boolean;
}

type Parameters = Readonly<Record<string, string>>;

/** What a person can ask of a route: their own, somebody else's, what nobody has, and keys in the wrong application. */
export function objectsFor(route: Route, person: Person, cast: Cast): RouteObject[] {
  const object = (kind: ObjectKind, parameters: Parameters): RouteObject => {
    const path = route.path.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, (_whole, name: string) => parameters[name] ?? '');
    return { kind, path, exists: kind === 'no object' || kind === 'present' || kind === 'own' };
  };
  if (!route.path.includes('[')) return [object('no object', {})];
  if (route.path.startsWith('/owner/keys/')) return anyKeys(object, person, cast);
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

function applicationObjects(object: MakeObject, { owns }: Person, cast: Cast): RouteObject[] {
  const foreign = foreignTo(owns, cast);
  // As long as real ones, so that only their existence differs.
  const absent = { applicationId: blank(foreign.applicationId), keyId: blank(foreign.keyId) };
  return [
    ...(owns ? [object('own', { ...owns })] : []),
    object('foreign', { ...foreign }),
    object('absent', absent),
    object('prototype name', { applicationId: '__proto__', keyId: 'constructor' }),
  ];
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

/** The neighbour's, or for the neighbour the developer's. */
function foreignTo(owns: Person['owns'], { neighbour, developer }: Cast): NonNullable<Person['owns']> {
  const other = owns?.email === neighbour.owns?.email ? developer.owns : neighbour.owns;
  if (!other) throw new Error('the cast has nothing');
  return other;
}

function blank(id: string): string {
  return id.replace(/(?<=_).+$/, (unguessable) => '0'.repeat(unguessable.length));
}
