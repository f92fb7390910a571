import type { KyselyPlugin } from 'kysely';

/** What a statement that a test lets fail throws. */
export class InjectedFault extends Error {}

/** Lets `before` statements pass, then fails each one. */
export function faultAfter(before: number): KyselyPlugin {
  let passed = 0;
  return {
    transformQuery({ node }) {
      passed += 1;
      if (passed > before) throw new InjectedFault();
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
}
