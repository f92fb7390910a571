/** What the page framework and the database driver need. */
const OLDEST_NODE = [22, 12] as const;

/** null when this version of Node can run the portal, else one line that says what to do. */
export function nodeVersionProblem(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return isNewEnough
    ? null
    : `Gatehouse needs Node ${OLDEST_NODE.join('.')} or later and runs on ${version}: use npm start, which brings its own`;
}
