/** Markdown, for programs that read text. */
export function markdown(text: string): Response {
  return new Response(text, { headers: { 'Content-Type': 'text/markdown; charset=utf-8', ...FOR_ALL } });
}

/** Plain text (llms.txt). */
export function plainText(text: string): Response {
  return new Response(text, { headers: { 'Content-Type': 'text/plain; charset=utf-8', ...FOR_ALL } });
}

/** A sitemap (sitemaps.org, 0.9) of these absolute addresses; of more than the protocol allows the first ones. */
export function sitemap(addresses: readonly string[]): Response {
  const entries = addresses.slice(0, 50_000).map((address) => `<url><loc>${escapeXml(address)}</loc></url>`);
  return xml(`<urlset ${NAMESPACE}>${entries.join('\n')}</urlset>`);
}

/** A list of sitemaps. */
export function sitemapIndex(addresses: readonly string[]): Response {
  const entries = addresses.map((address) => `<sitemap><loc>${escapeXml(address)}</loc></sitemap>`);
  return xml(`<sitemapindex ${NAMESPACE}>${entries.join('\n')}</sitemapindex>`);
}

const FOR_ALL = { 'Cache-Control': 'public, max-age=60' };
const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

function xml(text: string): Response {
  const headers = { 'Content-Type': 'application/xml; charset=utf-8', ...FOR_ALL };
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`, { headers });
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;').replaceAll('"', '&quot;');
}
