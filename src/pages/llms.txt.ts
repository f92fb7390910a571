import type { APIRoute } from 'astro';

import { oneLine } from '../reference/schema-markdown.ts';
import { plainText } from '../ui/reference/answers.ts';

/** What there is to read here, for programs (llmstxt.org). */
export const GET: APIRoute = async ({ locals: { portal } }) => {
  const { publicUrl } = portal.site;
  const apis = await portal.catalog.apis();
  const versions = apis.flatMap((api) =>
    api.versions.map(({ version, lifecycle }) => {
      const title = `${oneLine(api.title)} ${version}`.replace(/[[\]]/g, '\\$&');
      return `- [${title}](${publicUrl}/docs/${api.slug}/${version}.md): ${oneLine(api.summary)} (${lifecycle})`;
    }),
  );
  const guides = portal.guides.list().map(({ slug, title }) => `- [${oneLine(title)}](${publicUrl}/guides/${slug})`);
  const lines = [
    '# Gatehouse',
    '',
    '> APIs, their documentation, API keys and security notices. Every page of an API has a Markdown form: add `.md` to its address.',
    '',
    '## APIs',
    '',
    ...versions,
    '',
    '## Guides',
    '',
    ...guides,
    '',
  ];
  return plainText(lines.join('\n'));
};
