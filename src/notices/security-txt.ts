import { CSAF_METADATA_PATH } from './csaf-provider.ts';

export const SECURITY_TXT_PATH = '/.well-known/security.txt';

const DAY_MS = 86_400_000;
/** RFC 9116 advises less than a year; who reads the file later than this reads it anew. */
const VALID_DAYS = 180;

/** `security.txt` (RFC 9116). The file is the same all day. */
export function securityTxt(contact: string, publicUrl: string, nowMs: number): string {
  const expiresAtMs = nowMs - (nowMs % DAY_MS) + VALID_DAYS * DAY_MS;
  const fields = [
    ['Contact', contact],
    ['Expires', new Date(expiresAtMs).toISOString().replace('.000', '')],
    ['Preferred-Languages', 'en'],
    ['Canonical', publicUrl + SECURITY_TXT_PATH],
    ['Policy', `${publicUrl}/guides/security-updates`],
    ['CSAF', publicUrl + CSAF_METADATA_PATH],
  ];
  return fields.map(([name = '', value = '']) => `${name}: ${value}\n`).join('');
}
