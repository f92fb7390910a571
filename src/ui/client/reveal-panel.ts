/**
 * Asks before a page is left on which a token stands that nobody has copied: it is never shown again. Copying it says
 * to the portal as well that it has arrived, so that the key is not withdrawn.
 */
class RevealPanel extends HTMLElement {
  connectedCallback(): void {
    window.addEventListener('beforeunload', this.ask);
    this.addEventListener('copied', this.confirm);
    document.addEventListener('copy', this.confirm);
    // The button below says the same.
    this.addEventListener('submit', this.release);
  }

  disconnectedCallback(): void {
    this.release();
  }

  private readonly ask = (event: BeforeUnloadEvent): void => event.preventDefault();

  private readonly release = (): void => {
    window.removeEventListener('beforeunload', this.ask);
    document.removeEventListener('copy', this.confirm);
  };

  private readonly confirm = (): void => {
    this.release();
    const address = this.getAttribute('confirm-at');
    // What does not get through is asked for again on the page of the key.
    if (address) void fetch(address, { ...empty, redirect: 'manual', keepalive: true }).catch(() => undefined);
  };
}

/** What a form without fields sends: a request without a body is no form. */
const empty = { method: 'POST', body: new URLSearchParams() };

customElements.define('reveal-panel', RevealPanel);
