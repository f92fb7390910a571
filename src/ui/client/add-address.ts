/** Adds the reader's current address to the allowlist they are editing. Without JavaScript the address is there to copy. */
class AddAddress extends HTMLElement {
  connectedCallback(): void {
    this.querySelector('button')?.addEventListener('click', () => {
      const list = document.getElementById(this.getAttribute('for') ?? '');
      const address = this.getAttribute('address');
      if (!(list instanceof HTMLTextAreaElement) || !address) return;
      const lines = list.value.split('\n').filter((line) => line.trim() !== '');
      if (!lines.includes(address)) list.value = [...lines, address].join('\n');
      list.dispatchEvent(new Event('input'));
      list.focus();
    });
  }
}

customElements.define('add-address', AddAddress);
