import type { Clock } from '../platform/clock.ts';
import type { Config } from '../settings/config.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { Databases } from './databases.ts';

/** What every feature of the portal process is built from. */
export interface Foundation {
  config: Config;
  log: Log;
  databases: Databases;
  clock: Clock;
  random: Random;
}
