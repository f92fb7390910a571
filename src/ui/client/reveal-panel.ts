/** Asks before a page is left on which a token stands that nobody has copied: it is never shown again. */
class RevealPanel extends HTMLElement {
  connectedCallback(): void {
    window.addEventListener('beforeunload', this.ask);
    this.addEventListener('copied', this.release);
    document.addEventListener('copy', this.release);
  }

  disconnectedCallback(): void {
    this.release();
  }

  private readonly ask = (event: BeforeUnloadEvent): void => event.preventDefault();

  private readonly release = (): void => {
    window.removeEventListener('beforeunload', this.ask);
    document.removeEventListener('copy', this.release);
  };
}

customElements.define('reveal-panel', RevealPanel);
