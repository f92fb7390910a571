import { type JsonObject, eachObject, isJsonObject } from './document-source.ts';
import { resolvePointer } from './json-pointer.ts';

/**
 * Puts shared body and form parameters of a Swagger 2.0 document where they are used. The upgrader would turn
 * `{"$ref": "#/parameters/Body"}` into a parameter that refers to a request body, which its validator does not notice.
 */
export function inlineBodyParameters(document: JsonObject): void {
  eachObject(document.paths, (object) => {
    const parameters = object.parameters;
    if (!Array.isArray(parameters)) return;
    object.parameters = parameters.map((parameter: unknown) => {
      const target = followReferences(document, parameter);
      const isBody = isJsonObject(target) && (target.in === 'body' || target.in === 'formData');
      return isBody ? structuredClone(target) : parameter;
    });
  });
  moveSharedBodiesIntoOperations(document);
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

/** A path item's body belongs to each of its operations; OpenAPI 3 has no other place for it. */
function moveSharedBodiesIntoOperations(document: JsonObject): void {
  if (!isJsonObject(document.paths)) return;
  for (const item of Object.values(document.paths)) {
    if (!isJsonObject(item) || !Array.isArray(item.parameters)) continue;
    const shared = item.parameters.filter(isBodyParameter);
    if (shared.length === 0) continue;
    item.parameters = item.parameters.filter((parameter) => !isBodyParameter(parameter));
    for (const method of METHODS) {
      const operation = item[method];
      if (isJsonObject(operation)) operation.parameters = withShared(operation.parameters, shared);
    }
  }
}

function withShared(own: unknown, shared: readonly JsonObject[]): unknown[] {
  const parameters: unknown[] = Array.isArray(own) ? own : [];
  const bodies = parameters.filter(isBodyParameter);
  // An operation's own body replaces the shared one; a form field replaces the one of its name.
  const kept = shared.filter((parameter) =>
    bodies.every((body) => body.in !== parameter.in || (body.in === 'formData' && body.name !== parameter.name)),
  );
  return [...parameters, ...structuredClone(kept)];
}

function isBodyParameter(parameter: unknown): parameter is JsonObject {
  return isJsonObject(parameter) && (parameter.in === 'body' || parameter.in === 'formData');
}

function followReferences(document: JsonObject, start: unknown): unknown {
  let value = start;
  for (let steps = 0; steps < 100 && isJsonObject(value) && typeof value.$ref === 'string'; steps += 1) {
    value = resolvePointer(document, value.$ref);
  }
  return value;
}
