import type { SchemaNode } from './schema-node.ts';

/** What is shown of one operation, webhook or callback. All text is Markdown of a document, untrusted. */
export interface OperationView {
  summary: string;
  description: string;
  deprecated: boolean;
  externalDocs: ExternalDocs | null;
  parameters: readonly ParameterGroup[];
  body: BodyView | null;
  responses: readonly ResponseView[];
  callbacks: readonly CallbackView[];
}

export interface ExternalDocs {
  /** http or https. */
  url: string;
  text: string;
}

/** `querystring` is the whole query, as one value (OpenAPI 3.2). */
export type ParameterPlace = 'path' | 'query' | 'querystring' | 'header' | 'cookie';

export interface ParameterGroup {
  place: ParameterPlace;
  parameters: readonly ParameterView[];
}

/** A parameter of a request or a header of a response. */
export interface ParameterView {
  name: string;
  required: boolean;
  deprecated: boolean;
  description: string;
  schema: SchemaNode;
  example: string | null;
}

export interface BodyView {
  required: boolean;
  description: string;
  contents: readonly ContentView[];
}

export interface ContentView {
  mediaType: string;
  schema: SchemaNode | null;
  /** Of each item of a sequence, such as an event of a stream; null when it is none. */
  itemSchema: SchemaNode | null;
  examples: readonly ExampleView[];
}

export interface ExampleView {
  /** Unique on its page. */
  id: string;
  title: string;
  text: string;
  /** Made from the schema, because the document gives none. */
  isMade: boolean;
}

export interface ResponseView {
  /** `200`, `4XX` or `default`. */
  status: string;
  /** '' in documents before OpenAPI 3.2. */
  summary: string;
  description: string;
  headers: readonly ParameterView[];
  contents: readonly ContentView[];
  links: readonly LinkView[];
}

/** Where a value of this response leads. */
export interface LinkView {
  name: string;
  description: string;
  operationId: string | null;
  /** Parameter -> expression, such as `$response.body#/id`. */
  parameters: readonly { name: string; expression: string }[];
}

/** A call that the API makes to the consumer. */
export interface CallbackView {
  name: string;
  /** Where to: a runtime expression such as `{$request.body#/url}`. */
  expression: string;
  method: string;
  /** Of all ids within it. */
  idPrefix: string;
  /** Without callbacks of its own. */
  operation: OperationView;
}
