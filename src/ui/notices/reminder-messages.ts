import type { RemindResult } from '../../notices/notice.ts';
import { exactTime } from '../wording.ts';

/** Why no reminder was sent. */
export function reminderRefused(result: Extract<RemindResult, { ok: false }>): string {
  switch (result.reason) {
    case 'not_found':
      return 'This notice has not been announced yet. Try again in a moment.';
    case 'nobody_calls':
      return 'Nobody who may be mailed called it in the last 7 days. No mail was sent.';
    case 'reminded_recently':
      return `There was a reminder in the last 24 hours. The next one can be sent after ${exactTime(result.againAtMs)}.`;
  }
}
