const PAUSE_MS = 400;

/**
 * Shows what an allowlist would do while it is typed, as the server sees it: the form is sent as by its button
 * "Preview", which saves nothing, and the answer's preview takes the place of the one here.
 */
class AllowlistPreview extends HTMLElement {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = new AbortController();

  connectedCallback(): void {
    const field = document.getElementById(this.getAttribute('for') ?? '');
    if (!(field instanceof HTMLTextAreaElement) || !field.form) return;
    const { form } = field;
    field.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.load(form), PAUSE_MS);
    });
  }

  disconnectedCallback(): void {
    clearTimeout(this.timer);
    this.asked.abort();
  }

  private async load(form: HTMLFormElement): Promise<void> {
    this.asked.abort();
    this.asked = new AbortController();
    try {
      const answer = await askPreview(form, this.asked.signal);
      const preview = answer.querySelector('allowlist-preview > *');
      const error = answer.getElementById('allowlist-error');
      // Focus stays where somebody types.
      preview?.removeAttribute('autofocus');
      const shown = preview ?? error;
      this.replaceChildren(...(shown ? [document.adoptNode(shown)] : []));
    } catch {
      // Another key was pressed, or the server cannot be reached: the button is still there.
    }
  }
}

async function askPreview(form: HTMLFormElement, signal: AbortSignal): Promise<Document> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && name !== 'password' && name !== 'code') fields.append(name, value);
  }
  fields.set('step', 'preview');
  const response = await fetch(form.action, { method: 'POST', body: fields, signal });
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

customElements.define('allowlist-preview', AllowlistPreview);
