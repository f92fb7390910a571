import type { FieldErrors } from '../../platform/parsed.ts';
import {
  type OwnedVersion,
  type PublishResult,
  type Revision,
  type SubmitResult,
  publishedSource,
} from '../../publishing/revision.ts';
import { countText, numberText } from '../wording.ts';

type Refusal<Result> = Extract<Result, { ok: false }>;

/** Where the document that readers see came from. */
export function sourceText(version: OwnedVersion): string {
  const { published } = version;
  const words = { pushed: 'pushed', uploaded: 'uploaded', pasted: 'pasted', file: 'from its file' };
  switch (publishedSource(version)) {
    case 'nothing':
      return 'waits for its first document';
    case 'file':
      return published?.origin === 'file' ? 'from its file' : `${words[published?.origin ?? 'file']}, same as its file`;
    case 'pushed':
      return words[published?.origin ?? 'pushed'];
    case 'pushed over the file':
      return `${words[published?.origin ?? 'pushed']}, in place of its file`;
  }
}

const originWords: Record<Revision['origin'], string> = {
  file: 'from its file',
  pushed: 'pushed by a program',
  uploaded: 'uploaded',
  pasted: 'pasted',
};

export function originText({ origin }: Pick<Revision, 'origin'>): string {
  return originWords[origin];
}

/** "27 KB", "4.2 MB" */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return countText(bytes, 'byte');
  return bytes < 1_000_000 ? `${numberText(Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function submitRefused(field: 'file' | 'text'): (refusal: Refusal<SubmitResult>) => FieldErrors {
  return (refusal) => {
    switch (refusal.reason) {
      case 'not_found':
        return { '': 'This version cannot be published to any more.' };
      case 'not_text':
        return {
          [field]: 'This is not text in UTF-8. Choose the OpenAPI document itself, not an archive or a Word file.',
        };
      case 'too_large':
        return { [field]: `A document may have ${sizeText(refusal.maxBytes)} at most. Leave out long examples.` };
      case 'invalid_document':
        return {
          [field]: `The document has ${countText(refusal.problems.length, 'mistake')}, listed with line and column. Correct it and send it again.`,
        };
    }
  };
}

export function publishRefused(refusal: Refusal<PublishResult>): FieldErrors {
  switch (refusal.reason) {
    case 'breaking_changes':
      return {
        breaking:
          refusal.breaking > 0
            ? `${countText(refusal.breaking, 'change')} would break clients. Tick the box if that is meant.`
            : 'It is not known whether this breaks clients. Tick the box to publish all the same.',
      };
    case 'published_meanwhile':
      return { '': 'Somebody else has published another revision meanwhile. Look at the changes again, then decide.' };
    case 'invalid_document':
      return { '': 'This document is not accepted any more. Send it again to see why.' };
    case 'not_publishable':
    case 'not_found':
      return { '': 'This revision cannot be published any more: it was discarded, or its text is not kept.' };
  }
}
