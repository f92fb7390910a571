const EVERY_MS = 2000;
const MOST_POLLS = 300;

/** What the page of a key answers about its first call. */
interface Answer {
  call: { secondsAgo: number; address: string; verdict: string } | null;
}

/** Waits on the page that reveals a key for the first call with it. Without JavaScript a link leads to the key. */
class FirstCall extends HTMLElement {
  private timer: ReturnType<typeof setInterval> | undefined;
  private polls = 0;

  connectedCallback(): void {
    this.say('Waiting for the first call...');
    this.timer = setInterval(() => void this.poll(), EVERY_MS);
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }

  private async poll(): Promise<void> {
    this.polls += 1;
    const call = await ask(this.getAttribute('src') ?? '');
    if (call) this.end(callText(call), call.verdict);
    else if (this.polls >= MOST_POLLS) this.end('No call yet. The first one appears on the page of the key.', '');
  }

  private end(text: string, verdict: string): void {
    clearInterval(this.timer);
    this.say(text);
    this.toggleAttribute('allowed', verdict === 'allowed');
  }

  private say(text: string): void {
    const line = this.querySelector('[role=status]');
    if (line) line.textContent = text;
  }
}

async function ask(source: string): Promise<Answer['call']> {
  try {
    const response = await fetch(source, { headers: { Accept: 'application/json' } });
    return response.ok ? ((await response.json()) as Answer).call : null;
  } catch {
    // The next one may get through.
    return null;
  }
}

function callText({ secondsAgo, address, verdict }: NonNullable<Answer['call']>): string {
  const from = `First call seen ${secondsAgo} s ago from ${address || 'an unknown address'}`;
  return verdict === 'allowed' ? `${from}: allowed.` : `${from}: refused with ${verdict}.`;
}

customElements.define('first-call', FirstCall);
