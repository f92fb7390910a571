import { cpSync, readFileSync, writeFileSync } from 'node:fs';

import node from '@astrojs/node';
import { defineConfig } from 'astro/config';

import { layeredStyles, swaggerUiFolder } from './src/ui/reference/swagger-ui-files.ts';

const swaggerUi = (file) => new URL(import.meta.resolve(`swagger-ui-dist/${file}`));

/** Swagger UI's script is served as its makers built it: bundling it anew would cost minutes and change nothing. */
const swaggerUiFiles = {
  name: 'swagger-ui-files',
  hooks: {
    'astro:build:done': ({ dir }) => {
      const folder = new URL(`.${swaggerUiFolder}/`, dir);
      cpSync(swaggerUi('swagger-ui-bundle.js'), new URL('swagger-ui-bundle.js', folder));
      const styles = readFileSync(swaggerUi('swagger-ui.css'), 'utf8');
      writeFileSync(new URL('swagger-ui.css', folder), layeredStyles(styles));
    },
  },
};

// The front server in src/server/ stands before Astro: hosts, bodies, headers, origins and addresses are its business.
export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'middleware', bodySizeLimit: 1024 * 1024 }),
  integrations: [swaggerUiFiles],
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
