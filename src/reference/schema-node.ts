import type { NamedSchema } from './resolver.ts';

/** What is shown of a schema: one node of a tree that is cut where it becomes deep or goes in a circle. */
export interface SchemaNode {
  /** Unique on its page and stable, such as `status-200.sender.city`. */
  id: string;
  /** In words: `string`, `integer or null`, `array of objects`. */
  type: string;
  /** The named schema it comes from. */
  component: NamedSchema | null;
  /** Markdown, untrusted, as every other text here. */
  description: string;
  deprecated: boolean;
  readOnly: boolean;
  writeOnly: boolean;
  /** Format and limits, in words: `1 to 40 characters`. */
  limits: readonly string[];
  /** The only values it may have, as JSON. */
  values: readonly string[];
  /** As JSON; null when none is given. */
  defaultValue: string | null;
  example: string | null;
  properties: readonly SchemaProperty[];
  choice: SchemaChoice | null;
  /** Properties that are too many to show. */
  omitted: number;
  /** It has parts that are not among `properties` and `choice`: they open under `id`. */
  isCut: boolean;
  /** It stands within itself. */
  isCircular: boolean;
}

export interface SchemaProperty {
  name: string;
  /** A rule for names, such as "any other name", in place of a name. */
  isRule: boolean;
  required: boolean;
  schema: SchemaNode;
}

/** `oneOf` or `anyOf`. */
export interface SchemaChoice {
  word: 'One of' | 'Any of';
  /** The property whose value says which one it is. */
  discriminator: string | null;
  options: readonly SchemaOption[];
}

export interface SchemaOption {
  label: string;
  /** Value of the discriminator; null when there is none. */
  value: string | null;
  /** It is this one when the discriminator is missing or says something unknown (OpenAPI 3.2). */
  isDefault: boolean;
  schema: SchemaNode;
}
