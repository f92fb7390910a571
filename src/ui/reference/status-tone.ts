/** `good` for 2xx, `warn` for 4xx, `bad` for 5xx; '' for the rest. The number itself says it too. */
export function statusTone(status: string): 'good' | 'warn' | 'bad' | '' {
  const tones: Readonly<Record<string, 'good' | 'warn' | 'bad'>> = { 2: 'good', 4: 'warn', 5: 'bad' };
  return tones[status.charAt(0)] ?? '';
}
