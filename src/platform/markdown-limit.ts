/** Characters. Longer text is cut: it may come from an OpenAPI document that is not ours, and costs grow faster than length. */
export const MARKDOWN_MAX_LENGTH = 50_000;
