import { nodeVersionProblem } from './platform/node-version.ts';

// Before anything native is imported: on Node 20 the database driver ends the process without a word.
const problem = nodeVersionProblem(process.versions.node);
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

const { runPortal } = await import('./composition/portal-process.ts');
await runPortal(process.argv.slice(2), process.env);
