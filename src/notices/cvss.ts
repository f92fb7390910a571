/** Weights of CVSS 3.1, section 7.4. */
const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
/** By whether the scope changes. */
const PRIVILEGES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  U: { N: 0.85, L: 0.62, H: 0.27 },
  C: { N: 0.85, L: 0.68, H: 0.5 },
};

export interface CvssScore {
  vectorString: string;
  /** 0 to 10. */
  baseScore: number;
  baseSeverity: 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
}

/** Base score of a CVSS 3.1 vector with exactly the base metrics (specification, section 7.1); null for other versions. */
export function cvss31Score(vectorString: string): CvssScore | null {
  const [version, ...parts] = vectorString.split('/');
  if (version !== 'CVSS:3.1') return null;
  const metrics = new Map(parts.map((part) => part.split(':') as [string, string]));
  const weight = (name: string): number => WEIGHTS[name]?.[metrics.get(name) ?? ''] ?? 0;
  const isChanged = metrics.get('S') === 'C';
  const privileges = PRIVILEGES[isChanged ? 'C' : 'U']?.[metrics.get('PR') ?? ''] ?? 0;
  const subscore = 1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A'));
  const impact = isChanged ? 7.52 * (subscore - 0.029) - 3.25 * (subscore - 0.02) ** 15 : 6.42 * subscore;
  const exploitability = 8.22 * weight('AV') * weight('AC') * privileges * weight('UI');
  const sum = (isChanged ? 1.08 : 1) * (impact + exploitability);
  const baseScore = impact <= 0 ? 0 : roundUp(Math.min(sum, 10));
  return { vectorString, baseScore, baseSeverity: severityOf(baseScore) };
}

/** Appendix A: to one decimal, upwards, without the errors of floating point. */
function roundUp(value: number): number {
  const scaled = Math.round(value * 100_000);
  return scaled % 10_000 === 0 ? scaled / 100_000 : (Math.floor(scaled / 10_000) + 1) / 10;
}

function severityOf(score: number): CvssScore['baseSeverity'] {
  if (score === 0) return 'NONE';
  if (score < 4) return 'LOW';
  if (score < 7) return 'MEDIUM';
  return score < 9 ? 'HIGH' : 'CRITICAL';
}
