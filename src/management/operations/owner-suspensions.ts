import type { SuspendableKind } from '../../teams/suspension.ts';
import { absentHere, refuse } from '../answers.ts';
import { type AnyOperation, defineOperation } from '../operation.ts';
import { applicationParams } from '../schemas/applications.ts';
import { noQuery } from '../schemas/registry.ts';
import { accountParams, ownTeamParams, subjectSuspensionBody } from '../schemas/teams.ts';

interface Subject {
  kind: SuspendableKind;
  params: typeof accountParams | typeof ownTeamParams | typeof applicationParams;
  parameter: string;
  effect: string;
}

const subjects: readonly Subject[] = [
  {
    kind: 'account',
    params: accountParams,
    parameter: 'accountId',
    effect: 'It is signed out everywhere, cannot sign in, and its access tokens end.',
  },
  {
    kind: 'team',
    params: ownTeamParams,
    parameter: 'teamId',
    effect: 'The next call with any of its keys is refused, with `team_suspended`.',
  },
  {
    kind: 'application',
    params: applicationParams,
    parameter: 'applicationId',
    effect: 'The next call with any of its keys is refused, with `application_suspended`.',
  },
];

const a = (kind: SuspendableKind): string => (kind === 'team' ? 'a team' : `an ${kind}`);

function change({ kind, params, parameter, effect }: Subject, isSuspending: boolean): AnyOperation {
  const named = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  const verb = isSuspending ? 'Suspend' : 'Resume';
  return defineOperation({
    operationId: `${verb.toLowerCase()}${named}`,
    method: 'POST',
    path: `/owner/${kind}s/{${parameter}}/${isSuspending ? 'suspension' : 'resumption'}`,
    tag: 'Owners',
    summary: `${verb} ${a(kind)}`,
    description: `${isSuspending ? effect : 'It works as before; what ended stays ended.'} Whom it concerns is told by mail.`,
    access: 'owner:write',
    params,
    query: noQuery,
    body: subjectSuspensionBody,
    exampleBody: { message: 'Calls of it look like a loop. Write to us when it is repaired.' },
    success: { status: 204, description: 'It is done.', schema: null },
    refusals: ['not_found', 'suspension_conflict', 'last_owner'],
    repeatable: true,
    async handler({ portal, caller, params: given, body }) {
      const id = (given as Readonly<Record<string, string>>)[parameter] ?? '';
      const { directory } = portal;
      const { actor } = caller();
      const result = isSuspending
        ? await directory.suspend(actor, kind, id, body.message)
        : await directory.resume(actor, kind, id, body.message);
      if (result.ok) return { status: 204 };
      if (result.reason === 'not_found') return absentHere(`There is no ${kind} with this id.`);
      return refuse(result.reason === 'last_owner' ? 'last_owner' : 'suspension_conflict');
    },
  });
}

export const ownerSuspensionOperations = subjects.flatMap((subject) => [change(subject, true), change(subject, false)]);
