/** A step into a document: a member's name or an element's index, as text. */
export type Path = readonly string[];

export interface JsonMistake {
  offset: number;
  expected: string;
}

interface Frame {
  closing: '}' | ']';
  /** Names seen so far; null in an array. */
  names: Set<string> | null;
  length: number;
}

type Expectation = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or end';

const TOKEN = /[{}[\],:"]|[^\s{}[\],:"]+/y;
const SCALAR = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

/**
 * Walks through JSON (RFC 8259) without recursion and tells where things stand, which `JSON.parse` does not.
 * `visit` gets each value's path and the offset of its name (in an object) or of itself, and whether the name was
 * used before. Returns the first mistake, or null.
 */
export function scanJson(
  text: string,
  visit: (path: Path, offset: number, isDuplicate: boolean) => void,
): JsonMistake | null {
  const frames: Frame[] = [];
  const path: string[] = [];
  let expectation: Expectation = 'value';
  let nameOffset = 0;
  let isDuplicate = false;
  for (let offset = skipSpace(text, 0); offset < text.length;) {
    const token = tokenAt(text, offset);
    const frame = frames.at(-1);
    const mistake = { offset, expected: describe(expectation, frame) };
    if (token === frame?.closing && expectation !== 'value' && expectation !== 'name' && expectation !== ':') {
      if (frame.length > 0) path.pop();
      frames.pop();
      expectation = ', or end';
    } else if (expectation === 'name' || expectation === 'name or }') {
      if (token.length < 2 || !token.startsWith('"') || !frame?.names) return mistake;
      const name = parsedString(token);
      if (name === null) return mistake;
      if (frame.length > 0) path.pop();
      path.push(name);
      isDuplicate = frame.names.has(name);
      frame.names.add(name);
      frame.length += 1;
      nameOffset = offset;
      expectation = ':';
    } else if (expectation === ':') {
      if (token !== ':') return mistake;
      expectation = 'value';
    } else if (expectation === ', or end') {
      if (token !== ',' || !frame) return mistake;
      expectation = frame.names ? 'name' : 'value';
    } else {
      if (frame && !frame.names) {
        if (frame.length > 0) path.pop();
        path.push(String(frame.length));
        frame.length += 1;
      }
      if (token !== '{' && token !== '[' && !isScalar(token)) return mistake;
      visit(path, frame?.names ? nameOffset : offset, isDuplicate);
      isDuplicate = false;
      if (token === '{') frames.push({ closing: '}', names: new Set(), length: 0 });
      if (token === '[') frames.push({ closing: ']', names: null, length: 0 });
      expectation = token === '{' ? 'name or }' : token === '[' ? 'value or ]' : ', or end';
    }
    offset = skipSpace(text, offset + token.length);
  }
  const isComplete = expectation === ', or end' && frames.length === 0;
  return isComplete ? null : { offset: text.length, expected: describe(expectation, frames.at(-1)) };
}

function tokenAt(text: string, offset: number): string {
  TOKEN.lastIndex = offset;
  const token = TOKEN.exec(text)?.[0] ?? '';
  return token === '"' ? text.slice(offset, stringEnd(text, offset)) : token;
}

/** Where the string that starts at `offset` ends. No regular expression: they backtrack over megabytes. */
function stringEnd(text: string, offset: number): number {
  for (let quote = text.indexOf('"', offset + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return offset + 1;
}

function skipSpace(text: string, from: number): number {
  let offset = from;
  while (' \t\r\n'.includes(text.charAt(offset)) && offset < text.length) offset += 1;
  return offset;
}

function isScalar(token: string): boolean {
  return token.startsWith('"') ? token.length > 1 && parsedString(token) !== null : SCALAR.test(token);
}

function parsedString(token: string): string | null {
  try {
    return JSON.parse(token) as string;
  } catch {
    return null;
  }
}

function describe(expectation: Expectation, frame: Frame | undefined): string {
  switch (expectation) {
    case 'value':
      return 'a value';
    case 'value or ]':
      return 'a value or ]';
    case 'name':
      return 'a name in double quotes';
    case 'name or }':
      return 'a name in double quotes or }';
    case ':':
      return 'a colon';
    case ', or end':
      return frame ? `a comma or ${frame.closing}` : 'nothing more';
  }
}
