import node from '@astrojs/node';
import { defineConfig } from 'astro/config';

// The front server in src/server/ stands before Astro: hosts, bodies, headers, origins and addresses are its business.
export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'middleware', bodySizeLimit: 1024 * 1024 }),
  devToolbar: { enabled: false },
  image: { service: { entrypoint: 'astro/assets/services/noop' } },
  security: { checkOrigin: false },
  session: { driver: undefined },
  server: { host: '127.0.0.1' },
  build: { assets: 'assets', inlineStylesheets: 'never' },
  prefetch: false,
  telemetry: false,
  vite: { build: { assetsInlineLimit: 0 } },
});
