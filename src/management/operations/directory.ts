import type { z } from 'zod';

import type { DirectorySearch } from '../../teams/suspension.ts';
import { answer } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import {
  accountDirectorySchema,
  applicationDirectorySchema,
  describeAccountLine,
  describeApplicationLine,
  describeTeamLine,
  directoryQuery,
  teamDirectorySchema,
} from '../schemas/directory.ts';
import { noParams } from '../schemas/registry.ts';

const searchOf = ({ search, suspended }: z.infer<typeof directoryQuery>): DirectorySearch => ({
  text: search,
  suspendedOnly: suspended === 'only',
});

const listAllAccounts = defineOperation({
  operationId: 'listAllAccounts',
  method: 'GET',
  path: '/owner/accounts',
  tag: 'Owners',
  summary: 'Search all accounts',
  access: 'owner:read',
  params: noParams,
  query: directoryQuery,
  body: null,
  success: { status: 200, description: 'The newest that were found.', schema: accountDirectorySchema },
  refusals: [],
  async handler({ portal, caller, query }) {
    const { lines, hasMore } = await portal.directory.accounts(caller().actor, searchOf(query));
    return answer({ accounts: lines.map(describeAccountLine), hasMore });
  },
});

const listAllTeams = defineOperation({
  operationId: 'listAllTeams',
  method: 'GET',
  path: '/owner/teams',
  tag: 'Owners',
  summary: 'Search all teams',
  access: 'owner:read',
  params: noParams,
  query: directoryQuery,
  body: null,
  success: { status: 200, description: 'The newest that were found.', schema: teamDirectorySchema },
  refusals: [],
  async handler({ portal, caller, query }) {
    const { lines, hasMore } = await portal.directory.teams(caller().actor, searchOf(query));
    return answer({ teams: lines.map(describeTeamLine), hasMore });
  },
});

const listAllApplications = defineOperation({
  operationId: 'listAllApplications',
  method: 'GET',
  path: '/owner/applications',
  tag: 'Owners',
  summary: 'Search all applications',
  access: 'owner:read',
  params: noParams,
  query: directoryQuery,
  body: null,
  success: { status: 200, description: 'The newest that were found.', schema: applicationDirectorySchema },
  refusals: [],
  async handler({ portal, caller, query }) {
    const { lines, hasMore } = await portal.directory.applications(caller().actor, searchOf(query));
    return answer({ applications: lines.map(describeApplicationLine), hasMore });
  },
});

export const directoryOperations = [listAllAccounts, listAllTeams, listAllApplications];
