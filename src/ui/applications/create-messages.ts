import type { CreateApplicationResult } from '../../applications/application.ts';
import type { FieldErrors } from '../../platform/parsed.ts';

export function createRefused(refusal: Extract<CreateApplicationResult, { ok: false }>): FieldErrors {
  switch (refusal.reason) {
    case 'too_many_applications':
      return { '': `A team can have ${refusal.limit} applications. Use one you have.` };
    case 'unknown_team':
      return { team: 'Choose a team in which you are manager or admin.' };
    case 'role_forbids':
      return { '': 'You are manager or admin of no team. Ask an admin for another role, or create a team.' };
  }
}
