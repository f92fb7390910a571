import { type Effect, type Level, type Rule, levelOf, whyOf } from './rule.ts';
import { type Place, places } from './schema-rules.ts';

/** What can happen to the property of an object. */
export type PropertyEvent = keyof typeof sentEvents | keyof typeof receivedEvents;

type NameOf = (place: Place, prefix: string) => string;
type Events = Readonly<Record<string, readonly [NameOf, Effect, string]>>;

/** In what clients send. */
const sentEvents = {
  'required-added': [(place) => `new-required-${place}`, 'narrows', 'is new and required'],
  'optional-added': [(place) => `new-optional-${place}`, 'widens', 'is new and optional'],
  // Servers ignore what they do not know, unless the object is closed.
  removed: [(place) => `${place}-removed`, 'unclear', 'was removed'],
  'removed-from-closed': [
    (place) => `${place}-removed-from-closed-object`,
    'narrows',
    'was removed, and the object takes no properties that are not named',
  ],
  'became-required': [(place) => `${place}-became-required`, 'narrows', 'became required'],
  'became-optional': [(place) => `${place}-became-optional`, 'widens', 'became optional'],
  'optional-became-read-only': [
    (_, prefix) => `${prefix}-optional-property-became-read-only`,
    'unclear',
    'is read-only now: what is sent has no effect',
  ],
  'required-became-read-only': [
    (_, prefix) => `${prefix}-required-property-became-read-only`,
    'unclear',
    'is read-only now: what is sent has no effect',
  ],
  'optional-became-not-read-only': [
    (_, prefix) => `${prefix}-optional-property-became-not-read-only`,
    'widens',
    'is no longer read-only',
  ],
  'required-became-not-read-only': [
    (_, prefix) => `${prefix}-required-property-became-not-read-only`,
    'narrows',
    'is no longer read-only and must be sent',
  ],
} as const satisfies Events;

/** In what clients receive. */
const receivedEvents = {
  'required-added': [(_, prefix) => `${prefix}-required-property-added`, 'narrows', 'is new, and always there'],
  'optional-added': [(_, prefix) => `${prefix}-optional-property-added`, 'narrows', 'is new, and may be missing'],
  'required-removed': [(_, prefix) => `${prefix}-required-property-removed`, 'widens', 'was removed, and was required'],
  // It was never promised to be there.
  'optional-removed': [
    (_, prefix) => `${prefix}-optional-property-removed`,
    'unclear',
    'was removed, and was optional',
  ],
  'became-required': [(place) => `${place}-became-required`, 'narrows', 'is always there now'],
  'became-optional': [(place) => `${place}-became-optional`, 'widens', 'may be missing now'],
  'optional-became-write-only': [
    (_, prefix) => `${prefix}-optional-property-became-write-only`,
    'unclear',
    'is write-only now, so it is no longer there',
  ],
  'required-became-write-only': [
    (_, prefix) => `${prefix}-required-property-became-write-only`,
    'widens',
    'is write-only now, so it is no longer there',
  ],
  'became-not-write-only': [
    (_, prefix) => `${prefix}-optional-property-became-not-write-only`,
    'narrows',
    'is no longer write-only',
  ],
} as const satisfies Events;

export function propertyRule(place: Place, event: PropertyEvent): Rule {
  const { isSent, prefix } = places[place];
  const events: Events = isSent ? sentEvents : receivedEvents;
  const found = events[event];
  if (!found) throw new RangeError(`no rule for ${place} ${event}`);
  const [nameOf, effect, text] = found;
  const level: Level = levelOf(effect, isSent);
  return { id: nameOf(place, prefix), level, text, why: whyOf(effect, isSent) };
}

export const propertyRules: readonly Rule[] = [
  ...new Set(Object.values(places).map(({ property }) => property)),
].flatMap((place) =>
  (Object.keys(places[place].isSent ? sentEvents : receivedEvents) as PropertyEvent[]).map((event) =>
    propertyRule(place, event),
  ),
);
