/** Cuts plain text at the links that lead into this site; other addresses stay text. */
export function splitLinks(text: string, publicUrl: string): { text: string; isLink: boolean }[] {
  const parts: { text: string; isLink: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
    if (URL.parse(match[0])?.origin !== publicUrl) continue;
    parts.push({ text: text.slice(end, match.index), isLink: false }, { text: match[0], isLink: true });
    end = match.index + match[0].length;
  }
  return [...parts, { text: text.slice(end), isLink: false }];
}
