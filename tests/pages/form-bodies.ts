export type Pairs = readonly (readonly [name: string, value: string])[];

/** A way to write fields into the body of a request. */
export interface BodyWriter {
  /** Value of Content-Type; '' for none. */
  type: string;
  write(fields: Pairs): string;
}

const BOUNDARY = 'boundary-of-parts';

const urlencoded = (fields: Pairs): string =>
  new URLSearchParams(fields.map(([name, value]) => [name, value])).toString();

/** The same fields as browsers and programs send them; the last without any type, as `fetch` sends a plain blob. */
export const bodyWriters = {
  urlencoded: { type: 'application/x-www-form-urlencoded', write: urlencoded },
  multipart: { type: `multipart/form-data; boundary=${BOUNDARY}`, write: multipart },
  text: { type: 'text/plain', write: urlencoded },
  json: { type: 'application/json', write: (fields) => JSON.stringify(Object.fromEntries(fields)) },
  untyped: { type: '', write: urlencoded },
} as const satisfies Record<string, BodyWriter>;

/** Header and body of a request. */
export function bodyOf(writer: BodyWriter, fields: Pairs): { headers: Record<string, string>; body: string } {
  return { headers: writer.type === '' ? {} : { 'Content-Type': writer.type }, body: writer.write(fields) };
}

function multipart(fields: Pairs): string {
  const parts = fields.map(([name, value]) => {
    const escaped = name.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
    return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${escaped}"\r\n\r\n${value}\r\n`;
  });
  return `${parts.join('')}--${BOUNDARY}--\r\n`;
}
