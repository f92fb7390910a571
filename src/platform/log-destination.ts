import { write, writeSync } from 'node:fs';

/** Where lines go. Nothing about it ever throws, waits for a reader, or grows without bound. */
export interface LogDestination {
  write(line: string): void;
  /** Writes what waits at once, for the end of the process. */
  flushSync(): void;
}

/** Lines that are written together, and what of them is not written yet. */
interface Chunk {
  rest: Buffer;
  /** How many are lost if it is, with those that it tells of. */
  lines: number;
}

/** Characters that wait while a reader is slow; lines beyond them are lost. */
const WAITING_MAX = 1_000_000;
/** A pipe whose reader is slow says "later". */
const AGAIN_MS = 100;

/**
 * Lines in order to a file descriptor, without blocking. A line that cannot be written, because the disk is full or the
 * reader gone, is lost, and the process goes on; pino's own destination raises an error that ends it. Each later line is
 * tried, so that the log goes on when there is room again, and first says how many are missing.
 * @param lostLine the line that says so
 */
export function createLogDestination(fd: number, lostLine: (lines: number) => string): LogDestination {
  let waiting: string[] = [];
  let waitingLength = 0;
  let lost = 0;
  let isWriting = false;
  /** A line was begun that could not be finished. */
  let isTorn = false;

  function take(): Chunk | null {
    if (waiting.length === 0) return null;
    const text = `${isTorn ? '\n' : ''}${lost === 0 ? '' : lostLine(lost)}${waiting.join('')}`;
    const chunk = { rest: Buffer.from(text), lines: waiting.length + lost };
    // Told, so that nothing that is written meanwhile, such as at the end of the process, tells it once more.
    lost = 0;
    waiting = [];
    waitingLength = 0;
    return chunk;
  }

  function next(): void {
    const chunk = take();
    isWriting = chunk !== null;
    if (chunk) writeRest(chunk);
  }

  function writeRest(chunk: Chunk): void {
    write(fd, chunk.rest, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(() => writeRest(chunk), AGAIN_MS).unref();
      } else if (error) {
        lost += chunk.lines;
        next();
      } else {
        goOn(chunk, written);
      }
    });
  }

  function goOn(chunk: Chunk, written: number): void {
    chunk.rest = chunk.rest.subarray(written);
    isTorn = chunk.rest.length > 0;
    if (isTorn) writeRest(chunk);
    else next();
  }

  return {
    write(line) {
      if (waitingLength > WAITING_MAX) {
        lost += 1;
        return;
      }
      waiting.push(line);
      waitingLength += line.length;
      if (!isWriting) next();
    },
    flushSync() {
      const chunk = take();
      try {
        if (chunk) writeSync(fd, chunk.rest);
      } catch {
        // There is nobody left to tell.
      }
    },
  };
}
