/**
 * Shows what is inside a schema in its place: asks for the page that the link leads to and takes that part of it.
 * Without JavaScript the link leads to the same page with the part open.
 */
class SchemaPart extends HTMLElement {
  connectedCallback(): void {
    this.querySelector('a')?.addEventListener('click', (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      void this.open(event.currentTarget as HTMLAnchorElement);
    });
  }

  private async open(link: HTMLAnchorElement): Promise<void> {
    this.setAttribute('aria-busy', 'true');
    try {
      const response = await fetch(link.href);
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const id = decodeURIComponent(new URL(link.href).hash.slice(1));
      const found = page.getElementById(id);
      const own = document.getElementById(id);
      if (!response.ok || !found || !own) throw new Error('the part is not there');
      own.replaceWith(document.adoptNode(found));
      found.tabIndex = -1;
      found.focus({ preventScroll: true });
    } catch {
      location.assign(link.href);
    }
  }
}

customElements.define('schema-part', SchemaPart);
