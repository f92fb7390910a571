/**
 * The dialect of Traefik `forwardAuth`: as Caddy, it sets `X-Forwarded-Method` and `X-Forwarded-Uri` itself, whatever
 * the caller sent, unless it is told to trust them; and it hands any answer but 2xx to the caller as it is.
 */
export { readQuestion, writeVerdict } from './caddy.ts';
