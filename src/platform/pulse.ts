/** How long somebody may be silent. */
export interface PulseLimits {
  everyMs: number;
  /** After so many beats without an answer nobody is thought to answer any more. */
  mostMissed: number;
}

/**
 * Longer than anything that a verifier does in one go: the system may be slow, and a write may wait 5 s for the database.
 * Beats are counted, not time: a machine that slept has missed none.
 */
export const PULSE: PulseLimits = { everyMs: 1_000, mostMissed: 15 };

/**
 * Asks again and again, one question at a time. What crashes is seen by itself; this finds what hangs.
 * @param ask resolves when it is answered
 * @param onSilence once for each `mostMissed` beats in a row without an answer
 */
export function watchPulse(
  ask: () => Promise<unknown>,
  onSilence: () => void,
  { everyMs, mostMissed }: PulseLimits,
): { stop(): void } {
  let isAsked = false;
  let missed = 0;
  const beat = (): void => {
    if (!isAsked) {
      isAsked = true;
      missed = 0;
      ask().then(
        () => (isAsked = false),
        () => undefined,
      );
      return;
    }
    missed += 1;
    if (missed < mostMissed) return;
    missed = 0;
    onSilence();
  };
  const timer = setInterval(beat, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
