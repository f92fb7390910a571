import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import { type Direction, makeExample } from './make-example.ts';
import type { ContentView, ExampleView } from './operation-view.ts';
import { type Tree, describeSchema, rootPlace } from './schema-tree.ts';

const MOST_MEDIA_TYPES = 10;
const MOST_EXAMPLES = 20;
/** Characters; a longer example is cut, and is whole in the OpenAPI document. */
const LONGEST_EXAMPLE = 12_000;

/** The media types of a body, each with its schema and examples. */
export function describeContents(tree: Tree, content: unknown, id: string, direction: Direction): ContentView[] {
  const contents = isJsonObject(content) ? Object.entries(content) : [];
  return contents.slice(0, MOST_MEDIA_TYPES).flatMap(([mediaType, given], index) => {
    const media = tree.resolver.resolve(given).value;
    if (!isJsonObject(media)) return [];
    const ownId = index === 0 ? id : `${id}-${index + 1}`;
    const schema = media.schema === undefined ? null : describeSchema(tree, media.schema, rootPlace(ownId));
    const itemSchema =
      media.itemSchema === undefined ? null : describeSchema(tree, media.itemSchema, rootPlace(`${ownId}-item`));
    const examples = describeExamples(tree, media, mediaType, ownId, direction);
    return [{ mediaType, schema, itemSchema, examples }];
  });
}

function describeExamples(
  tree: Tree,
  media: JsonObject,
  mediaType: string,
  id: string,
  direction: Direction,
): ExampleView[] {
  const given = givenExamples(tree, media);
  if (given.length > 0) {
    return given.slice(0, MOST_EXAMPLES).map(({ title, value }, index) => ({
      id: `${id}-example-${index + 1}`,
      title,
      text: exampleText(value),
      isMade: false,
    }));
  }
  const isSequence = media.schema === undefined && isJsonLines(mediaType);
  const schema = isSequence ? media.itemSchema : media.schema;
  if (schema === undefined || !(isSequence || isJson(mediaType))) return [];
  const made = makeExample(tree.resolver, schema, direction);
  if (made === undefined) return [];
  const text = isSequence ? JSON.stringify(made) : exampleText(made);
  return [{ id: `${id}-example-1`, title: isSequence ? 'One line' : 'Example', text, isMade: true }];
}

/** Examples that the document gives, by their titles. */
export function givenExamples(tree: Tree, media: JsonObject): { title: string; value: unknown }[] {
  const named = isJsonObject(media.examples) ? Object.entries(media.examples) : [];
  const found = named.flatMap(([name, given]) => {
    const example = tree.resolver.resolve(given).value;
    const value = isJsonObject(example) ? (exampleValue(example) ?? example.serializedValue) : undefined;
    if (!isJsonObject(example) || value === undefined) return [];
    return [{ title: typeof example.summary === 'string' ? example.summary : name, value }];
  });
  if (found.length > 0 || media.example === undefined) return found;
  return [{ title: 'Example', value: media.example }];
}

/** What an Example Object stands for; `dataValue` is its name since OpenAPI 3.2. */
export function exampleValue({ value, dataValue }: JsonObject): unknown {
  return value ?? dataValue;
}

/** A JSON value on each line. */
export function isJsonLines(mediaType: string): boolean {
  return /^application\/(?:jsonl|x-ndjson|(?:[\w.+-]+\+)?json-seq)\b/i.test(mediaType);
}

export function isJson(mediaType: string): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\b/i.test(mediaType);
}

function exampleText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.length > LONGEST_EXAMPLE ? `${text.slice(0, LONGEST_EXAMPLE)}\n...` : text;
}
