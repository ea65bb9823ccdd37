import { isPatchbayError } from '../errors/patchbay-error.ts';

/** What is known of a session's writing requests. */
export interface WritingLog {
  /** True once one has been answered with success: what fails afterwards does not undo it. */
  readonly hasWritten: () => boolean;
  /** True once one may have reached the provider without our knowing what became of it, one still under way included. */
  readonly mayHaveWritten: () => boolean;
  /** Follows a writing request from the hand-over to its end; `answered` says that the service has taken it. */
  follow<Result>(write: (answered: () => void) => Promise<Result>): Promise<Result>;
}

/** Makes an empty log. */
export function createWritingLog(): WritingLog {
  let underWay = 0;
  let written = false;
  let uncertain = false;
  return {
    hasWritten: () => written,
    mayHaveWritten: () => uncertain || underWay > 0,
    async follow(write) {
      let known = false;
      underWay += 1;
      try {
        return await write(() => {
          known = true;
          written = true;
        });
      } catch (error) {
        if (!isPatchbayError(error)) uncertain ||= !known;
        else if (error.sent === 'maybe') uncertain = true;
        // The status was a success, and only what it came with cannot be read.
        else if (error.code === 'response_invalid' && error.sent === undefined) written = true;
        throw error;
      } finally {
        underWay -= 1;
      }
    },
  };
}
