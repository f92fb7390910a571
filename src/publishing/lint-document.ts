import {
  BaseResolver,
  type Config,
  type NormalizedProblem,
  type Oas2Rule,
  type Oas3Rule,
  Source as LintSource,
  createConfig,
  detectSpec,
  getMajorSpecVersion,
  getTypes,
  normalizeTypes,
  normalizeVisitors,
  resolveDocument,
  walkDocument,
} from '@redocly/openapi-core';

import { type JsonObject, type Source, isJsonObject } from '../catalog/document-source.ts';
import { pointerPath } from '../catalog/json-pointer.ts';
import { type LintGroup, type LintReport, PLACES_OF_GROUP, byWeight } from './lint-report.ts';
import type { LintRule, Visit } from './lint-rule.ts';
import { lintRuleNamed, owaspRules } from './lint-rules.ts';
import { qualityRules } from './quality-rules.ts';

const PLUGIN = 'gatehouse';
const MOST_TEXT = 200;

/** The linter reads local files and fetches addresses unless it is told otherwise; nothing here does either. */
class NoExternalReferences extends BaseResolver {
  override loadExternalRef(reference: string): Promise<never> {
    return Promise.reject(new Error(`references that leave the document are not followed: ${reference.slice(0, 100)}`));
  }
}

/** A rule's findings while they come in. */
interface Gathered {
  count: number;
  places: { pointer: string; text: string }[];
}

/**
 * Lints a document whose references stay within it. A shared part is looked at once, however often it is used, and
 * findings are gathered by rule: a large document has hundreds of thousands.
 * @param value of `source`, not changed by anybody
 */
export async function lintDocument(text: string, source: Source, value: JsonObject): Promise<LintReport> {
  const gathered = new Map<string, Gathered>();
  await walk(text, value, ({ ruleId, message, location }) => {
    const known = gathered.get(ruleId) ?? { count: 0, places: [] };
    gathered.set(ruleId, known);
    known.count += 1;
    if (known.places.length < PLACES_OF_GROUP)
      known.places.push({ pointer: (location[0]?.pointer ?? '').replace(/^#/, ''), text: shorten(message) });
  });
  return { ok: true, groups: toGroups(source, gathered).toSorted(byWeight) };
}

async function walk(text: string, parsed: JsonObject, onProblem: (problem: NormalizedProblem) => void): Promise<void> {
  const config = await ownConfig;
  const specVersion = detectSpec(parsed);
  const document = { source: new LintSource('/document.json', text, 'application/json'), parsed };
  const types = normalizeTypes(mendTypes(config.extendTypes(getTypes(specVersion), specVersion)), config);
  const root = types.Root;
  if (!root) throw new Error(`the linter does not know ${specVersion}`);
  const resolvedRefMap = await resolveDocument({
    rootDocument: document,
    rootType: root,
    externalRefResolver: new NoExternalReferences(),
  });
  const rules = rulesFor(config, specVersion);
  walkDocument({
    document,
    rootType: root,
    normalizedVisitors: normalizeVisitors(rules, types),
    resolvedRefMap,
    ctx: { problems: collecting(onProblem), specVersion, config, visitorsData: {} },
  });
}

type NodeTypes = ReturnType<typeof getTypes>;

/**
 * The linter (2.64) takes the scopes of OpenAPI 3.2's device flow for a map of a type named `string`, and gives up; it
 * takes a shared media type for a body of several; and it still asks for a response's description, which 3.2 leaves to
 * its author.
 */
function mendTypes(types: NodeTypes): NodeTypes {
  const { DeviceAuthorization: flow, Response: response, NamedMediaTypes: shared } = types;
  if (!flow || !response || !shared) return types;
  const scopes = { type: 'object', additionalProperties: { type: 'string' } } as const;
  return {
    ...types,
    DeviceAuthorization: { ...flow, properties: { ...flow.properties, scopes } },
    Response: { ...response, required: [] },
    NamedMediaTypes: { ...shared, additionalProperties: 'MediaType' },
  };
}

/** The walker only adds to its list: this one keeps nothing. */
function collecting(onProblem: (problem: NormalizedProblem) => void): NormalizedProblem[] {
  const problems: NormalizedProblem[] = [];
  problems.push = (...found) => {
    found.forEach(onProblem);
    return 0;
  };
  return problems;
}

type SpecVersion = ReturnType<typeof detectSpec>;
type RuleInstances = Parameters<typeof normalizeVisitors>[0];

/** As the linter's own entry point makes them ready; that one keeps every problem in memory. */
function rulesFor(config: Config, specVersion: SpecVersion): RuleInstances {
  const sets = config.getRulesForSpecVersion(getMajorSpecVersion(specVersion)) as Record<string, Oas3Rule>[];
  const instances = sets.flatMap((set) =>
    Object.entries(set).flatMap(([ruleId, rule]) => {
      const settings = config.getRuleSettings(ruleId, specVersion);
      if (settings.severity === 'off') return [];
      const visitors = rule(settings);
      const severity = settings.severity;
      return (Array.isArray(visitors) ? visitors : [visitors]).map((visitor) => ({
        severity,
        ruleId,
        message: undefined,
        visitor,
      }));
    }),
  );
  return instances as unknown as RuleInstances;
}

/** Made when this is loaded: it looks for plugins of its own in the working folder, and afterwards for nothing. */
const ownConfig = lintConfig();

/** Nothing is switched on by itself: what a new release of the linter adds waits until somebody has looked at it. */
function lintConfig(): Promise<Config> {
  const own = Object.fromEntries(owaspRules.map((rule) => [rule.id, () => toVisitor(rule)])) as OwnRules;
  const names = [...Object.keys(qualityRules), ...owaspRules.map(({ id }) => `${PLUGIN}/${id}`)];
  return createConfig({
    plugins: [{ id: PLUGIN, rules: { oas2: own, oas3: own } }],
    rules: Object.fromEntries(names.map((name) => [name, 'warn' as const])),
  });
}

/** The same rules serve both generations of the specification. */
type OwnRules = Record<string, Oas2Rule & Oas3Rule>;

interface LinterContext {
  report: (problem: { message: string; location?: unknown }) => void;
  resolve: (value: unknown) => { node?: unknown };
  location: { child(steps: string[]): unknown };
  key: string | number;
}

function toVisitor(rule: LintRule) {
  const visitors = Object.entries(rule.visitors()).map(([name, visit]) => [
    name,
    (node: unknown, { report, resolve, location, key }: LinterContext): void => {
      // A schema may be true or false.
      if (!isJsonObject(node)) return;
      const place: Visit = {
        report: (message, member) =>
          report({ message, ...(member !== undefined && { location: location.child([member]) }) }),
        resolve: (value) => resolve(value).node,
        key: String(key),
      };
      visit(node, place);
    },
  ]);
  return Object.fromEntries(visitors) as ReturnType<Oas3Rule>;
}

function toGroups({ positionsOf }: Source, gathered: ReadonlyMap<string, Gathered>): LintGroup[] {
  const rules = [...gathered];
  const positions = positionsOf(
    rules.flatMap(([, { places }]) => places.map(({ pointer }) => pointerPath(pointer) ?? [])),
  );
  let next = 0;
  return rules.map(([ruleId, { count, places }]) => {
    const rule = ruleId.replace(`${PLUGIN}/`, '');
    const located = places.map((place) => ({ ...(positions[next++] ?? { line: 1, column: 1 }), ...place }));
    return { rule, level: lintRuleNamed(rule).level, count, places: located };
  });
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT - 3)}...` : line;
}
