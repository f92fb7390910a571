import type { APIRoute } from 'astro';

/** Pages that only signed-in people see; nothing is hidden by naming them (RFC 9309). */
const PRIVATE_FOLDERS = ['/account', '/applications', '/home', '/owner', '/dev/', '/sign-out'];

export const GET: APIRoute = ({ locals: { portal } }) => {
  const lines = ['User-agent: *', ...PRIVATE_FOLDERS.map((folder) => `Disallow: ${folder}`)];
  const text = [...lines, '', `Sitemap: ${portal.site.publicUrl}/sitemap.xml`, ''].join('\n');
  return new Response(text, {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'public, max-age=300' },
  });
};
