import fc from 'fast-check';

import type { Rights } from '../support/portal-state.ts';
import { type BodyWriter, type Pairs, bodyWriters } from './form-bodies.ts';

/** A form as somebody sends it who wants more than the page offers. */
export interface HostileForm {
  fields: Pairs;
  writer: BodyWriter;
}

/** Names that objects of JavaScript have by themselves, and that form libraries of other languages read as structure. */
export const TRAP_NAMES = [
  '__proto__',
  '__proto__[role]',
  'constructor',
  'constructor.prototype.role',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'then',
  'length',
  '',
  '0',
  '_method',
];

const traps = [
  '',
  ' ',
  '0',
  '-1',
  'NaN',
  '1e309',
  'true',
  'null',
  'undefined',
  '[]',
  '{"role":"owner"}',
  '[object Object]',
  'owner',
  '__proto__',
  '\0',
  '\r\nSet-Cookie: gatehouse=1',
  'a\u202eb',
  '\ud800',
  '\ufeff',
  '%00%ff',
  `' or 1=1 --`,
  '<img src=x onerror=alert(1)>',
  '../../../etc/passwd',
  'a@b.example, c@d.example',
  '9'.repeat(400),
  'x'.repeat(70_000),
  '10.0.0.0/8\n'.repeat(3000),
  'ﷺ'.repeat(1000),
];

/**
 * Changes a right form: drops, doubles and renames fields, gives them values of another kind, adds others, and writes
 * it in any way.
 * @param names of columns and of anything else that a careless program would take from a form
 */
export function hostileForms(
  right: Readonly<Record<string, string>>,
  names: readonly string[],
): fc.Arbitrary<HostileForm> {
  const value = fc.oneof(fc.constantFrom(...traps), fc.string({ unit: 'binary', maxLength: 40 }));
  const field = (name: string, kept: string): fc.Arbitrary<Pairs> =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constant([[name, kept]] as Pairs) },
      { weight: 4, arbitrary: value.map((text): Pairs => [[name, text]]) },
      { weight: 1, arbitrary: fc.constant([] as Pairs) },
      {
        weight: 1,
        arbitrary: value.map((text): Pairs => [
          [name, kept],
          [name, text],
        ]),
      },
      {
        weight: 1,
        arbitrary: value.map((text): Pairs => [
          [`${name}[]`, kept],
          [`${name}[role]`, text],
        ]),
      },
    );
  const more = fc.array(fc.tuple(fc.constantFrom(...names, ...TRAP_NAMES), value), { maxLength: 2 });
  const fields = fc.tuple(...Object.entries(right).map(([name, kept]) => field(name, kept)));
  const { urlencoded, ...others } = bodyWriters;
  const writer = fc.oneof(
    { weight: 6, arbitrary: fc.constant<BodyWriter>(urlencoded) },
    { weight: 2, arbitrary: fc.constantFrom<BodyWriter>(...Object.values(others)) },
  );
  return fc.record({ fields: fc.tuple(fields, more).map(([own, added]) => [...own.flat(), ...added]), writer });
}

/** What a form must never do to who may do what; empty when it has not. New accounts come with a team of their own. */
export function rightsGained(before: Rights, after: Rights): string[] {
  const added = (was: readonly string[], is: readonly string[]): string[] => is.filter((one) => !was.includes(one));
  const lost = [...added(after.members, before.members), ...added(after.applications, before.applications)];
  const known = new Set(before.members.map((member) => member.split(' ')[1]));
  // Whoever makes a team is in it: that is no right over what was there.
  const teams = new Set(before.members.map((member) => member.split(' ')[0]));
  const joined = added(before.members, after.members).filter((member) => {
    const [teamId, accountId] = member.split(' ');
    return known.has(accountId) && teams.has(teamId);
  });
  return [
    ...added(before.owners, after.owners).map((email) => `${email} became owner`),
    ...added(before.verified, after.verified).map((email) => `${email} became verified`),
    ...added(before.suspended, after.suspended).map((email) => `${email} was suspended`),
    ...joined.map((member) => `${member} joined`),
    ...lost.map((row) => `${row} is gone`),
  ];
}
