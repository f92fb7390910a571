/** Whether the stored restrictions of a key narrow it to scopes. What is damaged allows nothing, and so is narrow. */
export function hasScopes(restrictions: string): boolean {
  if (restrictions === '{}') return false;
  try {
    const read: unknown = JSON.parse(restrictions);
    return typeof read === 'object' && read !== null && 'scopes' in read;
  } catch {
    return true;
  }
}
