import manifest from 'swagger-ui-dist/package.json' with { type: 'json' };

/** Where the build puts Swagger UI's files; the version is part of the path, so they may be kept for ever. */
export const swaggerUiFolder = `/assets/swagger-ui-${manifest.version}`;
