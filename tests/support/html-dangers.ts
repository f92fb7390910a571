/** Tags and attributes that sanitised HTML may have; written down a second time, so that a slip in the first is seen. */
const TAG =
  /<\/?(?:h[1-6]|p|br|hr|blockquote|[uo]l|li|input|pre|code|strong|em|del|a|img|table|thead|tbody|tr|t[hd]|span|div|d[ltd]|su[bp]|details|summary)((?: (?:id|href|title|rel|src|alt|type|checked|disabled|start|tabindex|align|class)(?:="[^"<>]*")?)*)(?: \/)?>/g;

/** What a browser could act upon in HTML that must be harmless; empty when it is. Reads strictly instead of parsing. */
export function dangersIn(html: string): string[] {
  const dangers: string[] = [];
  const rest = html.replace(TAG, (_tag, attributes: string) => {
    for (const [, name, value = ''] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
      if (name === 'href' && !isHarmlessLink(decode(value))) dangers.push(`href ${value}`);
      if (name === 'src' && !isOwn(decode(value))) dangers.push(`src ${value}`);
      if (name === 'class' && !/^(?:language-\S+|heading|alert-[a-z]+)$/.test(value)) dangers.push(`class ${value}`);
      if (name === 'type' && value !== 'checkbox') dangers.push(`type ${value}`);
    }
    return '';
  });
  return rest.includes('<') ? [...dangers, rest.slice(rest.indexOf('<'))] : dangers;
}

const PAGE = 'https://portal.example/notices/x';

function isHarmlessLink(href: string): boolean {
  return ['http:', 'https:', 'mailto:'].includes(URL.parse(href, PAGE)?.protocol ?? '');
}

function isOwn(src: string): boolean {
  return URL.parse(src, PAGE)?.origin === new URL(PAGE).origin;
}

function decode(attribute: string): string {
  return attribute.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
