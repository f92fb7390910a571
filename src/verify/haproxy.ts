/**
 * The dialect of HAProxy with the shipped Lua action: it asks as nginx does, because HAProxy sets no headers by itself,
 * and hands any answer but 200 to the caller as it is, as Caddy does.
 */
export { writeVerdict } from './caddy.ts';
export { readQuestion } from './nginx.ts';
