/** Copies the text of the element named by `for`. Without JavaScript it is not there and the text can be selected. */
class CopyButton extends HTMLElement {
  connectedCallback(): void {
    this.querySelector('button')?.addEventListener('click', () => void this.copy());
  }

  private async copy(): Promise<void> {
    const source = document.getElementById(this.getAttribute('for') ?? '');
    const label = this.querySelector('[data-label]');
    if (!source || !label) return;
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      this.dispatchEvent(new CustomEvent('copied', { bubbles: true }));
      say(label, 'Copied');
    } catch {
      getSelection()?.selectAllChildren(source);
      say(label, 'Selected: press Ctrl+C');
    }
  }
}

function say(label: Element, text: string): void {
  const before = label.getAttribute('data-label') ?? '';
  label.textContent = text;
  setTimeout(() => (label.textContent = before), 2500);
}

customElements.define('copy-button', CopyButton);
