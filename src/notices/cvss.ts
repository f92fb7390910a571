import calculator from 'ae-cvss-calculator';

export interface CvssScore {
  version: '3.1' | '4.0';
  vectorString: string;
  /** 0 to 10. */
  baseScore: number;
  baseSeverity: 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
}

/** Exactly the base metrics of 3.1, in the order of its specification; CSAF 2.0 takes no other order. */
const CVSS_31 = /^CVSS:3\.1\/AV:[NALP]\/AC:[LH]\/PR:[NLH]\/UI:[NR]\/S:[UC]\/C:[NLH]\/I:[NLH]\/A:[NLH]$/;
/** The eleven base metrics of 4.0 in the order of its specification (section 7), and more after them. */
const CVSS_40 =
  /^CVSS:4\.0\/AV:[NALP]\/AC:[LH]\/AT:[NP]\/PR:[NLH]\/UI:[NPA]\/VC:[HLN]\/VI:[HLN]\/VA:[HLN]\/SC:[HLN]\/SI:[HLN]\/SA:[HLN](?:\/[A-Z]{1,3}:[A-Z][a-z]{0,7}){0,21}$/;

/**
 * The score of a vector of CVSS 3.1 (specification, section 7.1) or 4.0 (section 8; with threat and environmental metrics
 * where the vector has them); null for what is no vector.
 */
export function cvssScore(vectorString: string): CvssScore | null {
  if (CVSS_31.test(vectorString)) return scored('3.1', vectorString);
  return CVSS_40.test(vectorString) && hasEachMetricOnce(vectorString) ? scored('4.0', vectorString) : null;
}

function scored(version: CvssScore['version'], vectorString: string): CvssScore | null {
  try {
    const vector = version === '3.1' ? new calculator.Cvss3P1(vectorString) : new calculator.Cvss4P0(vectorString);
    const baseScore = vector.calculateScores().overall;
    return { version, vectorString, baseScore, baseSeverity: severityOf(baseScore) };
  } catch {
    // A metric or a value that 4.0 does not know.
    return null;
  }
}

function hasEachMetricOnce(vectorString: string): boolean {
  const metrics = vectorString.split('/').map((part) => part.split(':')[0]);
  return new Set(metrics).size === metrics.length;
}

function severityOf(score: number): CvssScore['baseSeverity'] {
  if (score === 0) return 'NONE';
  if (score < 4) return 'LOW';
  if (score < 7) return 'MEDIUM';
  return score < 9 ? 'HIGH' : 'CRITICAL';
}
