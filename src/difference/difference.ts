import type { Level } from './rule.ts';

/** What changed between two OpenAPI documents, by operation. */
export interface Difference {
  old: DocumentName;
  new: DocumentName;
  /** One finding counts once, however many operations it reaches. */
  counts: Readonly<Record<Level, number>>;
  /** Those that changed, the ones that break clients first. */
  operations: readonly OperationDifference[];
  /** Shared parts that reach two operations or more. */
  shared: readonly SharedDifference[];
  /** What belongs to no operation. */
  general: readonly Finding[];
  /** False when the documents were too much to compare to the end: what is not found may be there. */
  isComplete: boolean;
}

/** What a document calls itself. */
export interface DocumentName {
  title: string;
  version: string;
}

export interface Finding {
  /** Name of its rule. */
  rule: string;
  level: Level;
  /** What it is about, such as `response 200, property sender.name`. */
  subject: string;
  /** What happened to that, the rest of the sentence. */
  text: string;
}

export interface OperationDifference {
  kind: 'operation' | 'webhook';
  change: 'added' | 'removed' | 'changed';
  /** Upper case. */
  method: string;
  /** As in the newer document that has it; the name of a webhook. */
  path: string;
  summary: string;
  /** Which operation it is in each document; null where it is not. */
  operationId: { old: string | null; new: string | null };
  /** The worst of all, shared ones included. */
  level: Level;
  findings: readonly Finding[];
  /** Of the shared parts among `shared` of the difference that reach it. */
  shared: readonly { component: string; level: Level }[];
}

export interface SharedDifference {
  /** Such as `schemas/Parcel`. */
  component: string;
  level: Level;
  findings: readonly Finding[];
  operations: readonly { method: string; path: string }[];
}

export interface CompareOptions {
  /** Now: whether a sunset has passed. */
  atMs: number;
  /** Least time between a deprecation and its sunset; 0 for any. */
  sunsetDays: number;
}
