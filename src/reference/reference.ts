import type { Operation } from '../catalog/api.ts';
import type { CodeSample } from './code-sample.ts';
import type { ExternalDocs, OperationView } from './operation-view.ts';
import type { SchemaNode } from './schema-node.ts';

/** A group of operations, with its address below `tags/`. */
export interface Tag {
  /** In the document; '' for operations that have none. */
  name: string;
  slug: string;
  /** As readers see it. */
  title: string;
  operationCount: number;
  /** Under how many other tags it stands. */
  depth: number;
  /** What stands above it and has no page; null when nothing does, or it was said before. */
  heading: string | null;
}

export interface OperationPage {
  operation: Operation;
  navigation: ReferenceNavigation;
  view: OperationView;
  /** What a plan must include for its keys to be let through. */
  scopes: readonly string[];
  /** How a call proves who makes it: one of these ways. */
  security: readonly SecurityOption[];
  samples: readonly CodeSample[];
  /** What stands for the reader's own credential in the samples; null when none is needed. */
  token: string | null;
}

/** Schemes that must all be there, and the scopes that they need. */
export interface SecurityOption {
  schemes: readonly { name: string; how: string; scopes: readonly string[] }[];
}

export interface TagPage {
  tag: Tag;
  navigation: ReferenceNavigation;
  description: string;
  externalDocs: ExternalDocs | null;
}

export interface SchemaPage {
  name: string;
  navigation: ReferenceNavigation;
  schema: SchemaNode;
  /** Made from the schema, as JSON; null when none can be made. */
  example: string | null;
}

export interface WebhookPage {
  name: string;
  navigation: ReferenceNavigation;
  method: string;
  view: OperationView;
}

/** What leads to the other pages of a version: all tags, and the operations of the one at hand. */
export interface ReferenceNavigation {
  tags: readonly Tag[];
  tag: Tag | null;
  operations: readonly Operation[];
  schemaCount: number;
  webhookCount: number;
}
