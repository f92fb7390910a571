/** What a call of any API may have; of others (OpenAPI 3.2), those that its document names. */
const COMMON: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** CONNECT asks for a tunnel, and TRACE sends credentials back. */
const REFUSED: readonly string[] = ['CONNECT', 'TRACE'];

/** True for methods with which no API is called, whatever its document says. */
export function isRefusedMethod(method: string): boolean {
  return REFUSED.includes(method);
}

/** For `Access-Control-Allow-Methods`; whether there is such an operation is decided when it is called. */
export function methodsForPages(asked: string): string {
  const isOther = /^[A-Z-]{1,32}$/.test(asked) && !COMMON.includes(asked) && !isRefusedMethod(asked);
  return [...COMMON, ...(isOther ? [asked] : [])].join(', ');
}
