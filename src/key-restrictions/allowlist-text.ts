import { UNSEEN } from '../applications/text.form.ts';
import { isWithin } from '../platform/address-ranges.ts';
import { type Cidr, parseCidr, parseIpAddress } from '../platform/ip-address.ts';
import { HOLDS_TOKEN, holdsToken } from '../platform/token-shape.ts';
import { ALLOWLIST_MAX_ENTRIES, ALLOWLIST_NOTE_MAX_LENGTH, type AllowlistEntry } from './key-restrictions.ts';

/** What a text area of addresses says: entries as they are stored, and what is worth knowing about how they were read. */
export type AllowlistReading =
  { ok: true; entries: readonly AllowlistEntry[]; remarks: readonly string[] } | { ok: false; problem: string };

/** Room for the longest list with a note on every line. */
const TEXT_MAX_LENGTH = 20_000;
const PROBLEMS_SHOWN = 5;

type Part = { ok: true; typed: string; cidr: Cidr; note: string } | { ok: false; problem: string };

/**
 * Addresses and ranges, one a line or with commas between them; `#` at the start or after a blank begins a note, which
 * belongs to all of its line. Gives canonical CIDRs, each once, in the order typed; an empty text gives an empty list.
 */
export function readAllowlist(text: string): AllowlistReading {
  if (holdsToken(text)) return { ok: false, problem: HOLDS_TOKEN };
  if (text.length > TEXT_MAX_LENGTH)
    return { ok: false, problem: `Use ${TEXT_MAX_LENGTH} characters or fewer; this has ${text.length}.` };
  const parts = text.split(/\r\n|\r|\n/).flatMap((line, index) => readLine(line, index + 1));
  const problems = parts.flatMap((part) => (part.ok ? [] : [part.problem]));
  if (problems.length > 0) return { ok: false, problem: tellProblems(problems) };
  return toReading(parts.filter((part) => part.ok));
}

/** The same list as text, such as `203.0.113.0/24 # office`. */
export function allowlistText(entries: readonly AllowlistEntry[]): string {
  return entries.map(({ cidr, note }) => (note === '' ? cidr : `${cidr} # ${note}`)).join('\n');
}

function toReading(parts: readonly Extract<Part, { ok: true }>[]): AllowlistReading {
  const entries = new Map<string, { cidr: Cidr; note: string }>();
  const remarks: string[] = [];
  for (const { typed, cidr, note } of parts) {
    const changed = spellingRemark(typed, cidr);
    if (changed !== null) remarks.push(changed);
    const known = entries.get(cidr.text);
    if (known) remarks.push(`${cidr.text} stands here twice and is kept once.`);
    entries.set(cidr.text, { cidr, note: known === undefined || known.note === '' ? note : known.note });
  }
  if (entries.size > ALLOWLIST_MAX_ENTRIES) {
    const problem = `This list has ${entries.size} ranges; a key can have ${ALLOWLIST_MAX_ENTRIES}. Combine neighbours into larger ranges.`;
    return { ok: false, problem };
  }
  const listed = [...entries.values()];
  return {
    ok: true,
    entries: listed.map(({ cidr, note }) => ({ cidr: cidr.text, note })),
    remarks: [...remarks, ...containmentRemarks(listed.map(({ cidr }) => cidr))],
  };
}

/** How a range reads that does not stand as it was typed. */
function spellingRemark(typed: string, cidr: Cidr): string | null {
  const [addressText = ''] = typed.split('/');
  const address = parseIpAddress(addressText);
  if (address?.family === 'ipv4' && addressText.includes(':'))
    return `${typed} is the IPv4 range ${cidr.text}: mapped addresses are read as what they stand for.`;
  if (!typed.includes('/') || address?.text === cidr.network) return null;
  return `${typed} is kept as ${cidr.text}: a range begins with its first address.`;
}

function containmentRemarks(cidrs: readonly Cidr[]): string[] {
  return cidrs.flatMap((cidr) => {
    const outer = cidrs.find((other) => other !== cidr && isWithin(cidr, other));
    return outer ? [`${cidr.text} lies inside ${outer.text} and adds nothing.`] : [];
  });
}

function readLine(line: string, lineNumber: number): Part[] {
  const start = /(?:^|\s)#/.exec(line);
  const ranges = start ? line.slice(0, start.index) : line;
  const note = start
    ? line
        .slice(start.index + start[0].length)
        .normalize('NFC')
        .trim()
    : '';
  const problem = noteProblem(note);
  if (problem !== null) return [{ ok: false, problem: `line ${lineNumber}: ${problem}` }];
  return ranges
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const cidr = parseCidr(part);
      return cidr
        ? { ok: true, typed: part, cidr, note }
        : { ok: false, problem: `line ${lineNumber}: ${rangeProblem(part)}` };
    });
}

/** What is wrong with the note of an entry; null for nothing. */
export function noteProblem(note: string): string | null {
  if (note.length > ALLOWLIST_NOTE_MAX_LENGTH)
    return `a note has ${ALLOWLIST_NOTE_MAX_LENGTH} characters at most; this one has ${note.length}`;
  return UNSEEN.test(note) ? 'the note has a character that cannot be seen; type it again' : null;
}

/** Why a text is no range. */
export function rangeProblem(text: string): string {
  const shown = text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 50);
  const [addressText = '', ...length] = shown.split('/');
  if (!parseIpAddress(addressText)) return `${addressText || shown} is not an address`;
  const most = addressText.includes(':') ? 128 : 32;
  return `/${length.join('/')} after ${addressText} is not a prefix length from /1 to /${most}`;
}

function tellProblems(problems: readonly string[]): string {
  const more = problems.length - PROBLEMS_SHOWN;
  return problems.slice(0, PROBLEMS_SHOWN).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
