import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';

type Options = PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON;

/**
 * Asks an authenticator before its form is sent, and sends the answer in the field `response`. Without JavaScript the
 * form is sent without one, and the page says what is missing.
 */
class PasskeyForm extends HTMLElement {
  private isBusy = false;

  connectedCallback(): void {
    const form = this.querySelector('form');
    form?.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!this.isBusy) void this.send(form);
    });
  }

  private async send(form: HTMLFormElement): Promise<void> {
    this.isBusy = true;
    this.say('Waiting for your device…');
    try {
      const options = await this.ask(form);
      if (options === null) return;
      const isNew = this.getAttribute('ceremony') === 'register';
      const answer = await (isNew
        ? startRegistration({ optionsJSON: options })
        : startAuthentication({ optionsJSON: options }));
      const field = form.elements.namedItem('response');
      if (field instanceof HTMLInputElement) field.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      this.say(explain(error), true);
    } finally {
      this.isBusy = false;
    }
  }

  /** null when it said why not, or went to the page to sign in. */
  private async ask(form: HTMLFormElement): Promise<Options | null> {
    if (!browserSupportsWebAuthn()) {
      this.say('This browser has no passkeys.', true);
      return null;
    }
    const ceremony = form.elements.namedItem('ceremony');
    const body = new URLSearchParams(ceremony instanceof HTMLInputElement ? { ceremony: ceremony.value } : {});
    const response = await fetch(this.getAttribute('ask-at') ?? '', { method: 'POST', body });
    if (response.redirected) {
      location.assign(response.url);
      return null;
    }
    const answer = (await response.json()) as { options: Options } | { detail: string };
    if ('options' in answer) return answer.options;
    this.say(answer.detail, true);
    return null;
  }

  private say(text: string, isProblem = false): void {
    const status = this.querySelector('[role=status]');
    if (!status) return;
    status.textContent = text;
    status.classList.toggle('field-error', isProblem);
  }
}

/** Browsers tell little, so that a page cannot find out what somebody has. */
function explain(error: unknown): string {
  switch (error instanceof Error ? error.name : '') {
    case 'InvalidStateError':
      return 'This device has a passkey for your account already.';
    case 'NotAllowedError':
      return 'No passkey was used: it was cancelled, it took too long, or there is none for this site here.';
    case 'NotSupportedError':
    case 'ConstraintError':
      return 'This device cannot keep passkeys that are protected by a fingerprint, face or PIN.';
    case 'SecurityError':
      return 'Passkeys do not work at this address. Open the portal under its own name.';
    default:
      return 'That did not work. Check the connection and try again.';
  }
}

customElements.define('passkey-form', PasskeyForm);
