import type { Actor, RequestOrigin } from '../accounts/account.ts';
import type { CommandLineRequest } from '../command-line/command-line.form.ts';
import type {
  BeginCommandLineResult,
  CollectCommandLineResult,
  DecideCommandLineResult,
  FindCommandLineResult,
} from '../command-line/command-line-sign-in.ts';
import type { CommandLineDecision } from '../command-line/decide-command-line.form.ts';

/** How a program gets an access token through the browser of a person (RFC 8628). */
export interface PortalCommandLine {
  begin(request: CommandLineRequest, origin: RequestOrigin): Promise<BeginCommandLineResult>;
  /** By the code that a person has typed in. */
  find(actor: Actor, userCode: string, origin: RequestOrigin): Promise<FindCommandLineResult>;
  decide(actor: Actor, decision: CommandLineDecision, origin: RequestOrigin): Promise<DecideCommandLineResult>;
  /** The program asks whether somebody has decided. */
  collect(deviceCode: string, origin: RequestOrigin): Promise<CollectCommandLineResult>;
}
