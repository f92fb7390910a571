import type { OwnFile } from './docs-peers.ts';

/** A first page of the portal with all that it loads, as somebody would save it to put it on any server. */
export async function savePage(portalUrl: string, path: string): Promise<ReadonlyMap<string, OwnFile>> {
  const saved = new Map<string, OwnFile>();
  const save = async (address: string): Promise<string> => {
    const response = await fetch(portalUrl + address, {
      headers: { Accept: 'text/html,*/*', 'Sec-Fetch-Site': 'cross-site' },
    });
    if (!response.ok) throw new Error(`${address} cannot be saved: ${response.status}`);
    const content = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    saved.set(address, { type, content });
    return content.toString('utf8');
  };
  const html = await save(path);
  const loaded = [...html.matchAll(/(?:src|href)="(\/(?:assets\/|favicon)[^"]+)"/g)].map(([, address = '']) => address);
  for (const address of new Set(loaded)) {
    const text = await save(address);
    if (!address.endsWith('.css')) continue;
    for (const [, font = ''] of text.matchAll(/url\((\/assets\/[^)]+)\)/g)) if (!saved.has(font)) await save(font);
  }
  return saved;
}
