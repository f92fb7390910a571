import { readFileSync } from 'node:fs';

/**
 * Loaded before a program (`node --import`): its clock is ahead by as many milliseconds as the file says that
 * CLOCK_AHEAD_FILE names, at every look, so that a test moves the clocks of several processes at once.
 */
const path = process.env.CLOCK_AHEAD_FILE ?? '';
const realNow = Date.now;

Date.now = () => {
  const ahead = Number(readFileSync(path, 'utf8'));
  return realNow() + (Number.isFinite(ahead) ? ahead : 0);
};
