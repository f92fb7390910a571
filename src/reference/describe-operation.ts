import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import { operationsOfPathItem } from '../catalog/path-item.ts';
import { linkKind } from '../platform/link.ts';
import { describeContents, exampleValue } from './describe-content.ts';
import type {
  BodyView,
  CallbackView,
  ExternalDocs,
  LinkView,
  OperationView,
  ParameterGroup,
  ParameterPlace,
  ParameterView,
  ResponseView,
} from './operation-view.ts';
import { asArray } from './schema-shape.ts';
import { type Tree, describeSchema, rootPlace } from './schema-tree.ts';
import { valueText } from './value-text.ts';

const PLACES: readonly ParameterPlace[] = ['path', 'query', 'querystring', 'header', 'cookie'];
/** Documents and their authors are untrusted: what repeats is bounded. */
const MOST = 200;

/**
 * @param operation the operation object
 * @param shared what its path says for all operations
 * @param prefix of all ids, '' on a page of its own
 */
export function describeOperation(tree: Tree, operation: JsonObject, shared: unknown, prefix = ''): OperationView {
  const item = tree.resolver.resolve(shared).value;
  const inherited = isJsonObject(item) ? item : {};
  return {
    summary: text(operation.summary) || text(inherited.summary),
    description: text(operation.description) || text(inherited.description),
    deprecated: operation.deprecated === true,
    externalDocs: describeExternalDocs(operation.externalDocs),
    parameters: describeParameters(tree, [...asArray(inherited.parameters), ...asArray(operation.parameters)], prefix),
    body: describeBody(tree, operation.requestBody, prefix),
    responses: describeResponses(tree, operation.responses, prefix),
    callbacks: prefix === '' ? describeCallbacks(tree, operation.callbacks) : [],
  };
}

/** Only addresses that a browser may safely follow. */
export function describeExternalDocs(given: unknown): ExternalDocs | null {
  if (!isJsonObject(given) || typeof given.url !== 'string' || linkKind(given.url) !== 'foreign') return null;
  return { url: given.url, text: text(given.description) || given.url };
}

/** An operation's own parameter replaces the path's of the same name and place. */
function describeParameters(tree: Tree, given: readonly unknown[], prefix: string): ParameterGroup[] {
  const found = new Map<string, { place: ParameterPlace; view: ParameterView }>();
  for (const one of given.slice(0, MOST)) {
    const parameter = tree.resolver.resolve(one).value;
    if (!isJsonObject(parameter)) continue;
    const place = PLACES.find((known) => known === parameter.in);
    const name = text(parameter.name);
    if (!place) continue;
    const view = describeParameter(tree, name, parameter, `${prefix}${place}`);
    found.set(`${place} ${name}`, { place, view });
  }
  return PLACES.map((place) => ({
    place,
    parameters: [...found.values()].filter((one) => one.place === place).map(({ view }) => view),
  })).filter(({ parameters }) => parameters.length > 0);
}

function describeParameter(tree: Tree, name: string, parameter: JsonObject, place: string): ParameterView {
  const [content] = objectEntries(parameter.content);
  const media = tree.resolver.resolve(content?.[1]).value;
  const schema = isJsonObject(media) ? (media.schema ?? media.itemSchema) : parameter.schema;
  const id = `${place}.${encodeURIComponent(name.toWellFormed()).replaceAll('.', '%2E')}`;
  const node = describeSchema(tree, schema ?? {}, rootPlace(id));
  const example = firstExample(tree, parameter) ?? (isJsonObject(media) ? firstExample(tree, media) : undefined);
  return {
    name,
    required: parameter.required === true,
    deprecated: parameter.deprecated === true || node.deprecated,
    description: text(parameter.description) || node.description,
    schema: node,
    example: example === undefined ? node.example : valueText(example),
  };
}

/** As it is sent, where the document says so. */
function firstExample(tree: Tree, { example: own, examples }: JsonObject): unknown {
  const [first] = objectEntries(examples);
  const example = tree.resolver.resolve(first?.[1]).value;
  return own ?? (isJsonObject(example) ? (example.serializedValue ?? exampleValue(example)) : undefined);
}

function describeBody(tree: Tree, given: unknown, prefix: string): BodyView | null {
  const body = tree.resolver.resolve(given).value;
  if (!isJsonObject(body)) return null;
  return {
    required: body.required === true,
    description: text(body.description),
    contents: describeContents(tree, body.content, `${prefix}body`, 'request'),
  };
}

function describeResponses(tree: Tree, given: unknown, prefix: string): ResponseView[] {
  return objectEntries(given)
    .filter(([status]) => /^([1-5](\d\d|XX)|default)$/i.test(status))
    .flatMap(([status, one]) => {
      const response = tree.resolver.resolve(one).value;
      if (!isJsonObject(response)) return [];
      const id = `${prefix}status-${status.toLowerCase()}`;
      const headers = objectEntries(response.headers)
        .slice(0, MOST)
        .flatMap(([name, header]) => {
          const value = tree.resolver.resolve(header).value;
          return isJsonObject(value) ? [describeParameter(tree, name, value, `${id}-header`)] : [];
        });
      const contents = describeContents(tree, response.content, id, 'response');
      return [
        {
          status,
          summary: text(response.summary),
          description: text(response.description),
          headers,
          contents,
          links: describeLinks(tree, response.links),
        },
      ];
    });
}

function describeLinks(tree: Tree, links: unknown): LinkView[] {
  return objectEntries(links)
    .slice(0, MOST)
    .flatMap(([name, given]) => {
      const link = tree.resolver.resolve(given).value;
      if (!isJsonObject(link)) return [];
      const parameters = objectEntries(link.parameters).map(([parameter, value]) => ({
        name: parameter,
        expression: valueText(value),
      }));
      const operationId = text(link.operationId) || null;
      return [{ name, description: text(link.description), operationId, parameters }];
    });
}

function describeCallbacks(tree: Tree, callbacks: unknown): CallbackView[] {
  return objectEntries(callbacks)
    .slice(0, MOST)
    .flatMap(([name, given], index) =>
      objectEntries(tree.resolver.resolve(given).value).flatMap(([expression, item], count) => {
        const path = tree.resolver.resolve(item).value;
        return operationsOfPathItem(isJsonObject(path) ? path : {}).map(({ method, object }) => {
          const idPrefix = `callback-${index + 1}-${count + 1}-${method.toLowerCase()}-`;
          const view = describeOperation(tree, object, path, idPrefix);
          return { name, expression, method, idPrefix, operation: view };
        });
      }),
    );
}

function objectEntries(value: unknown): [string, unknown][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
