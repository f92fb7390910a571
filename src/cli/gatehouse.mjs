#!/usr/bin/env node
// Runs on whatever Node the machine has; so this file says only what every Node can read.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(
    `gatehouse needs Node 20 or later and this is ${process.versions.node}: https://nodejs.org/en/download`,
  );
  process.exit(2);
}
// From this version on, Node runs TypeScript by itself; older ones hand over to the Node that the packages bring along.
if (major > 22 || (major === 22 && minor >= 18)) {
  const { runProcess } = await import('./gatehouse/main.ts');
  await runProcess(process.argv.slice(2));
} else {
  const { handOver } = await import('./gatehouse-node.mjs');
  await handOver(process.argv.slice(2));
}
