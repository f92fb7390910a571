import type { PortalSchema } from '../database/schema.ts';
import type { RouteOperation, RouteVersion } from './route-table.ts';
import type { VersionDeprecation } from './verdict.ts';

type LifecycleRow = Pick<
  PortalSchema['api_version'],
  'api_slug' | 'version' | 'lifecycle' | 'deprecated_at_ms' | 'sunset_at_ms' | 'notice_slug'
>;

/** What callers of a version are told of its end; null when it has none. */
export function deprecationOf(row: LifecycleRow, all: readonly LifecycleRow[]): VersionDeprecation | null {
  if (row.deprecated_at_ms === null) return null;
  return {
    deprecatedAtMs: row.deprecated_at_ms,
    sunsetAtMs: row.sunset_at_ms,
    successor: successorOf(row, all),
    ...(row.notice_slug !== null && { notice: row.notice_slug }),
  };
}

/** Operations that end alone, as notices announced it (`catalog/announced-end.ts`). */
export function withEnds(
  operations: readonly RouteOperation[],
  row: LifecycleRow & { operation_ends: string },
  all: readonly LifecycleRow[],
): readonly RouteOperation[] {
  if (row.operation_ends === '[]') return operations;
  const ends = JSON.parse(row.operation_ends) as readonly {
    operationId: string;
    noticeSlug: string;
    deprecatedAtMs: number;
    sunsetAtMs: number;
  }[];
  return operations.map((operation) => {
    const end = ends.find(({ operationId }) => operationId === operation.operationId);
    if (!end) return operation;
    const { deprecatedAtMs, sunsetAtMs, noticeSlug: notice } = end;
    return { ...operation, deprecation: { deprecatedAtMs, sunsetAtMs, successor: successorOf(row, all), notice } };
  });
}

function successorOf(row: LifecycleRow, all: readonly LifecycleRow[]): string | null {
  const successor = all
    .filter(({ api_slug, lifecycle }) => api_slug === row.api_slug && lifecycle === 'active')
    .map(({ version }) => version)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
  return successor === row.version ? null : (successor ?? null);
}

/** Nothing for nearly all versions: `ending` is then absent, and calls are not compared with any time. */
export function endingOf(
  row: LifecycleRow & { gone_after_sunset: number; brown_outs: string },
): Pick<RouteVersion, 'ending'> {
  if (row.gone_after_sunset === 0 && row.brown_outs === '[]') return {};
  const pairs = JSON.parse(row.brown_outs) as readonly (readonly [number, number])[];
  const brownOuts = pairs.map(([fromMs, untilMs]) => ({ fromMs, untilMs }));
  return { ending: { goneAtMs: row.gone_after_sunset === 1 ? row.sunset_at_ms : null, brownOuts } };
}
