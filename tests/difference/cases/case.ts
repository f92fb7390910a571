/** What a change means for clients that keep to the old document. `nothing`: there is no finding at all. */
export type Verdict = 'breaks' | 'may break' | 'safe' | 'nothing';

/** Two schemas, with verdicts from what JSON Schema says about the values that each permits. */
export interface SchemaCase {
  name: string;
  old: unknown;
  new: unknown;
  /** From old to new and from new to old, where clients send the value. */
  sent: readonly [Verdict, Verdict];
  /** The same where they receive it. */
  received: readonly [Verdict, Verdict];
  /** Ends of the rules' names, from old to new and back; '' for none. */
  rules: readonly [string, string];
  /** `components/schemas` of both, when they differ from each other `{ old, new }`. */
  schemas?: { old: object; new: object };
}

type Rest = Partial<Pick<SchemaCase, 'schemas'>>;
type Make = (name: string, old: unknown, now: unknown, forth: string, back: string, rest?: Rest) => SchemaCase;

function made(sent: SchemaCase['sent'], received: SchemaCase['received']): Make {
  return (name, old, now, forth, back, rest = {}) => ({
    name,
    old,
    new: now,
    sent,
    received,
    rules: [forth, back],
    ...rest,
  });
}

/** The new schema permits less than the old one. */
export const narrows = made(['breaks', 'safe'], ['safe', 'breaks']);
/** Each permits something that the other one does not. */
export const replaces = made(['breaks', 'breaks'], ['breaks', 'breaks']);
/** Which of them permits more cannot be told. */
export const unclear = made(['may break', 'may break'], ['may break', 'may break']);
/** Both permit the same, and yet something changed. */
export const harmless = made(['safe', 'safe'], ['safe', 'safe']);
/** They are written otherwise, and mean the same. */
export const same = (name: string, old: unknown, now: unknown, rest: Rest = {}): SchemaCase =>
  made(['nothing', 'nothing'], ['nothing', 'nothing'])(name, old, now, '', '', rest);
/** Verdicts given one by one. */
export const judged =
  (sent: SchemaCase['sent'], received: SchemaCase['received']): Make =>
  (...given) =>
    made(sent, received)(...given);

/** Two whole documents. */
export interface DocumentCase {
  name: string;
  old: object;
  new: object;
  forth: Verdict;
  back: Verdict;
  /** Rules that are found, from old to new and back; '' for none. */
  rules: readonly [string, string];
}

/** A document whose only operation is `POST /things/{id}`. */
export function documentOf(operation: object = {}, rest: object = {}, path = '/things/{id}'): object {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  const responses = { 200: { description: 'Fine' } };
  return {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    paths: { [path]: { parameters, post: { operationId: 'post', responses, ...operation } } },
    ...rest,
  };
}

/** A document that sends, or receives, an object with a property `value` of this schema. */
export function documentWith(place: 'sent' | 'received' | 'parameter', schema: unknown, schemas: object = {}): object {
  const content = { 'application/json': { schema: { type: 'object', properties: { value: schema } } } };
  const components = { components: { schemas } };
  if (place === 'sent') return documentOf({ requestBody: { content } }, components);
  if (place === 'received') return documentOf({ responses: { 200: { description: 'Fine', content } } }, components);
  return documentOf({ parameters: [{ name: 'value', in: 'query', schema }] }, components);
}
