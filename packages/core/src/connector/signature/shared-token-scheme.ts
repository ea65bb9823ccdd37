/** The secret itself in a header (GitLab's `X-Gitlab-Token`, Google's channel token). It binds nothing: who has seen one request can make others. */
export interface HeaderTokenScheme {
  readonly kind: 'header-token';
  /** Lower-case header name. */
  readonly header: string;
  /** Text before the token, such as `Bearer `. */
  readonly prefix: string;
}

/**
 * The secret itself in the body, once in each item of a list (`clientState` of Microsoft Graph). It binds nothing; it is taken out of the body
 * before anybody sees or stores it.
 */
export interface BodyTokenScheme {
  readonly kind: 'body-token';
  /** Name of the list at the top of the body, such as `value`. Each of its items must hold the token, and there must be one. */
  readonly list: string;
  /** Name of the token's field in an item. */
  readonly field: string;
}

/** A token in a header. @default no prefix */
export function headerToken(options: { readonly header: string; readonly prefix?: string }): HeaderTokenScheme {
  return { kind: 'header-token', header: options.header.toLowerCase(), prefix: options.prefix ?? '' };
}

/** A token in each item of a list in the body. */
export function bodyToken(options: { readonly list: string; readonly field: string }): BodyTokenScheme {
  return { kind: 'body-token', ...options };
}
