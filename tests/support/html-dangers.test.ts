import { expect, test } from 'vitest';

import { dangersIn } from './html-dangers.ts';

test.each([
  '<script>alert(1)</script>',
  '<p onclick="x">',
  '<img src=x onerror=alert(1)>',
  '<img src="//evil.test/x.png" alt="" />',
  '<a href="java\nscript:alert(1)">x</a>',
  '<a href="/x" style="color:red">x</a>',
  '<code class="overlay">x</code>',
  '<input type="text" />',
  '<p',
])('the check of sanitised HTML sees the danger in %j', (html) => {
  expect(dangersIn(html)).not.toEqual([]);
});
