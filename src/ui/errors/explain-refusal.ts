import { refusals as serverRefusals } from '../../server/refusals.ts';
import { refusals as verdictRefusals } from '../../verify/verdict.ts';
import { refusals as apiRefusals } from '../../management/refusals.ts';

export interface ExplainedRefusal {
  status: number;
  title: string;
  explanation: string;
  /** null when the explanation says it already. */
  remedy: string | null;
}

/** What the `type` link of a problem leads to; null for a code that nothing here answers with. */
export function explainRefusal(code: string): ExplainedRefusal | null {
  const verdict = Object.entries({ ...verdictRefusals, ...apiRefusals }).find(([known]) => known === code)?.[1];
  if (verdict) return verdict;
  const refusal = Object.entries(serverRefusals).find(([known]) => known === code)?.[1];
  return refusal ? { status: refusal.status, title: refusal.title, explanation: refusal.detail, remedy: null } : null;
}
