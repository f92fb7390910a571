import { type SearchGroup, type SearchHit, type SearchKind, searchKinds } from '../../search/search.ts';
import { element, marked } from './search-elements.ts';

const PAUSE_MS = 80;
const MOST_REMEMBERED = 50;

/** The combobox of the ARIA Authoring Practices: focus stays in the field, arrows move through the options. */
let dialog: HTMLDialogElement | null = null;

/** What was asked before, so that deleting a letter asks nothing. */
const remembered = new Map<string, readonly SearchGroup[]>();

export function openSearchDialog(): void {
  dialog ??= document.body.appendChild(createDialog());
  dialog.showModal();
  dialog.querySelector('input')?.select();
}

function createDialog(): HTMLDialogElement {
  const field = element('input', {
    type: 'search',
    class: 'input',
    name: 'q',
    role: 'combobox',
    maxlength: '200',
    placeholder: 'Operation, path, schema, guide, refusal',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': 'Search operations, schemas, guides, notices and refusals',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': 'search-options',
  });
  const options = element('div', { id: 'search-options', role: 'listbox', 'aria-label': 'Results' });
  const state = element('p', { role: 'status' }, 'Type a word, a path or a code.');
  const keys = element('p', { class: 'search-keys', 'aria-hidden': 'true' }, '↑ ↓ choose · Enter open · Esc close');
  const foot = element('div', { class: 'search-foot' }, state, keys);
  const close = element('button', { type: 'button', class: 'button small' }, 'Close');
  const form = element('form', { method: 'get', action: '/search', role: 'search' }, field, close);
  const whole = element('dialog', { class: 'search-dialog', 'aria-label': 'Search' }, form, options, foot);
  const list = new OptionList(field, options, state);
  close.addEventListener('click', () => whole.close());
  field.addEventListener('input', () => list.type());
  field.addEventListener('keydown', (event) => list.press(event));
  // A click beside it, on what the browser calls the backdrop.
  whole.addEventListener('click', (event) => {
    if (event.target === whole) whole.close();
  });
  // Back from a page that a result led to within the same page, such as an anchor.
  options.addEventListener('click', () => whole.close());
  return whole;
}

class OptionList {
  private readonly field: HTMLInputElement;
  private readonly options: HTMLElement;
  private readonly state: HTMLElement;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = new AbortController();
  private active = -1;

  constructor(field: HTMLInputElement, options: HTMLElement, state: HTMLElement) {
    this.field = field;
    this.options = options;
    this.state = state;
  }

  type(): void {
    clearTimeout(this.timer);
    this.asked.abort();
    const text = this.field.value.trim();
    const known = text === '' ? [] : remembered.get(text);
    if (known) this.show(text, known);
    else this.timer = setTimeout(() => void this.ask(text), PAUSE_MS);
  }

  press(event: KeyboardEvent): void {
    const links = this.links();
    const moves: Readonly<Record<string, number>> = { ArrowDown: this.active + 1, ArrowUp: this.active - 1 };
    const to = moves[event.key];
    if (to !== undefined && links.length > 0) {
      event.preventDefault();
      this.activate((to + links.length) % links.length);
    } else if (event.key === 'Enter' && links[this.active]) {
      event.preventDefault();
      links[this.active]?.click();
    }
  }

  private async ask(text: string): Promise<void> {
    this.asked = new AbortController();
    const { signal } = this.asked;
    try {
      const response = await fetch(`/search.json?q=${encodeURIComponent(text)}`, { signal });
      const { groups } = (await response.json()) as { groups: readonly SearchGroup[] | null };
      if (!groups) throw new Error('busy');
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(text, groups);
      if (!signal.aborted) this.show(text, groups);
    } catch {
      if (!signal.aborted) this.state.textContent = 'No answer just now. Enter opens the search page.';
    }
  }

  private show(text: string, groups: readonly SearchGroup[]): void {
    const total = groups.reduce((sum, { count }) => sum + count, 0);
    const all = optionLink(`/search?q=${encodeURIComponent(text)}`, 'all', `All ${total.toLocaleString('en')} results`);
    this.options.replaceChildren(...groups.map(groupElement), ...(total > 0 ? [all] : []));
    this.field.setAttribute('aria-expanded', String(total > 0));
    this.state.textContent = stateText(text, total);
    this.activate(total > 0 ? 0 : -1);
    this.options.scrollTop = 0;
  }

  private activate(index: number): void {
    this.active = index;
    const links = this.links();
    for (const [at, link] of links.entries()) {
      link.id = `search-option-${at}`;
      link.setAttribute('aria-selected', String(at === index));
    }
    const chosen = links[index];
    if (chosen) this.field.setAttribute('aria-activedescendant', chosen.id);
    else this.field.removeAttribute('aria-activedescendant');
    chosen?.scrollIntoView({ block: 'nearest' });
  }

  private links(): HTMLAnchorElement[] {
    return [...this.options.querySelectorAll('a')];
  }
}

function stateText(text: string, total: number): string {
  if (text === '') return 'Type a word, a path or a code.';
  if (total === 0) return 'Nothing found. Fewer words find more.';
  return total === 1 ? '1 result' : `${total.toLocaleString('en')} results`;
}

function groupElement({ kind, hits }: SearchGroup): HTMLElement {
  const heading = element('p', { id: `search-group-${kind}`, role: 'presentation' }, searchKinds[kind]);
  return element(
    'div',
    { role: 'group', 'aria-labelledby': heading.id },
    heading,
    ...hits.map((hit) => hitElement(kind, hit)),
  );
}

function hitElement(
  kind: SearchKind,
  { href, badge, title, address, crumbs, deprecated }: SearchHit,
): HTMLAnchorElement {
  const name = element('span', { class: 'search-title' }, ...marked(title), ...(deprecated ? [' (deprecated)'] : []));
  const method =
    badge === null
      ? []
      : [element('span', { class: kind === 'operation' ? `method ${badge.toLowerCase()}` : 'mono' }, badge)];
  const code = address.length > 0 ? [element('code', {}, ...marked(address))] : [];
  const place = element('span', { class: 'search-crumbs' }, crumbs.join(' › '));
  return optionLink(href, 'hit', name, element('span', { class: 'search-address' }, ...method, ...code), place);
}

function optionLink(href: string, name: string, ...children: (Node | string)[]): HTMLAnchorElement {
  return element('a', { href, role: 'option', tabindex: '-1', class: `search-option ${name}` }, ...children);
}
