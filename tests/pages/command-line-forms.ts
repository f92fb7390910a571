/** Forms of the hand-over to a program that are right, with a code that nobody has. */
const code = 'BBBB-BBBB';

export const commandLineForms = {
  begin: () => ({ device_name: 'build-7' }),
  collect: () => ({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'unknown' }),
  find: () => ({ code }),
  refuse: () => ({ code, decision: 'refuse' }),
};
