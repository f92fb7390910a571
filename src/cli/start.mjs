// Runs before anything is installed, on whatever Node the machine has; so this file says only what every Node can read.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(
    `Gatehouse needs Node 20 or later and this is ${process.versions.node}: https://nodejs.org/en/download`,
  );
  process.exit(1);
}
const { launch } = await import('./launch.mjs');
await launch(process.argv[2]);
