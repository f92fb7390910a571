import { z } from 'zod';

import { parseCidr, parseIpAddress } from '../platform/ip-address.ts';
import { HOLDS_TOKEN, holdsToken } from '../platform/token-shape.ts';
import { ALLOWLIST_MAX_ENTRIES } from './api-key.ts';

/** Room for the longest list with a note on every line. */
const TEXT_MAX_LENGTH = 20_000;
const PROBLEMS_SHOWN = 5;

type Entry = { ok: true; cidr: string } | { ok: false; problem: string };

/**
 * A text area of addresses and ranges, one per line or separated by commas; `#` at the start or after a space
 * begins a note. Gives canonical CIDRs, each once, in the order typed; an empty text gives an empty list, and so lets
 * every address in: a field that is missing must not be read as that.
 */
export const allowlistField = z
  .string('The allowlist is missing. Reload the page, and leave the list empty to allow every address.')
  .transform((text, context): readonly string[] => {
    const refuse = (message: string): never => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if (holdsToken(text)) return refuse(HOLDS_TOKEN);
    if (text.length > TEXT_MAX_LENGTH)
      return refuse(`Use ${TEXT_MAX_LENGTH} characters or fewer; this has ${text.length}.`);
    const entries = text.split(/\r\n|\r|\n/).flatMap((line, index) => readLine(line, index + 1));
    const problems = entries.flatMap((entry) => (entry.ok ? [] : [entry.problem]));
    if (problems.length > 0) return refuse(tellProblems(problems));
    const cidrs = [...new Set(entries.flatMap((entry) => (entry.ok ? [entry.cidr] : [])))];
    if (cidrs.length <= ALLOWLIST_MAX_ENTRIES) return cidrs;
    return refuse(
      `This list has ${cidrs.length} ranges; a key can have ${ALLOWLIST_MAX_ENTRIES}. Combine neighbours into larger ranges.`,
    );
  });

function readLine(line: string, lineNumber: number): Entry[] {
  const [ranges = ''] = line.split(/(?:^|\s)#/, 1);
  return ranges
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const entry = readRange(part);
      return entry.ok ? entry : { ok: false, problem: `line ${lineNumber}: ${entry.problem}` };
    });
}

function readRange(text: string): Entry {
  const range = parseCidr(text);
  if (range?.prefixLength === 0) {
    return { ok: false, problem: `${text} holds the whole internet; leave the list empty to allow every address` };
  }
  if (range) return { ok: true, cidr: range.text };
  const shown = text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 50);
  const [addressText = '', ...length] = shown.split('/');
  const address = parseIpAddress(addressText);
  if (!address) return { ok: false, problem: `${addressText || shown} is not an address` };
  const most = addressText.includes(':') ? 128 : 32;
  return { ok: false, problem: `/${length.join('/')} after ${addressText} is not a prefix length from /1 to /${most}` };
}

function tellProblems(problems: readonly string[]): string {
  const more = problems.length - PROBLEMS_SHOWN;
  return problems.slice(0, PROBLEMS_SHOWN).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
