import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { teamsWith } from '../teams/role.ts';
import type { ChangeQuotaMailResult } from './quota-alert.ts';
import type { QuotaAlertStore } from './quota-alert-store.ts';

/** Switches the mails about quotas of one application on or off, for its whole team. */
export async function changeQuotaMail(
  { alerts, clock }: { alerts: Pick<QuotaAlertStore, 'setMailed'>; clock: Clock },
  actor: Actor,
  application: { id: string; teamId: string },
  isMailed: boolean,
): Promise<ChangeQuotaMailResult> {
  const audit = {
    atMs: clock.nowMs(),
    actor: actor.accountId,
    action: 'application.quota_mail_changed',
    subject: application.id,
    teamId: application.teamId,
    details: { isMailed },
  };
  const isChanged = await alerts.setMailed(teamsWith(actor, 'manage'), application.id, isMailed, audit);
  return isChanged ? { ok: true } : { ok: false, reason: 'not_found' };
}
