/** Pure: code points, so that no script is at a disadvantage (NIST SP 800-63B 3.1.1.2). */
export function passwordLength(password: string): number {
  return Array.from(password.normalize('NFKC')).length;
}
