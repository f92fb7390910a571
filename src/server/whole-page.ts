import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';

import { writtenBytes } from './written-bytes.ts';

/** Makes a page whole: a browser can show it as soon as it has it, and need not ask for anything before. */
export interface WholePages {
  /** For its Content-Security-Policy: SHA-256, in base64, of the style sheets that may stand in it. */
  styleHashes: readonly string[];
  /** The page that is written from now on leaves with its style sheets in it, and without typefaces of ours. */
  makeWhole(response: ServerResponse): void;
}

/** @param staticFolder client files of the build; may be absent */
export function createWholePages(staticFolder: string): WholePages {
  const sheets = readSheets(join(staticFolder, 'assets'));
  return {
    styleHashes: [...sheets.values()].map((css) => createHash('sha256').update(css).digest('base64')),
    makeWhole(response) {
      const parts: Buffer[] = [];
      const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
      response.write = (...given: unknown[]) => {
        parts.push(writtenBytes(given));
        // Astro ends a page that failed half way in such a callback.
        const written = callbackOf(given);
        if (written) process.nextTick(written);
        return true;
      };
      response.end = (...given: unknown[]) => {
        parts.push(writtenBytes(given));
        return end(wholeBody(response, Buffer.concat(parts), sheets), callbackOf(given));
      };
    },
  };
}

function callbackOf(given: readonly unknown[]): (() => void) | undefined {
  return given.find((one): one is () => void => typeof one === 'function');
}

function wholeBody(response: ServerResponse, body: Buffer, sheets: ReadonlyMap<string, string>): Buffer {
  const isPage = String(response.getHeader('content-type')).startsWith('text/html');
  return isPage ? Buffer.from(withSheets(body.toString('utf8'), sheets)) : body;
}

/** By the address under which pages link to them. */
function readSheets(folder: string): ReadonlyMap<string, string> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.css')) : [];
  return new Map(names.map((name) => [`/assets/${name}`, withoutFaces(readFileSync(join(folder, name), 'utf8'))]));
}

/** A family without a face is not there: the next one of the list is the system's. */
function withoutFaces(css: string): string {
  return css.replace(/@font-face\s*\{[^{}]*\}/g, '');
}

function withSheets(html: string, sheets: ReadonlyMap<string, string>): string {
  return html
    .replace(/<link rel="preload"[^<>]*>/g, (link) => (link.includes(' as="font"') ? '' : link))
    .replace(/<link rel="stylesheet" href="([^"<>]*)">/g, (link, href: string) => {
      const css = sheets.get(href);
      return css === undefined ? link : `<style>${css}</style>`;
    });
}
