/** The part of Swagger UI's global that is used here; it ships no types. */
type SwaggerUiBundle = ((options: Record<string, unknown>) => unknown) & { presets: { apis: unknown } };

interface CallRequest {
  url: string;
  headers: Record<string, string>;
}

/** What `api-answer` tells of a call. */
export interface ApiAnswer {
  status: number;
  /** By lower-case name; Swagger UI makes a list of what has commas. */
  headers: Readonly<Record<string, string | readonly string[]>>;
  /** Parsed JSON, if it is some. */
  body: unknown;
}

interface CallResponse {
  url: string;
  status: number;
  headers?: ApiAnswer['headers'];
  obj?: unknown;
}

/**
 * Swagger UI for the document of one operation. Its bundle is loaded when the element comes into view, so that reading
 * costs nothing. A credential comes from the console around it and goes to the API alone; nothing is persisted.
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
    const styles = this.attribute('style-urls').split(' ').map(loadStyles);
    await Promise.all([...styles, load(this.attribute('bundle-url'))]);
    const bundle = (globalThis as unknown as { SwaggerUIBundle: SwaggerUiBundle }).SwaggerUIBundle;
    const mount = document.createElement('div');
    this.append(mount);
    const method = this.attribute('call-method');
    bundle({
      domNode: mount,
      url: this.attribute('document-url'),
      presets: [bundle.presets.apis],
      layout: 'BaseLayout',
      docExpansion: 'full',
      tryItOutEnabled: true,
      // It writes the methods that it knows in lower case, and all others as the document does.
      supportedSubmitMethods: [method, method.toLowerCase()],
      defaultModelsExpandDepth: -1,
      displayRequestDuration: true,
      persistAuthorization: false,
      queryConfigEnabled: false,
      validatorUrl: null,
      requestInterceptor: (request: CallRequest) => this.signed(request),
      responseInterceptor: (response: CallResponse) => this.announced(response),
      onComplete: () => this.querySelector('[data-waiting]')?.remove(),
    });
  }

  private signed(request: CallRequest): CallRequest {
    const token = this.closest('operation-console')?.querySelector<HTMLInputElement>('[data-token]')?.value.trim();
    if (token && this.isCall(request.url)) request.headers.Authorization = `Bearer ${token}`;
    return request;
  }

  private announced(response: CallResponse): CallResponse {
    const { status, headers = {}, obj: body } = response;
    if (this.isCall(response.url)) {
      const detail: ApiAnswer = { status, headers, body };
      this.dispatchEvent(new CustomEvent('api-answer', { bubbles: true, detail }));
    }
    return response;
  }

  private isCall(url: string): boolean {
    return url.startsWith(`${this.attribute('server-url')}/`);
  }

  private attribute(name: string): string {
    return this.getAttribute(name) ?? '';
  }
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

function loadStyles(url: string): Promise<void> {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = url;
  return new Promise((resolve, reject) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => reject(new Error(`${url} could not be loaded`)));
    document.head.append(link);
  });
}

customElements.define('swagger-ui', SwaggerUi);
