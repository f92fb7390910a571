// The package has no declarations of its own.
declare module '@secvisogram/csaf-validator-lib/basic.js' {
  export {};
}

declare module '@secvisogram/csaf-validator-lib/validate.js' {
  /** Runs the tests that a module such as `basic.js` exports. */
  export default function validate(
    tests: readonly unknown[],
    document: object,
  ): Promise<{ isValid: boolean; tests: { name: string; isValid: boolean; errors: unknown[] }[] }>;
}
