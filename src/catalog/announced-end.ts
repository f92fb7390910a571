import type { Lifecycle } from './api.ts';

/** A notice says that a version, or one operation of it, will end. */
export interface AnnouncedEnd {
  api: string;
  version: string;
  /** null: all of the version. */
  operationId: string | null;
  noticeSlug: string;
  deprecatedAtMs: number;
  sunsetAtMs: number;
}

/** How the end of one operation is stored with its version. */
export type OperationEnd = Pick<AnnouncedEnd, 'noticeSlug' | 'deprecatedAtMs' | 'sunsetAtMs'> & { operationId: string };

/** What a version's row says of its end. */
export interface EndColumns {
  lifecycle: Lifecycle;
  deprecated_at_ms: number | null;
  sunset_at_ms: number | null;
  notice_slug: string | null;
  dated_by_notice: number;
}

/**
 * A version's end as file and notices say it. The file counts: a notice gives dates only to a version that the file
 * calls active, and takes them back when it is withdrawn.
 * @param present with the file's dates, or with those that a notice gave before
 */
export function withAnnouncedEnd(present: EndColumns, end: AnnouncedEnd | undefined): EndColumns {
  const isActive =
    present.dated_by_notice === 1 || (present.lifecycle === 'active' && present.deprecated_at_ms === null);
  if (!isActive) return { ...present, notice_slug: end?.noticeSlug ?? null, dated_by_notice: 0 };
  if (!end) {
    const none = { deprecated_at_ms: null, sunset_at_ms: null, notice_slug: null, dated_by_notice: 0 };
    return { lifecycle: 'active', ...none };
  }
  return {
    lifecycle: 'deprecated',
    deprecated_at_ms: end.deprecatedAtMs,
    sunset_at_ms: end.sunsetAtMs,
    notice_slug: end.noticeSlug,
    dated_by_notice: 1,
  };
}

type FileEnd = Pick<EndColumns, 'lifecycle' | 'deprecated_at_ms' | 'sunset_at_ms'>;

/** The end of a version whose file is read anew: dates that a notice gave stay, unless the file now has its own. */
export function endOfFile(
  file: FileEnd,
  stored: Omit<EndColumns, 'notice_slug'> | undefined,
): Omit<EndColumns, 'notice_slug'> {
  const saysNothing = file.lifecycle === 'active' && file.deprecated_at_ms === null;
  if (!saysNothing || stored?.dated_by_notice !== 1) return { ...file, dated_by_notice: 0 };
  const { lifecycle, deprecated_at_ms, sunset_at_ms, dated_by_notice } = stored;
  return { lifecycle, deprecated_at_ms, sunset_at_ms, dated_by_notice };
}
