import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

import { writtenBytes } from './written-bytes.ts';

/**
 * Stands for everything that an answer may say: as long as it is the same, so is the answer. null: it cannot be told, and
 * nothing is remembered.
 */
export type Edition = () => string | null;

export interface AnswerMemory {
  /**
   * Answers with what was answered before.
   * @returns false when there is nothing; what is written to the response from now on is then remembered
   */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
}

export interface AnswerMemoryOptions {
  edition: Edition;
  /** Everything of a request that its answer depends on; null when that cannot be told. */
  nameOf: (request: IncomingMessage) => string | null;
  /** Bytes, as they leave; by default those of some three thousand pages, compressed. */
  mostBytes?: number;
}

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_BYTES_OF_ONE = 1024 * 1024;

/** Of one answer only. */
const NOT_KEPT = ['x-request-id', 'date', 'connection', 'keep-alive', 'transfer-encoding'];

interface Answer {
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/** Good answers as they left, compressed, until the edition is another. */
export function createAnswerMemory({ edition, nameOf, mostBytes = MOST_BYTES }: AnswerMemoryOptions): AnswerMemory {
  const answers = new Map<string, Answer>();
  let bytes = 0;
  let knownEdition: string | null = null;
  const currentEdition = (): string | null => {
    const current = editionOf(edition);
    if (current !== knownEdition) {
      answers.clear();
      bytes = 0;
    }
    knownEdition = current;
    return current;
  };
  const forget = (name: string): void => {
    bytes -= answers.get(name)?.body.length ?? 0;
    answers.delete(name);
  };
  const keep = (name: string, answer: Answer): void => {
    forget(name);
    answers.set(name, answer);
    bytes += answer.body.length;
    // The one that was asked for least recently is first.
    for (const oldest of answers.keys()) {
      if (bytes <= mostBytes) break;
      forget(oldest);
    }
  };
  return {
    answer(request, response) {
      const name = nameOf(request);
      const current = name === null ? null : currentEdition();
      if (name === null || current === null) return false;
      const known = answers.get(name);
      if (known) {
        keep(name, known);
        response.writeHead(200, known.headers).end(known.body);
        return true;
      }
      watchAnswer(response, (answered) => {
        // What was made while something changed may show both.
        if (currentEdition() === current) keep(name, answered);
      });
      return false;
    },
  };
}

/** When asking fails, as on a disk that cannot be read, it cannot be told either; the answer itself says what is wrong. */
function editionOf(edition: Edition): string | null {
  try {
    return edition();
  } catch {
    return null;
  }
}

/** Calls `answered` when a whole and good answer that is for everybody has been written. */
function watchAnswer(response: ServerResponse, answered: (answer: Answer) => void): void {
  const parts: Buffer[] = [];
  const write = response.write.bind(response) as (...given: unknown[]) => boolean;
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
  response.write = (...given: unknown[]) => {
    parts.push(writtenBytes(given));
    return write(...given);
  };
  response.end = (...given: unknown[]) => {
    parts.push(writtenBytes(given));
    return end(...given);
  };
  response.once('finish', () => {
    const headers = response.getHeaders();
    const body = Buffer.concat(parts);
    if (response.statusCode !== 200 || headers['set-cookie'] !== undefined || body.length > MOST_BYTES_OF_ONE) return;
    for (const name of NOT_KEPT) Reflect.deleteProperty(headers, name);
    answered({ headers: { ...headers, 'content-length': body.length }, body });
  });
}
