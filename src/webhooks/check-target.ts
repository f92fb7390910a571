import { type ResolveName, resolveTarget } from './resolve-target.ts';
import { type TargetPolicy, parseTarget } from './target-url.ts';
import type { TargetRefusal } from './webhook.ts';

const CHECK_MS = 5000;

export type CheckedTarget = { ok: true; url: string } | { ok: false; refusal: TargetRefusal };

/** Whether a URL could be called now; it is checked again each time that it is. */
export async function checkTarget(
  { resolveName, policy }: { resolveName: ResolveName; policy: TargetPolicy },
  text: string,
): Promise<CheckedTarget> {
  const target = parseTarget(text, policy);
  if (!target.ok) return target;
  const addresses = await resolveTarget(resolveName, target.url, policy, AbortSignal.timeout(CHECK_MS));
  return addresses ? { ok: true, url: target.url.href } : { ok: false, refusal: 'no_public_address' };
}
