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
    return [{ mediaType, schema, examples: describeExamples(tree, media, mediaType, ownId, direction) }];
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
  if (media.schema === undefined || !isJson(mediaType)) return [];
  const made = makeExample(tree.resolver, media.schema, direction);
  return made === undefined ? [] : [{ id: `${id}-example-1`, title: 'Example', text: exampleText(made), isMade: true }];
}

/** Examples that the document gives, by their titles. */
export function givenExamples(tree: Tree, media: JsonObject): { title: string; value: unknown }[] {
  const named = isJsonObject(media.examples) ? Object.entries(media.examples) : [];
  const found = named.flatMap(([name, given]) => {
    const example = tree.resolver.resolve(given).value;
    if (!isJsonObject(example) || example.value === undefined) return [];
    const { value } = example;
    return [{ title: typeof example.summary === 'string' ? example.summary : name, value }];
  });
  if (found.length > 0 || media.example === undefined) return found;
  return [{ title: 'Example', value: media.example }];
}

export function isJson(mediaType: string): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\b/i.test(mediaType);
}

function exampleText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.length > LONGEST_EXAMPLE ? `${text.slice(0, LONGEST_EXAMPLE)}\n...` : text;
}
