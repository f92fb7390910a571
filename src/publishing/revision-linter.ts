import { setTimeout as pause } from 'node:timers/promises';

import type { DocumentInspector } from './document-inspector.ts';
import type { LintReport } from './lint-report.ts';
import type { VersionAddress } from './revision.ts';
import type { RevisionStore } from './revision-store.ts';

export interface RevisionLinterDeps {
  revisions: Pick<RevisionStore, 'source'>;
  inspector: DocumentInspector;
  /** Longest that somebody waits; the lint goes on, and what it finds is there the next time. */
  waitMs: number;
}

/** Lints a revision that was not linted when it came, as those from files are not, when somebody wants to know. */
export interface RevisionLinter {
  /** null: it is still at it, or the text was not kept. */
  lint(key: VersionAddress, number: number): Promise<LintReport | null>;
}

/** A report has some kilobytes. */
const MOST_REPORTS = 50;

/** Keeps reports in memory: looking at a page writes nothing. */
export function createRevisionLinter({ revisions, inspector, waitMs }: RevisionLinterDeps): RevisionLinter {
  const reports = new Map<string, Promise<LintReport | null>>();
  const lint = async (key: VersionAddress, number: number): Promise<LintReport | null> => {
    const source = await revisions.source(key, number);
    if (!source) return null;
    const { result, lint: found } = await inspector.inspect(source.text, source.format, { lint: true });
    return found ?? refusal(result.ok ? [] : result.problems);
  };
  const remember = (name: string, report: Promise<LintReport | null>): Promise<LintReport | null> => {
    reports.set(name, report);
    const [oldest] = reports.keys();
    if (reports.size > MOST_REPORTS && oldest !== undefined) reports.delete(oldest);
    report.catch(() => reports.delete(name));
    return report;
  };
  return {
    async lint(key, number) {
      const name = JSON.stringify([key.slug, key.version, number]);
      const report = reports.get(name) ?? remember(name, lint(key, number));
      return Promise.race([report, pause(waitMs, null, { ref: false })]);
    },
  };
}

/** It was accepted once, by another release or with other limits. */
function refusal(problems: readonly { reason: string }[]): LintReport {
  return { ok: false, reason: `It would not be accepted again: ${problems[0]?.reason ?? 'it cannot be read'}.` };
}
