import type { ContentFile } from '../platform/content-folder.ts';
import { type Guide, type GuideProblem, inReadingOrder } from './guide.ts';
import { type GuideFileResult, parseGuideFile } from './guide-file.ts';

export interface LoadedGuides {
  guides: readonly Guide[];
  problems: readonly GuideProblem[];
}

/** Reads every Markdown file; a broken one becomes a problem and the rest loads. */
export function loadGuides(files: readonly ContentFile[]): LoadedGuides {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const readIncluded = (path: string): string | null => {
    const content = byPath.get(path)?.read();
    return content?.ok ? content.text : null;
  };
  const guides: Guide[] = [];
  const problems: GuideProblem[] = [];
  for (const file of files.filter(({ path }) => path.endsWith('.md'))) {
    const content = file.read();
    const parsed: GuideFileResult = content.ok
      ? parseGuideFile(file.path, content.text, readIncluded)
      : { ok: false, problems: [{ line: null, reason: content.reason }] };
    if (parsed.ok) guides.push(parsed.guide);
    problems.push(...parsed.problems.map((problem) => ({ file: `guides/${file.path}`, ...problem })));
  }
  return { guides: inReadingOrder(guides), problems };
}
