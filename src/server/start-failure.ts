/** A reason not to start that its reader can do something about: one line, no stack. */
export class StartFailure extends Error {}

/** One clear line about why a start failed. */
export function startFailureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, syscall, path, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `port ${port ?? ''} is in use: stop the program that uses it, or choose another port with PORT`;
  if (code === 'EACCES' && syscall === 'listen')
    return `port ${port ?? ''} may not be opened by this account: choose one above 1023 with PORT`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') {
    return `${path ?? 'a file'} cannot be written: give this account the right to write there, or choose another folder with DATA_DIR`;
  }
  return error.message === '' ? (code ?? error.name) : error.message;
}
