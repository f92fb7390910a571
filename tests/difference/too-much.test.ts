import { expect, test } from 'vitest';

import { explainRefusal } from '../../src/ui/errors/explain-refusal.ts';
import { tooMuch } from '../../src/ui/difference/difference-at.ts';

test('a difference that could not be made is a problem for programs that asked for JSON, and its page is there', async () => {
  const answer = tooMuch('json', 'https://developers.example');
  expect([answer.status, answer.headers.get('Content-Type')]).toEqual([503, 'application/problem+json']);
  const body = (await answer.json()) as { type: string; code: string; status: number; detail: string };
  expect(body).toMatchObject({ type: `https://developers.example/errors/${body.code}`, status: 503 });
  expect(explainRefusal(body.code)?.status).toBe(503);
  expect(body.detail).toContain('gatehouse diff');
});

test('it is Markdown for those who asked for Markdown', async () => {
  const answer = tooMuch('markdown', 'https://developers.example');
  expect([answer.status, answer.headers.get('Content-Type')]).toEqual([503, 'text/markdown; charset=utf-8']);
  expect(await answer.text()).toMatch(/^# These documents are too much/);
});
