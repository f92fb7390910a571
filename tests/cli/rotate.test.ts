import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type CommandHouse, newAccessToken, openCommandHouse } from './house.ts';

interface Key {
  id: string;
  name: string;
  state: string;
  replaced: { byKeyId: string } | null;
}

let house: CommandHouse;
beforeAll(async () => {
  house = await openCommandHouse();
});
afterAll(() => house.stop());

let count = 0;
async function newKey(): Promise<{ name: string; file: string }> {
  const name = `Server ${(count += 1)}`;
  const file = join(house.folder, `key-${count}`);
  const issued = await house.gatehouse(['keys', 'issue', '--name', name, '--file', file]);
  if (issued.code !== 0) throw new Error(issued.error);
  return { name, file };
}
const keysOf = async (name: string): Promise<Key[]> => {
  const { keys } = (await house.gatehouse(['keys', 'list', '--json'])).json() as { keys: Key[] };
  return keys.filter((key) => key.name === name);
};
const statusWith = async (token: string): Promise<number> => {
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch(`${house.portal.gatewayUrl}/parcels/v2/services`, { headers })).status;
};
const pendingFiles = (): string[] => readdirSync(join(house.home, '.local/state/gatehouse'));

describe('keys rotate', () => {
  test('hands the new key to a command on its standard input, without a line break, and without the access token', async () => {
    const { name } = await newKey();
    const command = 'cat > stored; env > variables; echo "stored $GATEHOUSE_KEY_NAME"';
    const environment = { GATEHOUSE_TOKEN: house.token, GATEHOUSE_TOKEN_FILE: undefined };
    const ended = await house.gatehouse(['keys', 'rotate', name, '--exec', command, '--json'], { environment });
    expect(ended.code).toBe(0);
    const stored = readFileSync(join(house.folder, 'stored'), 'utf8');
    expect(stored).toMatch(/^gth_test_[0-9A-Za-z]{36}$/);
    expect(await statusWith(stored)).toBe(200);
    expect(readFileSync(join(house.folder, 'variables'), 'utf8')).not.toContain('_pat_');
    // What the command says does not mix with the JSON.
    expect(ended.json()).toMatchObject({ rotated: true, key: { name }, oldKeyEnded: false });
    expect(ended.error).toBe(`stored ${name}\n`);
    expect(ended.out).not.toContain(stored);
  });

  test('with --stdout writes the key there and nothing else', async () => {
    const { name } = await newKey();
    const { code, out, error } = await house.program(['keys', 'rotate', name, '--stdout']);
    expect(code).toBe(0);
    expect(out).toMatch(/^gth_test_[0-9A-Za-z]{36}\n$/);
    expect(error).toContain(`Rotated ${name}`);
    expect(error).not.toContain(out.trim());
  });

  test('when the command fails the old key goes on working, and the next run hands over the same new key', async () => {
    const { name, file } = await newKey();
    const old = readFileSync(file, 'utf8');
    const rotate = (command: string) => house.gatehouse(['keys', 'rotate', name, '--exec', command]);
    const failed = await rotate('cat > first; exit 7');
    expect([failed.code, failed.out]).toEqual([10, '']);
    expect(failed.error).toMatch(/ended with 7\. Run the same command again/);
    expect(await statusWith(old)).toBe(200);
    // What is kept to carry on with does not hold the key.
    const first = readFileSync(join(house.folder, 'first'), 'utf8');
    const kept = pendingFiles().map((path) => readFileSync(join(house.home, '.local/state/gatehouse', path), 'utf8'));
    expect(kept.join()).not.toContain(first.slice(9));
    expect(kept).not.toEqual([]);
    const again = await rotate('cat > second');
    expect([again.code, again.error]).toEqual([0, '']);
    expect(again.out).toContain('begun by an earlier run');
    expect(readFileSync(join(house.folder, 'second'), 'utf8')).toBe(first);
    expect(await keysOf(name)).toHaveLength(2);
    expect(pendingFiles()).toEqual([]);
  });

  test('a file that cannot be written is found before anything is rotated', async () => {
    const { name } = await newKey();
    const ended = await house.gatehouse(['keys', 'rotate', name, '--file', '/proc/none/key']);
    expect(ended.code).toBe(10);
    expect(ended.error).toContain('Nothing was changed');
    expect(await keysOf(name)).toHaveLength(1);
  });

  test('ends the old key only after the check call has succeeded with the new one', async () => {
    const { name, file } = await newKey();
    const old = readFileSync(file, 'utf8');
    const words = [
      'keys',
      'rotate',
      name,
      '--file',
      file,
      '--check-url',
      `${house.portal.gatewayUrl}/parcels/v2/services`,
    ];
    const ended = await house.gatehouse([...words, '--end-old', '--json']);
    expect([ended.code, ended.error]).toEqual([0, '']);
    expect(ended.json()).toMatchObject({ oldKeyEnded: true });
    expect(await statusWith(readFileSync(file, 'utf8'))).toBe(200);
    expect(await statusWith(old)).toBe(401);
  });

  test('waits until the new key is accepted, and leaves the old one alone when it is not', async () => {
    const { name, file } = await newKey();
    const old = readFileSync(file, 'utf8');
    let calls = 0;
    const service = createServer((_, response) => response.writeHead((calls += 1) < 2 ? 401 : 204).end());
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/ping`;
    const words = ['keys', 'rotate', name, '--file', file, '--check-url', url, '--end-old'];
    const failed = await house.gatehouse([...words, '--check-within', '1s']);
    expect(failed.code).toBe(11);
    expect(failed.error).toContain('status 401');
    expect(await statusWith(old)).toBe(200);
    calls = 0;
    const again = await house.gatehouse([...words, '--check-within', '20s']);
    expect([again.code, again.error, calls]).toEqual([0, '', 2]);
    expect(await statusWith(old)).toBe(401);
    expect(await keysOf(name)).toHaveLength(2);
    service.close();
  });

  test('carries on with the newest of a line of keys, by name and by the id of any of them', async () => {
    const { name } = await newKey();
    const [first] = await keysOf(name);
    const rotated: string[] = [];
    for (const reference of [name, name, first?.id ?? '']) {
      const ended = await house.gatehouse(['keys', 'rotate', reference, '--exec', 'cat > stored', '--json']);
      rotated.push((ended.json() as { replacedKeyId: string }).replacedKeyId);
    }
    expect(new Set(rotated).size).toBe(3);
    const keys = await keysOf(name);
    expect(keys.filter(({ replaced }) => replaced === null)).toHaveLength(1);
  });

  test('tells when the access token of the script is about to end', async () => {
    const { name } = await newKey();
    const token = await newAccessToken(house.person, { expiry: '7' });
    const words = ['keys', 'rotate', name, '--older-than', '1d', '--stdout'];
    const ended = await house.gatehouse(words, { environment: { GATEHOUSE_TOKEN: token } });
    expect([ended.code, ended.out]).toEqual([0, expect.stringContaining('Nothing to do')]);
    expect(ended.error).toMatch(/^gatehouse: The access token "Command line" ends on .*\/account\/tokens\n$/);
  });

  test.each([
    [['--overlap', 'a day', '--stdout'], '--overlap is'],
    [[], 'Say where the new key goes'],
    [['--stdout', '--file', 'key'], 'Say where the new key goes'],
    [['--file', 'key', '--end-old'], '--end-old needs --check-url'],
    [['--file', 'key', '--check-url', 'http://api.example.com/'], 'https'],
    [['--stdout', '--check-url', 'https://api.example.com/'], '--check-url needs'],
  ])('%j is wrong use, and rotates nothing', async (words, message) => {
    const ended = await house.gatehouse(['keys', 'rotate', 'Nothing', ...words]);
    expect([ended.code, ended.out]).toEqual([2, '']);
    expect(ended.error).toContain(message);
  });
});

test('no process ever has a key or a token among its arguments', async () => {
  const { name } = await newKey();
  writeFileSync(join(house.folder, 'store.sh'), 'cat > stored\nsleep 0.5\n');
  const seen: string[] = [];
  const rotating = house.program(['keys', 'rotate', name, '--exec', 'sh store.sh']);
  const state = { isOver: false };
  void rotating.finally(() => (state.isOver = true));
  while (!state.isOver) {
    for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      try {
        seen.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        // It has ended meanwhile.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect((await rotating).code).toBe(0);
  const stored = readFileSync(join(house.folder, 'stored'), 'utf8');
  expect(seen.some((words) => words.includes('store.sh'))).toBe(true);
  expect(seen.filter((words) => words.includes(stored) || words.includes(house.token))).toEqual([]);
});
