import type { MarkedToken, Token } from 'marked';

/** Is it the parser's own token of that kind? Extensions could bring others, and there are none here. */
export function isToken<Type extends MarkedToken['type']>(token: Token, type: Type): token is Extract<MarkedToken, { type: Type }> {
  return token.type === type;
}
