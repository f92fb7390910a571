import { describe, expect, it } from 'vitest';

import { parseCreateApplicationForm } from '../../src/applications/create-application.form.ts';
import { parseSubscribeForm } from '../../src/applications/subscribe.form.ts';
import { formOf } from './cast.ts';

describe('the form that creates an application', () => {
  it('gives the name and the description, trimmed and in one spelling', () => {
    const parsed = parseCreateApplicationForm(formOf({ name: '  Cafe\u0301 app ', description: 'One\r\ntwo\tthree' }));
    expect(parsed).toEqual({ ok: true, value: { name: 'Café app', description: 'One\ntwo\tthree' } });
  });

  it('needs no description', () => {
    expect(parseCreateApplicationForm(formOf({ name: 'Depot' }))).toEqual({
      ok: true,
      value: { name: 'Depot', description: '' },
    });
  });

  it.each([
    ['nothing', {}, 'Enter a name.'],
    ['blanks', { name: ' \t ' }, 'Enter a name.'],
    ['only a combining mark', { name: '\u0301' }, 'Enter a name.'],
    [
      'a line break',
      { name: 'a\nb' },
      'There is a character here that cannot be seen (U+000A). Type the text again without it.',
    ],
    [
      'a bidi override',
      { name: 'a\u202eb' },
      'There is a character here that cannot be seen (U+202E). Type the text again without it.',
    ],
    [
      'an escape',
      { name: 'a\u001b[31m' },
      'There is a character here that cannot be seen (U+001B). Type the text again without it.',
    ],
    [
      'a zero-width space',
      { name: 'a\u200bb' },
      'There is a character here that cannot be seen (U+200B). Type the text again without it.',
    ],
    ['a lone surrogate', { name: 'a\ud800b' }, null],
    ['61 characters', { name: 'x'.repeat(61) }, 'Use 60 characters or fewer; this has 61.'],
  ])('says what is wrong with a name of %s', (_, fields: Record<string, string>, message) => {
    const parsed = parseCreateApplicationForm(formOf(fields));
    // FormData itself turns a lone surrogate into U+FFFD, which can be seen.
    if (message === null) expect(parsed.ok).toBe(true);
    else expect(parsed).toEqual({ ok: false, errors: { name: message }, values: fields });
  });

  it('refuses an API key as a name and does not give it back', () => {
    const message = 'This holds an API key. Keys are secret and this text is not: leave the key out.';
    const parsed = parseCreateApplicationForm(formOf({ name: `gth_live_${'a'.repeat(36)}` }));
    expect(parsed).toEqual({ ok: false, errors: { name: message }, values: {} });
  });

  it('accepts names of 1 and of 60 characters in any script', () => {
    for (const name of ['x', 'y'.repeat(60), 'पार्सल', '包裹', '🚚 fleet', "O'Brien & Söhne <b>"]) {
      expect(parseCreateApplicationForm(formOf({ name }))).toMatchObject({ ok: true, value: { name } });
    }
  });

  it('refuses a field it does not know, so that no column can be set from outside', () => {
    for (const field of ['id', 'teamId', 'team_id', 'createdAtMs', '__proto__', 'constructor']) {
      expect(parseCreateApplicationForm(formOf({ name: 'Depot', [field]: 'x' }))).toMatchObject({
        ok: false,
        errors: { '': 'This form has a field we do not know. Reload the page and try again.' },
      });
    }
  });

  it('refuses a field that is sent twice', () => {
    const form = formOf({ name: 'Depot' });
    form.append('name', 'Other');
    expect(parseCreateApplicationForm(form)).toMatchObject({
      ok: false,
      errors: { '': 'A field was sent twice. Reload the page and try again.' },
    });
  });

  it('refuses a file in the place of text', () => {
    const form = new FormData();
    form.append('name', new Blob(['Depot']), 'name.txt');
    expect(parseCreateApplicationForm(form)).toMatchObject({ ok: false, errors: { name: 'Enter text.' } });
  });
});

describe('the form that subscribes', () => {
  it('gives the slugs of API and plan', () => {
    expect(parseSubscribeForm(formOf({ apiSlug: 'parcels', planSlug: 'free' }))).toEqual({
      ok: true,
      value: { apiSlug: 'parcels', planSlug: 'free' },
    });
  });

  it.each([
    {},
    { apiSlug: '', planSlug: '' },
    { apiSlug: '../x', planSlug: 'FREE' },
    { apiSlug: 'a b', planSlug: '-' },
  ])('asks to choose from the lists when given %j', (fields) => {
    expect(parseSubscribeForm(formOf(fields as Record<string, string>))).toMatchObject({
      ok: false,
      errors: { apiSlug: 'Choose an API from the list.', planSlug: 'Choose a plan from the list.' },
    });
  });
});
