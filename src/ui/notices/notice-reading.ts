/** Tells the portal that a notice was opened: reading a page changes nothing, so a script says so. */
class NoticeReading extends HTMLElement {
  connectedCallback(): void {
    const path = `/notices/${this.dataset.slug ?? ''}/reading`;
    // Whoever is offline reads all the same.
    fetch(path, { method: 'POST', body: new URLSearchParams() }).catch(() => undefined);
  }
}

customElements.define('notice-reading', NoticeReading);
