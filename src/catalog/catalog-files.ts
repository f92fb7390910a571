import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Changes whenever a file below `<contentDir>/apis` is added, written or removed; '' when there is no such folder.
 * Names, times and sizes only: a look must cost little, since it is repeated for ever.
 */
export async function catalogFingerprint(contentDir: string): Promise<string> {
  const folder = join(contentDir, 'apis');
  const names = await readdir(folder, { recursive: true, encoding: 'utf8' }).catch(() => []);
  // Those with a leading dot are an editor's or a volume's own.
  const own = names.filter((name) => !/(?:^|[\\/])\./.test(name)).sort();
  const seen = await Promise.all(
    own.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => null);
      return found?.isFile() ? `${name} ${found.ctimeMs} ${found.mtimeMs} ${found.size}` : name;
    }),
  );
  return seen.join('\n');
}
