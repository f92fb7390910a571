/** Characters of why something was corrected or withdrawn. */
export const REASON_MAX_LENGTH = 500;
