import { expect, test } from 'vitest';

import { passwordRefusal } from '../../src/passwords/password-rules.ts';

const email = 'maria.schmidt@mail.hopper-parcels.example';

test.each([
  ['aaaaaaaaaaaaaaaa', 'a'],
  ['abcabcabcabcabcabc', 'abc'],
  ['😀'.repeat(16), '😀'],
  ['123456789012345', '0123456789'],
  ['987654321098765', '0123456789'],
  ['ABCDEFGHIJKLMNOP', 'abcdefghijklmnopqrstuvwxyz'],
  ['qwertyuiopasdfgh', 'qwertyuiopasdfghjklzxcvbnm'],
  ['passwordpassword', 'passwordpassword'],
  ['PassWord20262026!!', 'password'],
  ['iloveyouiloveyou1', 'iloveyou'],
  ['1234567890qwerty', '1234567890qwerty'],
  ['ｐａｓｓｗｏｒｄ２０２６２０２６', 'password'],
])('%s is too common', (password, word) => {
  expect(passwordRefusal(password, email)).toEqual({ reason: 'password_too_common', word });
});

test.each([
  ['my Gatehouse secret word', 'gatehouse'],
  ['I am MARIA from the north', 'maria'],
  ['nobody is like Schmidt here', 'schmidt'],
  ['hopper-parcels is my employer', 'hopper-parcels'],
])('%s has a word that an attacker knows', (password, word) => {
  expect(passwordRefusal(password, email)).toEqual({ reason: 'password_has_context', word });
});

test.each([
  ['correct horse battery staple', email],
  ['eleven purple bicycles', email],
  ['Ünïcödé ist schöner als ASCII', email],
  ['jo runs with the wolves', 'jo@ab.example'],
  ['an example of a top-level name', 'zoe@work.example'],
])('%s may be used', (password, address) => {
  expect(passwordRefusal(password, address)).toBeNull();
});
