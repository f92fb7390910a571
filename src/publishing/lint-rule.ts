import type { LintLevel } from './lint-report.ts';

/** What people read about a rule. */
export interface LintRuleText {
  level: LintLevel;
  /** What is to be so. */
  title: string;
  /** What goes wrong otherwise, and what to do. */
  why: string;
  /** Of the OWASP API Security Top 10 2023, such as `API2`; absent for rules of good documents. */
  owasp?: string;
}

/** Where a visitor stands. */
export interface Visit {
  /** Names a mistake at this node, or at one of its members. */
  report: (text: string, member?: string) => void;
  /** What a reference within the document points at; the value itself when it is none. */
  resolve: (value: unknown) => unknown;
  /** Name or index of the node in what holds it. */
  key: string;
}

export type NodeName =
  'Root' | 'PathItem' | 'Operation' | 'Parameter' | 'Response' | 'Schema' | 'SecurityScheme' | 'Server';

/** What a rule does at nodes of a kind; each node is visited once, however often it is referred to. */
export type Visitors = Partial<Record<NodeName, (node: Readonly<Record<string, unknown>>, visit: Visit) => void>>;

/** A rule of our own. */
export interface LintRule extends LintRuleText {
  id: string;
  /** One set for one document: it may remember what it saw. */
  visitors: () => Visitors;
}
