import type { APIRoute } from 'astro';

import { nextPath } from '../ui/guard.ts';
import { readForm, unreadableForm } from '../ui/read-form.ts';
import { THEME_COOKIE, parseTheme } from '../ui/theme.ts';

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

export const POST: APIRoute = async ({ request, cookies, locals, redirect }) => {
  const form = await readForm(request);
  if (!form) return unreadableForm();
  cookies.set(THEME_COOKIE, parseTheme(form.get('theme')), {
    path: '/',
    maxAge: ONE_YEAR_SECONDS,
    httpOnly: true,
    sameSite: 'lax',
    secure: locals.portal.site.publicUrl.startsWith('https:'),
  });
  const next = form.get('next');
  return redirect(nextPath(typeof next === 'string' ? next : null, '/'), 303);
};
