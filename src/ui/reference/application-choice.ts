/** Remembers the chosen application until the browser is closed. Choosing itself needs no JavaScript. */
class ApplicationChoice extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('submit', () => {
      const name = this.getAttribute('cookie');
      const chosen = this.querySelector('select')?.value;
      if (name === null || chosen === undefined || !/^\w+$/.test(chosen)) return;
      document.cookie = `${name}=${chosen}; Path=/docs; SameSite=Lax`;
    });
  }
}

customElements.define('application-choice', ApplicationChoice);
