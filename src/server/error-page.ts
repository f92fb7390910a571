import { createHash } from 'node:crypto';

import type { Problem } from '../platform/problem.ts';

/** Complete in itself: it must be readable when the host is wrong and no stylesheet can be had. */
const STYLE = [
  ':root{color-scheme:light dark;font:1rem/1.6 system-ui,sans-serif}',
  'body{margin:0;min-height:100vh;display:grid;place-items:center;padding:2rem;box-sizing:border-box;',
  'background:light-dark(#f7f8fa,#101418);color:light-dark(#1b2430,#e4e9f0)}',
  'main{max-width:34rem}h1{font-size:1.6rem;line-height:1.25;margin:.25rem 0 1rem}',
  'p{margin:0 0 1rem}.status{font:600 .875rem ui-monospace,monospace;color:light-dark(#55616f,#9aa7b6);margin:0}',
  'a{color:light-dark(#0b57d0,#8ab4f8)}',
].join('');

export const ERROR_STYLE_SHA256 = createHash('sha256').update(STYLE).digest('base64');

/** What a person sees when the front server refuses a request. */
export function errorPage(problem: Problem, publicUrl: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${escapeHtml(problem.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="status">${problem.status}</p>
<h1>${escapeHtml(problem.title)}</h1>
<p>${escapeHtml(problem.detail)}</p>
<p><a href="${escapeHtml(publicUrl)}/">Home</a> · <a href="${escapeHtml(publicUrl)}/errors/${problem.code}">About this error</a></p>
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
