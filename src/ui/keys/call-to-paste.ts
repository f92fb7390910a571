import type { Actor } from '../../accounts/account.ts';
import { serverUrl } from '../../catalog/catalog-library.ts';
import type { Portal } from '../../portal/portal.ts';
import { newestActive } from '../catalog/api-titles.ts';
import { curlCall, easiestOperation } from '../catalog/first-call.ts';

/** A first call with a key that was just issued; null while its application is subscribed to nothing. */
export async function callToPaste(
  portal: Portal,
  actor: Actor,
  { applicationId, token }: { applicationId: string; token: string },
): Promise<{ caption: string; code: string } | null> {
  const [subscription] = await portal.applications.subscriptions(actor, applicationId);
  const api = subscription ? await portal.catalog.api(subscription.apiSlug) : null;
  const version = api && newestActive(api);
  const operation = version ? easiestOperation(await portal.catalog.operations(api.slug, version.version)) : null;
  if (!version || !operation) return null;
  const address = serverUrl(portal.site, api.slug, version.version) + operation.path;
  return { caption: `${api.title}: ${operation.summary}`, code: curlCall(address, token) };
}
