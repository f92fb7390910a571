import { readLimits } from './rate-limit-fields.ts';
import type { ApiAnswer } from './swagger-ui.ts';

/** Says below the answer of a call what is left of the limits, and why a call was refused. */
class OperationConsole extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('api-answer', (event) => this.tell((event as CustomEvent<ApiAnswer>).detail));
    // A page that the browser keeps for "back" must not keep the token.
    globalThis.addEventListener('pagehide', () => {
      const field = this.querySelector<HTMLInputElement>('[data-token]');
      if (field) field.value = '';
    });
  }

  private tell({ status, headers, body }: ApiAnswer): void {
    const number = new Intl.NumberFormat('en');
    const field = (name: string): string => [headers[name] ?? []].flat().join(', ');
    const lines = readLimits(field('ratelimit'), field('ratelimit-policy')).map(
      ({ name, left, limit, resetSeconds }) => {
        const ofAll = limit === null ? '' : ` of ${number.format(limit)}`;
        const when = resetSeconds === null || resetSeconds === 0 ? '' : `, whole again in ${waitText(resetSeconds)}`;
        return line(`${name}: ${number.format(left)}${ofAll} left${when}`);
      },
    );
    const reason = refusalPage(body);
    if (status >= 400 && reason !== null) lines.unshift(linkLine(reason));
    const title = document.createElement('h3');
    title.textContent = `The gateway answered ${status}`;
    const list = document.createElement('ul');
    list.append(...(lines.length > 0 ? lines : [line('It told of no limits.')]));
    this.querySelector('[data-answer]')?.replaceChildren(title, list);
  }
}

function line(text: string): HTMLElement {
  const item = document.createElement('li');
  item.textContent = text;
  return item;
}

function linkLine(href: string): HTMLElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = href;
  link.textContent = 'Why it was refused, and what to do';
  item.append(link);
  return item;
}

/** Only a page of this portal: the body is of whoever answered. */
function refusalPage(body: unknown): string | null {
  const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : null;
  return typeof type === 'string' && type.startsWith(`${location.origin}/errors/`) ? type : null;
}

function waitText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.ceil(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.ceil(hours / 24)} days`;
}

customElements.define('operation-console', OperationConsole);
