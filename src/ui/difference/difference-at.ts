import type { Api } from '../../catalog/api.ts';
import type { Portal } from '../../portal/portal.ts';
import type { Difference, OperationDifference } from '../../difference/difference.ts';
import { type VersionRange, parseVersionRange } from '../../difference/version-range.form.ts';
import { PROBLEM_MEDIA_TYPE, problemBody } from '../../platform/problem.ts';
import { refusals } from '../../server/refusals.ts';
import { rangePath } from './difference-page.ts';

export interface FoundDifference {
  api: Api;
  range: VersionRange;
  /** Such as `/docs/parcels/changes/v1...v2`. */
  path: string;
  /** null: the documents were too much to compare. */
  difference: Difference | null;
}

/** The difference that an address names; null when there are no such versions. */
export async function differenceAt(
  portal: Portal,
  params: Readonly<Record<string, string | undefined>>,
): Promise<FoundDifference | null> {
  const api = await portal.catalog.api(params.api ?? '');
  const versions = api?.versions.map(({ version }) => version) ?? [];
  const range = parseVersionRange(params.range ?? '', versions);
  if (!api || !range) return null;
  const result = await portal.differences.between(api.slug, range.from, range.to);
  if (!result.ok && result.reason === 'not_found') return null;
  return { api, range, path: rangePath(api.slug, range), difference: result.ok ? result.difference : null };
}

/** For programs, in place of a difference that could not be made; in the form that they asked for. */
export function tooMuch(form: 'json' | 'markdown', publicUrl: string): Response {
  const problem = refusals.too_much_to_compare;
  const [type, body] =
    form === 'json'
      ? [PROBLEM_MEDIA_TYPE, JSON.stringify(problemBody(problem, publicUrl))]
      : ['text/markdown; charset=utf-8', `# ${problem.title}\n\n${problem.detail}\n`];
  return new Response(body, { status: problem.status, headers: { 'Content-Type': type } });
}

/** Where the page of an operation is: in the newer version, or in the older one when it was removed. */
export async function operationLinks(
  portal: Portal,
  api: Api,
  { from, to }: VersionRange,
): Promise<(operation: OperationDifference) => string | null> {
  const [old, now] = await Promise.all([slugs(portal, api.slug, from), slugs(portal, api.slug, to)]);
  return ({ operationId }) => {
    const newer = operationId.new === null ? undefined : now.get(operationId.new);
    if (newer !== undefined) return `/docs/${api.slug}/${to}/${newer}`;
    const older = operationId.old === null ? undefined : old.get(operationId.old);
    return older === undefined ? null : `/docs/${api.slug}/${from}/${older}`;
  };
}

async function slugs(portal: Portal, api: string, version: string): Promise<ReadonlyMap<string, string>> {
  const operations = await portal.catalog.operations(api, version);
  return new Map(operations.map(({ operationId, slug }) => [operationId, slug]));
}
