import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Usage: node observatory-scan.mjs <host> <http port> <https port>. NODE_EXTRA_CA_CERTS names the authority to believe.
// Scans as the package's own `scan()` does, which takes no ports, and prints score and results as JSON.

const read = fs.readFileSync;
// The list of preloaded sites, which the package fetches when it is installed. Nothing of this machine is on it.
fs.readFileSync = (path, ...rest) => (String(path).endsWith('hsts-preload.json') ? '{}' : read(path, ...rest));
syncBuiltinESMExports();

const folder = '@mdn/mdn-http-observatory/src';
const { retrieve } = await import(`${folder}/retriever/retriever.js`);
const { ALL_TESTS } = await import(`${folder}/constants.js`);
const { getGradeForScore, getScoreModifier } = await import(`${folder}/grader/grader.js`);
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await import(`${folder}/grader/charts.js`);

const [host, httpPort, httpsPort] = process.argv.slice(2);
const retrieved = await retrieve(host, { httpPort: Number(httpPort), httpsPort: Number(httpsPort) });
const results = ALL_TESTS.map((test) => test(retrieved)).map((output) => ({
  name: output.constructor.name,
  result: output.result,
  pass: output.pass,
  modifier: output.result ? getScoreModifier(output.result) : 0,
}));
const sum = (fits) =>
  results.filter(({ modifier }) => fits(modifier)).reduce((total, { modifier }) => total + modifier, 100);
const withoutCredit = sum((modifier) => modifier < 0);
const score = withoutCredit >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(() => true) : withoutCredit;
process.stdout.write(JSON.stringify({ ...getGradeForScore(score), results }));
