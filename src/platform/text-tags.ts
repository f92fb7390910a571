/** HTML that descriptions of real documents have, and Markdown has no sign for. */
const TAG =
  /<\/?(?:a|b|blockquote|br|center|code|d[dlt]|del|details|div|em|h[1-6r]|i|img|li|ol|p|pre|section|span|strong|su[bp]|summary|table|tbody|t[dhrt]|thead|ul)(?:[\s/][^<>]*)?>/gi;

/** The text without its HTML. What only looks like a tag, such as `<token>`, stays. */
export function withoutTextTags(text: string): string {
  return text.replace(TAG, ' ');
}
