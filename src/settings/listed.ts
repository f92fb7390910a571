/** The entries of a comma-separated setting. */
export function listed(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Name and value of an entry such as `parcels=http://10.0.0.5:8000`. */
export function splitPair(entry: string): [string, string] {
  const at = entry.indexOf('=');
  return [entry.slice(0, at), entry.slice(at + 1)];
}
