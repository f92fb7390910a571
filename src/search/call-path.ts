/** Finds the operation that a call belongs to: people paste the address they called. */

/** Documents may name any method (OpenAPI 3.2); what follows tells whether it is one. */
const METHOD = /^([\w-]{2,24})\s+(?=\/|https?:)/i;
const MOST_SEGMENTS = 40;

export interface PathTemplate {
  method: string;
  segments: readonly string[];
}

/** @param path such as `/parcels/{parcelId}` */
export function pathTemplate(method: string, path: string): PathTemplate {
  return { method, segments: segmentsOf(path) };
}

export interface CallPath {
  /** Upper case; null when none was given. */
  method: string | null;
  segments: readonly string[];
}

/** Reads `POST https://api.example/parcels/v2/parcels?x=1`, `/parcels/17` and the like; null for what is no address. */
export function readCallPath(text: string): CallPath | null {
  const method = METHOD.exec(text.trim());
  const address = text.trim().slice(method?.[0].length ?? 0);
  const path = URL.canParse(address) ? new URL(address).pathname : address.replace(/[?#].*$/s, '');
  if (!path.startsWith('/') || /\s/.test(path)) return null;
  const segments = segmentsOf(path);
  if (segments.length === 0 || segments.length > MOST_SEGMENTS) return null;
  return { method: method?.[1]?.toUpperCase() ?? null, segments };
}

/**
 * How well a call fits a template: the number of segments that are the same, or null. The call may have segments in
 * front, such as the name of the API and its version.
 */
export function fitOf(call: CallPath, template: PathTemplate): number | null {
  if (call.method !== null && call.method !== template.method) return null;
  const wanted = template.segments;
  const lead = call.segments.length - wanted.length;
  if (wanted.length === 0 || lead < 0 || lead > 3) return null;
  let same = 0;
  for (const [index, segment] of wanted.entries()) {
    const given = call.segments[lead + index];
    if (given === segment) same += 1;
    else if (!segment.includes('{')) return null;
  }
  return same === 0 ? null : same - lead / 10;
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
