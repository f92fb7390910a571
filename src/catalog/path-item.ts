import { type JsonObject, isJsonObject } from './json-object.ts';

/** Members of a path item that are operations; QUERY came with OpenAPI 3.2. */
export const METHODS: readonly string[] = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
  'query',
];

/** Where a path item keeps operations of all other methods, each under its method as it is sent (OpenAPI 3.2). */
export const ADDITIONAL_OPERATIONS = 'additionalOperations';

export interface ItemOperation {
  /** As it is sent: `GET`, `COPY`. */
  method: string;
  /** From the path item to the operation. */
  steps: readonly string[];
  object: JsonObject;
}

/** In the order of the path item. */
export function operationsOfPathItem(item: JsonObject): ItemOperation[] {
  return Object.entries(item).flatMap(([name, value]) => {
    if (!isJsonObject(value)) return [];
    if (METHODS.includes(name)) return [{ method: name.toUpperCase(), steps: [name], object: value }];
    if (name !== ADDITIONAL_OPERATIONS) return [];
    return Object.entries(value).flatMap(([method, object]) =>
      isJsonObject(object) && !isKnown(method) ? [{ method, steps: [name, method], object }] : [],
    );
  });
}

/** The inverse of `method` and `steps` above. */
export function stepsOfMethod(method: string): readonly string[] {
  return isKnown(method) ? [method.toLowerCase()] : [ADDITIONAL_OPERATIONS, method];
}

/** @param steps from a path item to one of its operations */
export function methodOfSteps([first = '', second]: readonly string[]): string {
  return second ?? first.toUpperCase();
}

/** How many of these steps, from a path item on, lead to an operation; 0 when they lead to none. */
export function stepsToOperation([first = '', second]: readonly string[]): 0 | 1 | 2 {
  if (METHODS.includes(first)) return 1;
  return first === ADDITIONAL_OPERATIONS && second !== undefined ? 2 : 0;
}

/** What the operations of a path item have in common, such as its parameters. */
export function sharedOfPathItem(item: JsonObject): JsonObject {
  const shared = Object.entries(item).filter(([name]) => !METHODS.includes(name) && name !== ADDITIONAL_OPERATIONS);
  return Object.fromEntries(shared);
}

export interface MethodMistake {
  method: string;
  reason: string;
}

/** Nothing in it means anything to a shell or within quotes: methods stand in samples. HTTP's own rule allows more. */
const PLAIN = /^[A-Za-z][A-Za-z0-9._-]{0,31}$/;

/** What must not stand below `additionalOperations`. */
export function methodMistakes(item: JsonObject): MethodMistake[] {
  const additional = item[ADDITIONAL_OPERATIONS];
  return (isJsonObject(additional) ? Object.keys(additional) : []).flatMap((method) => {
    // The validator lets `get` pass beside `GET`, and a reader could not tell the two apart.
    if (isKnown(method))
      return [{ method, reason: `has a place of its own: write it as ${method.toLowerCase()} of the path itself` }];
    if (PLAIN.test(method)) return [];
    return [{ method, reason: 'is no method that is served here: letters, digits, ".", "_" and "-", 32 at most' }];
  });
}

function isKnown(method: string): boolean {
  return METHODS.includes(method.toLowerCase());
}
