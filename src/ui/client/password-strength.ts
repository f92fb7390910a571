import { passwordStrength } from '../accounts/password-strength.ts';

/** Says in the hint of a new password what it is worth so far. Without JavaScript the hint stays as it is. */
class PasswordStrength extends HTMLElement {
  connectedCallback(): void {
    const name = this.getAttribute('for') ?? '';
    const input = document.getElementById(name);
    const hint = document.getElementById(`${name}-hint`);
    if (!(input instanceof HTMLInputElement) || !hint) return;
    const atFirst = hint.textContent;
    const minLength = Number(this.getAttribute('min'));
    hint.setAttribute('aria-live', 'polite');
    input.addEventListener('input', () => {
      // What is said is shorter than what stood there: its place stays, and nothing moves.
      hint.style.minHeight = `${hint.getBoundingClientRect().height}px`;
      hint.textContent = passwordStrength(input.value, minLength) || atFirst;
    });
  }
}

customElements.define('password-strength', PasswordStrength);
