import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { useBrowser } from './browser.ts';
import { describeWithPrograms } from './with-programs.ts';

/** Each page does one thing that a page of ours must never do. */
const misdeeds: Record<string, string> = {
  '/breaks-its-policy': '<script>document.title = "ran"</script>',
  '/throws': '<script src="/throw.js"></script>',
  '/asks-another-machine': '<img src="http://elsewhere.example/pixel.png">',
  '/asks-for-what-is-not-there': '<img src="/nothing.png">',
};
const files: Record<string, [type: string, body: string]> = {
  '/throw.js': ['text/javascript', 'throw new Error("oh")'],
};

describeWithPrograms('the browser of the tests', ['chromium'], () => {
  const browsing = useBrowser();
  let server: Server;
  let origin = '';

  beforeAll(async () => {
    server = createServer(({ url = '' }, response) => {
      const page = misdeeds[url] ?? (url === '/calm' ? '<p>calm</p>' : undefined);
      const [type, body] = files[url] ?? ['text/html', page && `<!doctype html><link rel="icon" href="data:,">${page}`];
      response.writeHead(body === undefined ? 404 : 200, {
        'content-type': type,
        'content-security-policy': "default-src 'none'; script-src 'self'; img-src * data:",
      });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  test('lets a test with a well-behaved page pass', async () => {
    const page = await browsing.newPage();
    expect((await page.goto(`${origin}/calm`))?.status()).toBe(200);
  });

  test.fails.each(Object.keys(misdeeds))('fails a test whose page %s', async (path) => {
    const page = await browsing.newPage();
    expect((await page.goto(origin + path))?.status()).toBe(200);
  });

  test('lets a test pass that expects the problem', async () => {
    browsing.expectProblem(/Content Security Policy/);
    const page = await browsing.newPage();
    expect((await page.goto(`${origin}/breaks-its-policy`))?.status()).toBe(200);
  });
});
