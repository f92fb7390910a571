/**
 * Requests that a proxy and the portal could read differently, byte by byte, and the status each gets (yardstick A26).
 * @param host the portal's, as in a Host header
 */
export function malformedRequests(host: string): [status: number, what: string, bytes: string][] {
  const get = (target: string, headers = ''): string =>
    `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}Connection: close\r\n\r\n`;
  const post = (headers: string, body: string): string =>
    `POST /theme HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\n${headers}Connection: close\r\n\r\n${body}`;
  const chunked = 'Transfer-Encoding: chunked\r\n';
  return [
    [400, 'no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    [400, 'two hosts', get('/', `Host: ${host}\r\n`)],
    [400, 'a host with a user', 'GET / HTTP/1.1\r\nHost: x@y\r\nConnection: close\r\n\r\n'],
    [421, 'a foreign host', 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'],
    [
      421,
      'a foreign host that is forwarded as ours',
      `GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: ${host}\r\nConnection: close\r\n\r\n`,
    ],
    [400, 'two cookies', get('/home', 'Cookie: gatehouse=a\r\nCookie: gatehouse=b\r\n')],
    [400, 'two origins', post(`Origin: http://${host}\r\nContent-Length: 0\r\n`, '')],
    [400, 'a length and chunks', post(`Content-Length: 5\r\n${chunked}`, '0\r\n\r\n')],
    [400, 'two lengths', post('Content-Length: 5\r\nContent-Length: 6\r\n', 'theme')],
    [400, 'a broken chunk', post(chunked, 'zz\r\n')],
    [400, 'a NUL in a header', get('/', 'X-A: \0\r\n')],
    [400, 'an encoded letter', get('/%6fwner')],
    [400, 'a letter encoded twice', get('/%256fwner')],
    [400, 'an encoded slash', get('/applications%2fnew')],
    [400, 'a doubled slash', get('//owner')],
    [400, 'a dot segment', get('/docs/../owner')],
    [400, 'a backslash', get('/\\owner')],
    [400, 'another site as target', get('http://evil.example/')],
    [405, 'a trace', `TRACE / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`],
    [405, 'a tunnel', `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`],
    [431, 'a header too large', get('/', `X-A: ${'x'.repeat(20_000)}\r\n`)],
  ];
}
