/**
 * SQLite's codes for a disk that is full, a file system that became read-only, and a disk that fails; PostgreSQL's for a
 * server that only reads (25006), and for one without room (53100). Their extended codes begin so as well.
 */
const CODES = /^(?:SQLITE_(?:FULL|READONLY|IOERR|CANTOPEN)(?:_|$)|25006$|53100$)/;

/** True when the database could not be written, or not even opened, so that nothing was saved. */
export function isStorageFault(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return (typeof code === 'string' && CODES.test(code)) || isStorageFault(cause);
}
