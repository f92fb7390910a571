/** The part of Swagger UI's global that is used here; it ships no types. */
type SwaggerUiBundle = ((options: Record<string, unknown>) => unknown) & {
  presets: { apis: unknown };
  plugins: { DownloadUrl: unknown };
};

/**
 * Swagger UI for one document. Its bundle is loaded when the element comes near the viewport, so that reading the
 * page above costs nothing. The token a reader types stays in memory: nothing is persisted.
 */
class SwaggerUi extends HTMLElement {
  connectedCallback(): void {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        void this.show();
      },
      { rootMargin: '400px' },
    );
    observer.observe(this);
  }

  private async show(): Promise<void> {
    await load(this.attribute('bundle-url'));
    const bundle = (globalThis as unknown as { SwaggerUIBundle: SwaggerUiBundle }).SwaggerUIBundle;
    const mount = document.createElement('div');
    this.append(mount);
    bundle({
      domNode: mount,
      url: this.attribute('document-url'),
      presets: [bundle.presets.apis],
      plugins: this.hasAttribute('folded')
        ? [bundle.plugins.DownloadUrl, withoutWebhooks]
        : [bundle.plugins.DownloadUrl],
      layout: 'BaseLayout',
      deepLinking: true,
      docExpansion: this.hasAttribute('folded') ? 'none' : 'list',
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      persistAuthorization: false,
      queryConfigEnabled: false,
      validatorUrl: null,
      onComplete: () => this.querySelector('[data-waiting]')?.remove(),
    });
  }

  private attribute(name: string): string {
    return this.getAttribute(name) ?? '';
  }
}

/** Webhooks are never folded and never virtual: hundreds of them, as GitHub has, stall the page for seconds. */
function withoutWebhooks(): object {
  return { components: { Webhooks: () => null } };
}

/** A classic script: the bundle is no module. */
function load(url: string): Promise<void> {
  const script = document.createElement('script');
  script.src = url;
  return new Promise((resolve, reject) => {
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(new Error(`${url} could not be loaded`)));
    document.head.append(script);
  });
}

customElements.define('swagger-ui', SwaggerUi);
