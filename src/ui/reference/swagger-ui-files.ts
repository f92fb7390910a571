import manifest from 'swagger-ui-dist/package.json' with { type: 'json' };

/** Where the build puts Swagger UI's files; the version is part of the path, so they may be kept for ever. */
export const swaggerUiFolder = `/assets/swagger-ui-${manifest.version}`;

/**
 * Swagger UI's stylesheet, in a layer of its own and with nothing important, so that our rules win whatever their
 * specificity.
 */
export function layeredStyles(styles: string): string {
  return `@layer swagger-ui {\n${styles.replaceAll('!important', '')}\n}\n`;
}
