import { beginCommandLine } from '../command-line/begin-command-line.ts';
import { collectCommandLine } from '../command-line/collect-command-line.ts';
import { createCommandLineStore } from '../command-line/command-line-store.ts';
import { decideCommandLine, findCommandLine } from '../command-line/decide-command-line.ts';
import type { ManagementParts } from './bind-management.ts';
import type { Foundation } from './foundation.ts';
import type { PortalCommandLine } from '../portal/portal-command-line.ts';

export function bindCommandLine({ databases }: Foundation, management: ManagementParts): PortalCommandLine {
  const parts = { ...management, commandLine: createCommandLineStore(databases.portal) };
  return {
    begin: (request, origin) => beginCommandLine(parts, request, origin),
    find: (actor, userCode, origin) => findCommandLine(parts, actor, userCode, origin),
    decide: (actor, decision, origin) => decideCommandLine(parts, actor, decision, origin),
    collect: (deviceCode, origin) => collectCommandLine(parts, deviceCode, origin),
  };
}
