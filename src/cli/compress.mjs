import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = /\.(css|html|js|json|map|mjs|svg|txt|webmanifest|xml)$/;
const WORTHWHILE_BYTES = 1024;

const toGzip = promisify(gzip);
const toBrotli = promisify(brotliCompress);

/**
 * Puts `.br` and `.gz` beside every text file, so that the portal never compresses while somebody waits.
 * @param {string} folder
 */
export async function compressFiles(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  await Promise.all(files.filter((file) => COMPRESSIBLE.test(file)).map(compress));
}

/** @param {string} file */
async function compress(file) {
  const { size } = statSync(file);
  if (size < WORTHWHILE_BYTES) return;
  const bytes = readFileSync(file);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: size > 500_000 ? 9 : constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${file}.gz`, await toGzip(bytes, { level: 9 }));
  writeFileSync(`${file}.br`, await toBrotli(bytes, { params: quality }));
}
