/**
 * Shows the form beside it as readers would see it, a moment after each change. What is shown comes from the portal,
 * through the same sanitiser as the published page; without this script the button "Preview" does it.
 */
class NoticePreview extends HTMLElement {
  /** After the last change. */
  private readonly pauseMs = 400;
  private timer = 0;
  private asked = 0;

  connectedCallback(): void {
    const form = document.querySelector<HTMLFormElement>('form.notice-form');
    form?.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.show(form), this.pauseMs);
    });
    if (form) void this.show(form);
  }

  private async show(form: HTMLFormElement): Promise<void> {
    this.asked += 1;
    const turn = this.asked;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
    body.set('action', 'preview');
    try {
      const answer = await fetch(form.getAttribute('action') ?? '', { method: 'POST', body });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const preview = page.querySelector('#preview');
      // An answer that was overtaken shows an older text.
      if (preview && turn === this.asked) this.replaceChildren(document.importNode(preview, true));
    } catch {
      // Whoever is offline goes on writing.
    }
  }
}

customElements.define('notice-preview', NoticePreview);
