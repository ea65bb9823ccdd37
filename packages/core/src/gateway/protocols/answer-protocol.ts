import type { HttpAnswer } from '../../connector/connector-http.ts';
import type { ProviderFault } from '../../connector/provider-answer.ts';
import type { Json } from '../../json/json.ts';

/** What {@link AnswerProtocol.parse} gives for a body that is not what it has to be. */
export const malformed = Symbol('malformed');

/** How the answers of a request are read, where it is not plain JSON over HTTP. */
export interface AnswerProtocol {
  /** The body as JSON; `undefined` where it is empty. */
  parse(answer: HttpAnswer): Json | undefined | typeof malformed;
  /** What it means as an error of the protocol, whatever the status is. Asked after the connector. */
  faultOf(body: Json | undefined, status: number): ProviderFault | undefined;
  /** True where any character of a text may be written as a reference, so that a secret shows only in what was parsed. @default false */
  readonly spellsFreely?: true;
}
