import { MARKDOWN_MAX_LENGTH } from '../platform/markdown-limit.ts';
import { type FieldErrors, type FieldValues, type Parsed, typedValues } from '../platform/parsed.ts';
import { type DraftFields, draftFields } from '../notices/notice-fields.ts';
import { NOTICE_KINDS, type Notice } from '../notices/notice.ts';
import { readAffected } from './affected.form.ts';
import { fieldMessage } from './field-message.ts';
import { momentOf } from './moment-text.ts';
import { readTimeline } from './timeline.form.ts';
import type { NoticeDraft } from './written-notice.ts';

export interface DraftNoticeRequest {
  draft: NoticeDraft;
  /** What the sender has seen; 0 for a new one. */
  revision: number;
}

/** Fields of each kind that hold one line or text; '' means that nothing is said. */
const LINES: Readonly<Record<Notice['kind'], readonly string[]>> = {
  advisory: ['severity', 'fixed_in', 'cvss', 'cwe', 'workaround'],
  deprecation: ['replacement', 'guide'],
  change: [],
  incident: ['review'],
};
const MOMENTS: Readonly<Record<Notice['kind'], readonly string[]>> = {
  advisory: [],
  deprecation: ['deprecated', 'sunset'],
  change: ['effective'],
  incident: ['started'],
};

/**
 * The form of the editor: `kind`, `title`, `summary`, `text`, `revision`, what the kind has (see `notice-fields.ts`; `ids`
 * with commas, `credit` a name a line), the part of each API (see `affected.form.ts`) and the timeline of an incident (see
 * `timeline.form.ts`). `action` is a button's and read by the page.
 */
export function parseDraftNoticeForm(form: FormData): Parsed<DraftNoticeRequest> {
  const values = draftValues(form);
  const refuse = (errors: FieldErrors): Parsed<DraftNoticeRequest> => ({ ok: false, errors, values });
  const kind = NOTICE_KINDS.find((known) => known === values.kind);
  if (!kind) return refuse({ '': 'Choose what kind of notice it is.' });
  const unknown = [...form.keys()].find((name) => !isKnown(name, kind));
  if (unknown !== undefined)
    return refuse({ '': 'This form has a field we do not know. Reload the page and try again.' });
  const revision = /^\d{1,9}$/.exec(values.revision ?? '0');
  if (!revision) return refuse({ '': 'Reload the page and try again.' });
  const text = (values.text ?? '').replaceAll('\r\n', '\n').trimEnd();
  const parsed = draftFields.safeParse(fieldsOf(form, kind, values));
  const errors: Record<string, string> = {};
  for (const issue of parsed.error?.issues ?? []) {
    const { field, message } = fieldMessage(issue);
    errors[field] ??= message;
  }
  if (text === '') errors.text = 'Write what readers should know.';
  if (text.length > MARKDOWN_MAX_LENGTH)
    errors.text = `Write ${MARKDOWN_MAX_LENGTH.toLocaleString('en')} characters at most.`;
  if (!parsed.success || Object.keys(errors).length > 0) return refuse(errors);
  return { ok: true, value: { draft: { fields: parsed.data, text }, revision: Number(revision[0]) } };
}

/** Between the rows of a timeline, whose texts have lines of their own. */
export const ROW_SEPARATOR = '\u001F';

/** As typed; of what is sent more than once all, boxes with a line for each and rows of the timeline with a separator. */
export function draftValues(form: FormData): FieldValues {
  const values: Record<string, string> = { ...typedValues(form) };
  for (const name of new Set(form.keys())) {
    const all = form.getAll(name).filter((value) => typeof value === 'string');
    if (all.length > 1) values[name] = all.join(name.startsWith('entry') ? ROW_SEPARATOR : '\n');
  }
  return values;
}

function fieldsOf(form: FormData, kind: Notice['kind'], values: FieldValues): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    ...{ kind, title: values.title ?? '', summary: values.summary ?? '' },
    affects: readAffected(form),
  };
  for (const name of LINES[kind]) put(fields, name, (values[name] ?? '').replaceAll('\r\n', '\n').trim());
  for (const name of MOMENTS[kind]) put(fields, name, momentOf(values[name] ?? ''));
  if (kind === 'advisory') {
    fields.ids = listOf(values.ids, /[\s,]+/);
    fields.credit = listOf(values.credit, /\r?\n/);
  }
  if (kind === 'incident') fields.timeline = readTimeline(form);
  return fields;
}

function put(fields: Record<string, unknown>, name: string, value: string): void {
  if (value !== '') fields[name] = value;
}

function listOf(typed: string | undefined, separator: RegExp): string[] {
  return (typed ?? '')
    .split(separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

const COMMON = new Set(['kind', 'title', 'summary', 'text', 'revision', 'action', 'api', 'version', 'plan']);

function isKnown(name: string, kind: Notice['kind']): boolean {
  if (COMMON.has(name) || /^(operations|keys)-[a-z0-9-]{1,40}$/.test(name)) return true;
  if ([...LINES[kind], ...MOMENTS[kind]].includes(name)) return true;
  if (kind === 'advisory') return name === 'ids' || name === 'credit';
  return kind === 'incident' && ['entryAt', 'entryStatus', 'entryText'].includes(name);
}

/** A draft as the fields of its form. */
export function formValuesOf({ fields, text }: NoticeDraft): FieldValues {
  const values: Record<string, string> = { kind: fields.kind, title: fields.title, summary: fields.summary, text };
  const given: Readonly<Record<string, unknown>> = fields;
  for (const name of [...LINES[fields.kind], ...MOMENTS[fields.kind]]) {
    const value = given[name];
    if (typeof value === 'string') values[name] = value;
  }
  if (fields.kind === 'advisory') {
    values.ids = fields.ids.join(', ');
    values.credit = fields.credit.join('\n');
  }
  if (fields.kind === 'incident') {
    const { timeline } = fields;
    values.entryAt = timeline.map(({ at }) => at).join(ROW_SEPARATOR);
    values.entryStatus = timeline.map(({ status }) => status).join(ROW_SEPARATOR);
    values.entryText = timeline.map((entry) => entry.text).join(ROW_SEPARATOR);
  }
  return { ...values, ...affectedValues(fields.affects) };
}

function affectedValues(affects: DraftFields['affects']): FieldValues {
  const values: Record<string, string> = {
    api: affects.map(({ api }) => api).join('\n'),
    version: affects.flatMap(({ api, versions }) => versions.map((version) => `${api}/${version}`)).join('\n'),
    plan: affects.flatMap(({ api, plans = [] }) => plans.map((plan) => `${api}/${plan}`)).join('\n'),
  };
  for (const { api, operations, keys = [] } of affects) {
    values[`operations-${api}`] = operations.join(', ');
    values[`keys-${api}`] = keys.join(', ');
  }
  return values;
}
