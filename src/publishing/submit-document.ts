import type { Actor } from '../accounts/account.ts';
import { MANAGEMENT_API_SLUG, type OpenApiDocument } from '../catalog/catalog.ts';
import type { Format } from '../catalog/document-source.ts';
import { packDocument } from '../catalog/packed-document.ts';
import type { Clock } from '../platform/clock.ts';
import { sha256Hex } from '../platform/hash.ts';
import type { DocumentInspector } from './document-inspector.ts';
import type { LintReport } from './lint-report.ts';
import type { PublicationStore } from './publication-store.ts';
import type { OwnedVersion, RevisionOrigin, SubmitResult, VersionAddress } from './revision.ts';
import type { RevisionStore } from './revision-store.ts';

export interface SubmitRequest extends VersionAddress {
  bytes: Uint8Array;
  origin: Exclude<RevisionOrigin, 'file'>;
  /** '' for none. */
  note: string;
}

export interface SubmitDeps {
  revisions: RevisionStore;
  publications: PublicationStore;
  inspector: DocumentInspector;
  clock: Clock;
  /** Of the text as it is sent, and of the canonical document. */
  documentMaxBytes: number;
}

/**
 * Reads, checks and lints a document, and keeps it as the candidate of its version; readers see nothing of it yet.
 * The same text again is the same revision: a pipeline may run twice.
 */
export async function submitDocument(deps: SubmitDeps, actor: Actor, request: SubmitRequest): Promise<SubmitResult> {
  const version = request.slug === MANAGEMENT_API_SLUG ? null : await deps.revisions.version(request);
  if (!version) return { ok: false, reason: 'not_found' };
  const maxBytes = deps.documentMaxBytes;
  if (request.bytes.length > maxBytes) return { ok: false, reason: 'too_large', maxBytes };
  const text = decode(request.bytes);
  if (text === null) return { ok: false, reason: 'not_text' };
  const same = sameAs(version, text);
  if (same)
    return {
      ok: true,
      revision: same,
      lint: (await deps.revisions.find(request, same.number))?.lint ?? null,
      isNew: false,
    };
  const format = formatOf(text);
  const { result, lint } = await deps.inspector.inspect(text, format, { lint: true });
  if (!result.ok) return { ok: false, reason: 'invalid_document', problems: result.problems };
  if (Buffer.byteLength(result.document.json) > maxBytes) return { ok: false, reason: 'too_large', maxBytes };
  return keep(deps, actor, request, { document: result.document, text, format, lint });
}

async function keep(
  { revisions, publications, clock }: SubmitDeps,
  actor: Actor,
  { slug, version, origin, note }: SubmitRequest,
  {
    document,
    text,
    format,
    lint,
  }: { document: OpenApiDocument; text: string; format: Format; lint: LintReport | null },
): Promise<SubmitResult> {
  const source = { text, format };
  const packed = await packDocument(document, source);
  const atMs = clock.nowMs();
  const revision = { origin, note, document, source, packed, actor: actor.accountId, atMs };
  const number = await publications.submit(
    { slug, version },
    { ...revision, lint: lint && JSON.stringify(lint) },
    (revisionNumber) => ({
      atMs,
      actor: actor.accountId,
      action: 'document.submitted',
      subject: `${slug}/${version}`,
      teamId: null,
      details: { revision: revisionNumber, origin, note, sha256: document.sha256 },
    }),
  );
  const kept = number === null ? null : await revisions.find({ slug, version }, number);
  return kept ? { ok: true, revision: kept.revision, lint, isNew: true } : { ok: false, reason: 'not_found' };
}

function sameAs({ candidate, published }: OwnedVersion, text: string) {
  const sha256 = sha256Hex(text);
  return [candidate, published].find((one) => one?.sourceSha256 === sha256) ?? null;
}

/** UTF-8 without a mark of byte order, as RFC 8259 and YAML 1.2 want it; null for everything else, such as an archive. */
function decode(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** JSON is YAML too, but its own reader is quicker and stricter. */
function formatOf(text: string): Format {
  return /^\s*[{[]/.test(text.slice(0, 10_000)) ? 'json' : 'yaml';
}
