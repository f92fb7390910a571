const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Remembers the language a reader picks. Switching itself needs no JavaScript: the style sheet shows what is checked. */
class CodeSamples extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('change', (event) => {
      const input = event.target;
      const name = this.getAttribute('cookie');
      if (!(input instanceof HTMLInputElement) || name === null) return;
      document.cookie = `${name}=${input.value}; Path=/; Max-Age=${ONE_YEAR_SECONDS}; SameSite=Lax`;
    });
  }
}

customElements.define('code-samples', CodeSamples);
