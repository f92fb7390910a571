import type { DeepLink } from './docs-operations.ts';

type Json = Record<string, unknown>;

const DEPTH = 2;

/**
 * A page of one operation as somebody would write it by hand, with what ours says too: its text, its parameters, its
 * answers with two levels of properties and an example each, and one sample. A small style sheet; no script, no font,
 * no navigation. The least that a reader can wait for.
 */
export function staticPage(text: string, link: DeepLink): string {
  const document = JSON.parse(text) as { paths: Record<string, Json> };
  const follow = (value: unknown): Json => {
    const object = (typeof value === 'object' && value !== null ? value : {}) as Json;
    if (typeof object.$ref !== 'string') return object;
    const steps = object.$ref.slice(2).split('/');
    return follow(steps.reduce<unknown>((found, step) => (found as Json | undefined)?.[step], document));
  };
  const propertiesOf = (given: unknown, depth = 1): string => {
    const entries = Object.entries((follow(given).properties ?? {}) as Json);
    const items = entries.map(([name, one]) => {
      const property = follow(one);
      const below = depth < DEPTH ? propertiesOf(property, depth + 1) : '';
      return `<li><code>${escape(name)}</code> ${escape(property.type ?? 'object')}
<p>${escape(property.description ?? '')}</p>${below}</li>`;
    });
    return items.length > 0 ? `<ul>${items.join('')}</ul>` : '';
  };
  const exampleOf = (media: Json): string => {
    const [first] = Object.values((media.examples ?? {}) as Json);
    const value = follow(first).value ?? media.example;
    return value === undefined ? '' : `<pre>${escape(JSON.stringify(value, null, 2).slice(0, 12_000))}</pre>`;
  };
  const operation = follow(document.paths[link.path]?.[link.method]);
  const rows = ((operation.parameters ?? []) as unknown[]).map(follow).map(
    (one) => `<tr><th>${escape(one.name)}</th><td>${escape(one.in)}, ${escape(follow(one.schema).type)}</td>
<td>${escape(one.description ?? '')}</td></tr>`,
  );
  const answers = Object.entries((operation.responses ?? {}) as Json).map(([status, given]) => {
    const response = follow(given);
    const media = follow(Object.values((response.content ?? {}) as Json)[0]);
    return `<h3>${status}</h3><p>${escape(response.description ?? '')}</p>${propertiesOf(media.schema)}${exampleOf(media)}`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(link.headings[0])}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>${STYLE}</style>
</head><body><main><h1>${escape(link.headings[0])}</h1><p><code>${link.method.toUpperCase()} ${escape(link.path)}</code></p>
<p>${escape(operation.description ?? '')}</p><h2>Parameters</h2><table>${rows.join('')}</table>
<h2>Sample</h2><pre>curl -H 'Authorization: Bearer ...' https://api.example.com${escape(link.path)}</pre>
<h2>Responses</h2>${answers.join('')}</main></body></html>`;
}

const STYLE = `body{font:15px/1.6 system-ui,sans-serif;color:#1d2733;margin:0}main{max-width:46rem;margin:2rem auto;
padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;
border-top:1px solid #dde3ea}code,th,pre{font-family:ui-monospace,monospace;font-size:13px}pre{overflow-x:auto;
background:#f3f5f8;padding:1rem}li p{margin:0;color:#51606f}ul{list-style:none;padding-left:1rem}`;

function escape(value: unknown): string {
  return String(value).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
