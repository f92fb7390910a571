import { setTimeout as pause } from 'node:timers/promises';

import type { DocumentInspector } from './document-inspector.ts';
import type { LintReport } from './lint-report.ts';
import type { VersionAddress } from './revision.ts';
import type { RevisionStore } from './revision-store.ts';

export interface RevisionLinterDeps {
  revisions: Pick<RevisionStore, 'source' | 'keepLint'>;
  inspector: DocumentInspector;
  /** Longest that somebody waits; the lint goes on, and what it finds is there the next time. */
  waitMs: number;
}

/** Lints a revision that was not linted when it came, as those from files are not, when somebody wants to know. */
export interface RevisionLinter {
  /** null: it is still at it, or the text was not kept. */
  lint(key: VersionAddress, number: number): Promise<LintReport | null>;
}

export function createRevisionLinter({ revisions, inspector, waitMs }: RevisionLinterDeps): RevisionLinter {
  const underWay = new Map<string, Promise<LintReport | null>>();
  const lint = async (key: VersionAddress, number: number): Promise<LintReport | null> => {
    const source = await revisions.source(key, number);
    if (!source) return null;
    const { result, lint: found } = await inspector.inspect(source.text, source.format, { lint: true });
    const report = found ?? refusal(result.ok ? [] : result.problems);
    await revisions.keepLint(key, number, report);
    return report;
  };
  return {
    async lint(key, number) {
      const name = JSON.stringify([key.slug, key.version, number]);
      const asked = underWay.get(name) ?? lint(key, number).finally(() => underWay.delete(name));
      underWay.set(name, asked);
      return Promise.race([asked, pause(waitMs, null, { ref: false })]);
    },
  };
}

/** It was accepted once, by another release or with other limits. */
function refusal(problems: readonly { reason: string }[]): LintReport {
  return { ok: false, reason: `It would not be accepted again: ${problems[0]?.reason ?? 'it cannot be read'}.` };
}
