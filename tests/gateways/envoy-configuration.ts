import { z } from 'zod';

/** The options of Envoy's v3 API that the shipped file uses; an unknown one is refused, as Envoy does. */
const typed = <Shape extends z.ZodRawShape>(type: string, shape: Shape) =>
  z.strictObject({ '@type': z.literal(`type.googleapis.com/envoy.extensions.filters.${type}`), ...shape });

const filter = <Config extends z.ZodType>(name: string, config: Config) =>
  z.strictObject({ name: z.literal(`envoy.filters.${name}`), typed_config: config });

const patterns = z.strictObject({
  patterns: z.array(z.strictObject({ exact: z.string().regex(/^[a-z-]+$/) })).min(1),
});

const mutationFilter = filter(
  'http.header_mutation',
  typed('http.header_mutation.v3.HeaderMutation', {
    mutations: z.strictObject({
      request_mutations: z.array(
        z.strictObject({
          remove_on_match: z.strictObject({
            key_matcher: z.strictObject({ safe_regex: z.strictObject({ regex: z.string() }) }),
          }),
        }),
      ),
    }),
  }),
);

const authorisationFilter = filter(
  'http.ext_authz',
  typed('http.ext_authz.v3.ExtAuthz', {
    transport_api_version: z.literal('V3'),
    failure_mode_allow: z.literal(false),
    status_on_error: z.strictObject({ code: z.literal('ServiceUnavailable') }),
    allowed_headers: patterns,
    http_service: z.strictObject({
      server_uri: z.strictObject({
        uri: z.url(),
        cluster: z.literal('gatehouse'),
        timeout: z.string().regex(/^\d+s$/),
      }),
      path_prefix: z.literal('/verify/envoy'),
      authorization_request: z.strictObject({
        headers_to_add: z.array(z.strictObject({ key: z.string(), value: z.string() })),
      }),
      authorization_response: z.strictObject({
        allowed_upstream_headers: patterns,
        allowed_client_headers_on_success: patterns,
      }),
    }),
  }),
);

const routes = z.strictObject({
  virtual_hosts: z.tuple([
    z.strictObject({
      name: z.string(),
      domains: z.array(z.string()),
      request_headers_to_remove: z.array(z.string()),
      response_headers_to_remove: z.array(z.string()),
      routes: z.array(
        z.strictObject({
          match: z.strictObject({ prefix: z.string() }),
          route: z.strictObject({ cluster: z.string(), prefix_rewrite: z.string() }),
        }),
      ),
    }),
  ]),
});

const manager = typed('network.http_connection_manager.v3.HttpConnectionManager', {
  stat_prefix: z.string(),
  use_remote_address: z.literal(true),
  common_http_protocol_options: z.strictObject({ headers_with_underscores_action: z.literal('DROP_HEADER') }),
  // In this order: what a caller claims is gone before the verifier's answer is copied.
  http_filters: z.tuple([
    mutationFilter,
    authorisationFilter,
    filter('http.router', typed('http.router.v3.Router', {})),
  ]),
  route_config: routes,
});

const address = z.strictObject({
  socket_address: z.strictObject({ address: z.string(), port_value: z.number().int() }),
});

const cluster = z.strictObject({
  name: z.string(),
  connect_timeout: z.string(),
  load_assignment: z.strictObject({
    cluster_name: z.string(),
    endpoints: z.array(
      z.strictObject({ lb_endpoints: z.array(z.strictObject({ endpoint: z.strictObject({ address }) })) }),
    ),
  }),
});

const listener = z.strictObject({
  name: z.string(),
  address,
  filter_chains: z.tuple([z.strictObject({ filters: z.tuple([filter('network.http_connection_manager', manager)]) })]),
});

export const envoyConfiguration = z
  .strictObject({
    static_resources: z.strictObject({ listeners: z.tuple([listener]), clusters: z.array(cluster) }),
  })
  .transform(({ static_resources: { listeners, clusters } }) => {
    const found = listeners[0].filter_chains[0].filters[0].typed_config;
    const [mutation, authorisation] = found.http_filters;
    return {
      manager: found,
      clusters: clusters.map(({ name }) => name),
      mutation: mutation.typed_config.mutations.request_mutations,
      authorisation: authorisation.typed_config,
    };
  });
